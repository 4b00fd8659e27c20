"""The clock of a question: owed, met, handed over, and the ladder that is climbed when nobody replies. [3.1] [3.7]"""

from datetime import date, datetime, timedelta

import pytest

from core import audit
from core.models import Setting
from core.selectors import forget_settings
from deadlines.enums import Cause, ObligationStatus
from deadlines.models import Escalation, Obligation
from deadlines.services import revise_obligation
from inquiries import services
from inquiries.models import Inquiry
from notifications.models import Message
from tests.appointments.conftest import NOW
from tests.conftest import Cast
from tests.factories import department, moment
from tests.inquiries.conftest import MOBILE, answer, ask, follow_up, pass_on, point_on

pytestmark = [pytest.mark.django_db, pytest.mark.clause("[3.1]"), pytest.mark.clause("[3.7]")]
# Asked on Wednesday 18, due on Friday 20.
FRIDAY, MONDAY, WEDNESDAY = (moment(f"2026-11-{day} 09:01") for day in (20, 23, 25))


def clock(inquiry: Inquiry) -> Obligation:
    inquiry.refresh_from_db()
    assert inquiry.obligation is not None
    return inquiry.obligation


def told(kind: str) -> set[str]:
    return set(Message.objects.filter(kind=kind).values_list("recipient", flat=True))


def climb(*moments: datetime) -> None:
    for now in moments:
        services.remind(now)


class TestOwed:
    def test_the_window_owes_a_reply_in_two_working_days(self) -> None:
        owed = clock(ask())
        assert (owed.status, owed.department, owed.last_day) == (ObligationStatus.OPEN, None, date(2026, 11, 20))
        assert (owed.clause, owed.round, owed.start) == ("[3.1]", 1, date(2026, 11, 18))

    @pytest.mark.parametrize("reply", [answer, point_on])
    def test_a_reply_meets_it_and_late_stays_late(self, reply: object, cast: Cast) -> None:
        inquiry = ask()
        reply(inquiry, cast.window_clerk, now=MONDAY)  # type: ignore[operator]
        met = clock(inquiry)
        assert (met.status, met.met_at, met.late_working_days) == (ObligationStatus.MET, MONDAY, 1)

    def test_a_withdrawn_question_is_owed_no_more(self) -> None:
        inquiry = ask()
        services.withdraw(inquiry_id=inquiry.pk, actor=audit.HOLDER, now=NOW)
        assert clock(inquiry).status == ObligationStatus.VOID

    def test_asking_again_is_owed_anew_and_the_first_round_stays_met(self, cast: Cast) -> None:
        inquiry = answer(ask(), cast.window_clerk)
        first = clock(inquiry)
        follow_up(inquiry, now=MONDAY)
        second = clock(inquiry)
        first.refresh_from_db()
        assert (first.status, first.round) == (ObligationStatus.MET, 1)
        assert (second.status, second.round, second.last_day) == (ObligationStatus.OPEN, 2, date(2026, 11, 25))

    def test_a_department_owes_by_the_same_day_and_so_does_the_window_again(self, cast: Cast) -> None:
        inquiry = ask()
        Setting.objects.create(key="question_working_days", value="5")
        forget_settings()
        tomorrow = NOW + timedelta(days=1)
        to = department("市税务局")
        services.pass_to_department(
            inquiry_id=inquiry.pk, department_id=to.pk, note="", actor=cast.window_clerk, now=tomorrow
        )
        passed = clock(inquiry)
        assert (passed.department, passed.last_day) == (to, date(2026, 11, 20))
        services.hand_back(inquiry_id=inquiry.pk, reason="非本部门", actor=cast.department_staff, now=tomorrow)
        back = clock(inquiry)
        assert (back.department, back.last_day) == (None, date(2026, 11, 20))
        assert Obligation.objects.open().count() == 1

    def test_what_a_department_answered_is_met_as_its_own(self, cast: Cast) -> None:
        inquiry = answer(pass_on(ask(), cast), cast.department_staff)
        assert clock(inquiry).status == ObligationStatus.MET
        assert not Obligation.objects.open().exists()


class TestLadder:
    def test_the_window_is_reminded_then_the_inspection_office_learns(self, cast: Cast) -> None:
        ask()
        climb(FRIDAY)
        assert {"window_clerk", "bureau_staff", "bureau_supervisor"} <= told("inquiry_due")
        assert "inspector" not in told("inquiry_due")
        climb(MONDAY, WEDNESDAY)
        assert {"inspector", "inspection_approver"} <= told("inquiry_due")

    def test_a_department_is_reminded_of_what_was_passed_to_it(self, cast: Cast) -> None:
        pass_on(ask(), cast)
        climb(FRIDAY)
        assert told("inquiry_due") == {"department_staff", "department_head"}

    def test_each_step_is_taken_once_however_often_the_job_runs(self, cast: Cast) -> None:
        ask()
        climb(FRIDAY)
        sent, steps = Message.objects.count(), Escalation.objects.count()
        climb(FRIDAY, FRIDAY + timedelta(minutes=5))
        assert (Message.objects.count(), Escalation.objects.count()) == (sent, steps)

    def test_nobody_is_reminded_of_what_was_answered_or_withdrawn(self, cast: Cast) -> None:
        answer(ask(), cast.window_clerk)
        services.withdraw(inquiry_id=ask().pk, actor=audit.HOLDER, now=NOW)
        climb(FRIDAY, MONDAY, WEDNESDAY)
        assert not told("inquiry_due")

    def test_a_day_that_a_new_calendar_moved_is_told_to_the_asker_once(self) -> None:
        inquiry = ask()
        revise_obligation(
            obligation_id=clock(inquiry).pk,
            cause=Cause.CALENDAR,
            actor=audit.SYSTEM,
            now=NOW,
            reason="放假安排调整",
            due=date(2026, 11, 24),
        )
        climb(FRIDAY, FRIDAY)
        (message,) = Message.objects.filter(kind="inquiry_due_moved")
        assert message.recipient == MOBILE
        assert "2026年11月24日（周二）" in message.text
