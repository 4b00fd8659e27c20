"""What a follow-up does, tells, refuses, and keeps from departments. [3.9] [5.2]"""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from appointments.models import Booking
from cases.enums import CaseStatus, Outcome
from cases.models import Case, Closing
from cases.services import Parts
from core.errors import AlreadyDone, Refused
from core.models import AuditEntry, User
from core.services import change_setting
from core.workdays import due_date
from deadlines.models import Obligation
from evaluations import services
from evaluations.models import FollowUp, FollowUpReason, Referral
from evaluations.selectors_followups import calls_of, origin_for, told_to_enterprise
from notifications.models import Message
from tests.cases.conftest import close_at_once, working_day
from tests.conftest import Cast
from tests.evaluations.followup_steps import (
    FINDING,
    approve,
    assign,
    call,
    confirm,
    follow,
    later,
    look,
    opened_on,
    propose,
    reject,
    reveal,
    send_back,
    unrectified,
)
from tests.factories import department

pytestmark = [pytest.mark.django_db, pytest.mark.clause("[3.9]")]
SAME_START = True
NOTE = "评价不满意：退税没到账"


def refused(act: Any) -> tuple[str, str | None]:
    with pytest.raises(Refused) as refusal:
        act()
    return refusal.value.code, refusal.value.field


def told(kind: str) -> set[str]:
    return set(Message.objects.filter(kind=kind).values_list("recipient", flat=True))


class TestAssigning:
    def test_it_keeps_its_day_and_is_the_persons(self, closed: Case, cast: Cast) -> None:
        row = follow(closed)
        day = row.obligation.last_day
        assign(row, cast.bureau_supervisor, cast.bureau_staff, now=working_day(14))
        row.refresh_from_db()
        assert (row.assigned_to, row.due) == (cast.bureau_staff, day)
        assert row.obligation.handler == cast.bureau_staff
        assert told("follow_up_opened") == {"bureau_supervisor"}
        assert told("follow_up_assigned") == {"bureau_staff"}

    def test_to_the_other_office_it_is_owed_there_by_the_same_day(self, bureaus: FollowUp, cast: Cast) -> None:
        day = bureaus.due
        row = assign(bureaus, cast.inspector, cast.inspector, now=working_day(15))
        assert (row.office, row.due, row.obligation.department.name) == ("inspection", day, "市政府办公室督查科")
        assert row.obligation.start == opened_on().date()
        assert told("follow_up_taken") == {"bureau_staff"}
        owed = Obligation.objects.filter(owner=f"evaluations.followup:{row.pk}")
        assert sorted(owed.values_list("status", flat=True)) == ["open", "void"]

    def test_whom_it_was_taken_from_no_longer_works_on_it(self, bureaus: FollowUp, cast: Cast) -> None:
        assign(bureaus, cast.inspector, cast.inspector)
        for verb in (call, reveal, look, confirm):
            with pytest.raises(PermissionDenied):
                verb(bureaus, cast.bureau_staff)

    def test_the_bureau_names_only_its_own_people(self, closed: Case, cast: Cast) -> None:
        with pytest.raises(PermissionDenied):
            assign(follow(closed), cast.bureau_supervisor, cast.inspector)

    @pytest.mark.parametrize("person", ["department_head", "window_clerk", "leader"])
    def test_to_whom_cannot_follow_up_it_is_refused(self, person: str, closed: Case, cast: Cast) -> None:
        row = follow(closed)
        assert refused(lambda: assign(row, cast.inspector, cast[person])) == ("cannot_follow_up", "assignee")

    def test_to_nobody_or_who_left_it_is_refused(self, closed: Case, cast: Cast) -> None:
        row = follow(closed)
        assert refused(lambda: assign(row, cast.inspector, User(pk=0)))[0] == "cannot_follow_up"
        cast.bureau_staff.is_active = False
        cast.bureau_staff.save()
        assert refused(lambda: assign(row, cast.inspector, cast.bureau_staff))[0] == "cannot_follow_up"

    def test_to_who_closed_it_it_is_refused(self, closed: Case, cast: Cast) -> None:
        row = follow(closed)
        assert refused(lambda: assign(row, cast.inspector, cast.bureau_supervisor)) == ("their_own", "assignee")

    def test_what_the_bureau_handled_is_no_bureaus_to_look_at(self, closed: Case, cast: Cast) -> None:
        part = closed.assignments.get()
        part.department = department("市政务服务局")
        part.save()
        row = follow(closed)
        assert refused(lambda: assign(row, cast.inspector, cast.bureau_staff)) == ("their_own", "assignee")
        with pytest.raises(PermissionDenied):
            assign(row, cast.bureau_supervisor, cast.bureau_staff)

    def test_twice_to_the_same_is_already_done(self, bureaus: FollowUp, cast: Cast) -> None:
        with pytest.raises(AlreadyDone):
            assign(bureaus, cast.bureau_supervisor, cast.bureau_staff)


class TestCalls:
    def test_each_outcome_is_kept_and_the_list_waits_for_what_was_agreed(
        self, bureaus: FollowUp, closed: Case, cast: Cast
    ) -> None:
        again = later() + timedelta(days=2)
        call(bureaus, cast.bureau_staff, "not_reached", note="")
        call(bureaus, cast.bureau_staff, "call_again", again_at=again)
        assert list(bureaus.calls.values_list("outcome", "again_at")) == [("not_reached", None), ("call_again", again)]
        bureaus.refresh_from_db()
        assert bureaus.call_again_at == again
        call(bureaus, cast.bureau_staff, "reached", now=again)
        bureaus.refresh_from_db()
        assert bureaus.call_again_at is None

    def test_list_is_due_first_and_what_waits_last(self, inspections: FollowUp, closed: Case, cast: Cast) -> None:
        send_back(inspections, cast.inspector)
        mine = [
            assign(follow(closed, round=round, now=working_day(day)), cast.inspector, cast.inspector)
            for round, day in ((2, 14), (1, 13))
        ]
        assert list(calls_of(cast.inspector, later())) == mine[::-1]
        call(mine[1], cast.inspector, "call_again", again_at=later() + timedelta(days=2))
        assert list(calls_of(cast.inspector, later())) == mine
        assert list(calls_of(cast.bureau_staff, later())) == []

    @pytest.mark.parametrize("again_at", [None, timedelta(0), -timedelta(hours=1)])
    def test_to_call_again_needs_a_time_to_come(self, again_at: Any, bureaus: FollowUp, cast: Cast) -> None:
        at = later() + again_at if again_at is not None else None
        act = lambda: call(bureaus, cast.bureau_staff, "call_again", again_at=at)  # noqa: E731
        assert refused(act) == ("no_time", "again_at")

    def test_an_outcome_nobody_knows_is_refused(self, bureaus: FollowUp, cast: Cast) -> None:
        assert refused(lambda: call(bureaus, cast.bureau_staff, "busy")) == ("no_outcome", "outcome")

    def test_a_look_at_the_number_leaves_a_trace_with_its_reason(self, bureaus: FollowUp, cast: Cast) -> None:
        assert reveal(bureaus, cast.bureau_staff).mobile
        entry = AuditEntry.objects.get(action="reveal_for_follow_up")
        assert (entry.user, entry.reason) == (cast.bureau_staff, "电话回访")
        act = lambda: services.reveal_for_follow_up(  # noqa: E731
            follow_up_id=bureaus.pk, reason=" ", actor=cast.bureau_staff
        )
        assert refused(act) == ("no_reason", "reason")


class TestAuthor:
    """Who rated how is seen by the inspection office, and of the bureau by whom it is assigned to. [5.2]"""

    def test_until_it_is_assigned_nobody_of_the_bureau_sees_why(self, closed: Case, cast: Cast) -> None:
        row = follow(closed, note=NOTE)
        for person in ("bureau_staff", "bureau_supervisor"):
            with pytest.raises(PermissionDenied):
                look(row, cast[person])
        assert str(origin_for(row, sees_author=False)) == "诊后评价"

    def test_each_look_leaves_a_trace(self, bureaus: FollowUp, cast: Cast) -> None:
        for person in ("bureau_staff", "inspector"):
            assert [reason.get_origin_display() for reason in look(bureaus, cast[person])] == ["评价不满意"]
        looks = AuditEntry.objects.filter(action="look_at_author").values_list("user__username", flat=True)
        assert list(looks.order_by("id")) == ["bureau_staff", "inspector"]

    def test_a_rating_that_is_none_reads_like_one(self, closed: Case) -> None:
        row = follow(closed, "sample", "system")
        assert str(origin_for(row, sees_author=False)) == "诊后评价"
        assert str(origin_for(row, sees_author=True)) == "未评价抽查"

    def test_a_look_at_what_is_gone_is_refused(self, cast: Cast) -> None:
        assert refused(lambda: services.look_at_author(follow_up_id=1, actor=cast.inspector))[0] == "gone"


class TestDeciding:
    def test_confirmed_it_is_over_and_the_enterprise_is_told(self, bureaus: FollowUp, cast: Cast) -> None:
        row = confirm(bureaus, cast.bureau_staff)
        assert (row.status, row.finding, row.decided_by, row.decided_at) == (
            "confirmed",
            FINDING,
            cast.bureau_staff,
            later(),
        )
        row.obligation.refresh_from_db()
        assert (row.obligation.status, row.obligation.late_working_days) == ("met", 0)
        (message,) = Message.objects.filter(kind="follow_up_decided")
        assert "核实无误" in message.text
        assert not told("follow_up_unrectified")
        assert row.case.status == CaseStatus.CLOSED

    def test_sent_back_a_round_begins_and_the_departments_hear_the_finding_alone(
        self, closed: Case, cast: Cast
    ) -> None:
        row = assign(follow(closed, note=NOTE), cast.bureau_supervisor, cast.bureau_staff)
        send_back(row, cast.bureau_staff)
        closed.refresh_from_db()
        assert (closed.status, closed.round, closed.start) == (CaseStatus.HANDLING, 2, later().date())
        said = Message.objects.filter(recipient__in=["department_staff", "department_head"], created_at__isnull=False)
        again = said.filter(kind="case_assigned_again")
        assert again.count() == 2
        assert all(FINDING in message.text for message in again)
        assert not any("评价" in message.text or NOTE in message.text for message in said)
        assert Message.objects.filter(kind="case_reopened").count() == 1
        assert not Message.objects.filter(kind="follow_up_decided").exists()

    def test_sent_back_to_others_they_handle_it(self, closed: Case, cast: Cast, inspections: FollowUp) -> None:
        send_back(inspections, cast.inspector, parts=Parts(department("市统计局").pk))
        assert closed.assignments.get(round=2).department.name == "市统计局"

    def test_closed_at_the_table_its_departments_must_be_named(self, booking: Booking, cast: Cast) -> None:
        case = close_at_once(booking, cast.department_head, Outcome.EXPLAINED)
        row = follow(case, "inspector", cast.inspector, assigned_to=cast.inspector.pk)
        assert refused(lambda: send_back(row, cast.inspector)) == ("no_department", "lead")
        row.refresh_from_db()
        assert row.is_open
        assert send_back(row, cast.inspector, parts=Parts(department("市税务局").pk)).status == "sent_back"

    def test_unrectified_departments_and_enterprise_are_told(self, bureaus: FollowUp, cast: Cast) -> None:
        unrectified(bureaus, cast.bureau_staff)
        assert told("follow_up_unrectified") == {"department_staff", "department_head"}
        assert "无整改成效" in Message.objects.get(kind="follow_up_decided").text
        assert not Message.objects.filter(kind="follow_up_unrectified", text__contains="评价").exists()

    @pytest.mark.parametrize("verb", [confirm, send_back, unrectified])
    def test_without_a_finding_it_is_refused(self, verb: Any, bureaus: FollowUp, cast: Cast) -> None:
        assert refused(lambda: verb(bureaus, cast.bureau_staff, finding=" ")) == ("no_finding", "finding")

    def test_what_is_still_handled_is_not_sent_back(self, case: Case, cast: Cast) -> None:
        row = follow(case, "inspector", cast.inspector, assigned_to=cast.inspector.pk)
        assert refused(lambda: send_back(row, cast.inspector))[0] == "still_handled"
        assert confirm(row, cast.inspector).status == "confirmed"

    def test_an_earlier_round_is_not_sent_back(self, inspections: FollowUp, closed: Case, cast: Cast) -> None:
        send_back(inspections, cast.inspector)
        row = follow(closed, "unsatisfied", round=1)
        assert row.round == 1
        assign(row, cast.bureau_supervisor, cast.bureau_staff)
        assert refused(lambda: send_back(row, cast.bureau_staff))[0] == "past_round"
        assert unrectified(row, cast.bureau_staff).status == "unrectified"

    def test_who_closed_it_meanwhile_does_not_decide(self, case: Case, cast: Cast) -> None:
        """Assigned while it was handled; the bureau's supervisor closed it then."""
        row = assign(follow(case), cast.inspector, cast.bureau_supervisor)
        Closing.objects.create(
            case=case, round=1, start=case.start, result="solved", answer="已办。", closed_at=later(),
            closed_by=cast.bureau_supervisor,
        )  # fmt: skip
        with pytest.raises(PermissionDenied):
            confirm(row, cast.bureau_supervisor)

    def test_late_it_stays_late(self, bureaus: FollowUp, cast: Cast) -> None:
        confirm(bureaus, cast.bureau_staff, now=working_day(23))
        bureaus.obligation.refresh_from_db()
        assert bureaus.obligation.late_working_days == 2

    def test_after_a_decision_the_next_reason_opens_another(self, bureaus: FollowUp, closed: Case, cast: Cast) -> None:
        confirm(bureaus, cast.bureau_staff)
        assert follow(closed, "inspector", cast.inspector).pk != bureaus.pk

    def test_the_database_refuses_a_second_open_one_and_a_decision_without_its_finding(
        self, bureaus: FollowUp, closed: Case
    ) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            FollowUp.objects.create(case=closed, round=1, origin="sample", status="open", office="bureau")
        with pytest.raises(IntegrityError), transaction.atomic():
            FollowUp.objects.create(case=closed, round=1, origin="sample", status="confirmed", office="bureau")


class TestReporting:
    """反映办理问题, from the enterprise's own page."""

    def report(self, case: Case, text: str = "没人联系", token: str = "1", now: Any = None) -> FollowUp:  # noqa: S107
        return services.report_problem(case_id=case.pk, text=text, submission=token, now=now or opened_on())

    def test_it_goes_to_the_inspection_office_at_any_stage(self, case: Case, cast: Cast) -> None:
        row = self.report(case, now=working_day(1))
        assert (row.office, row.origin, row.round) == ("inspection", "reported", 1)
        assert told("follow_up_opened") == {"inspector", "inspection_approver"}
        assert [reason.note for reason in told_to_enterprise(case)[0].reports] == ["没人联系"]

    def test_it_joins_the_open_one_and_whoever_has_it_hears_so(self, bureaus: FollowUp, closed: Case) -> None:
        assert self.report(closed).pk == bureaus.pk
        assert told("follow_up_joined") == {"bureau_staff"}

    def test_a_second_press_sends_nothing(self, case: Case) -> None:
        self.report(case)
        assert refused(lambda: self.report(case))[0] == "already_done"
        assert FollowUpReason.objects.count() == 1

    def test_other_words_from_the_same_page_are_another(self, case: Case) -> None:
        self.report(case)
        self.report(case, "还是没人联系")
        assert FollowUpReason.objects.count() == 2

    def test_too_many_within_an_hour_are_refused(self, case: Case) -> None:
        for token in "123":
            self.report(case, token=token)
        assert refused(lambda: self.report(case, token="4"))[0] == "too_often"
        self.report(case, token="4", now=opened_on() + timedelta(hours=1))

    def test_without_words_it_is_refused(self, case: Case) -> None:
        assert refused(lambda: self.report(case, " \n")) == ("no_text", "text")


class TestReferral:
    @pytest.fixture
    def row(self, inspections: FollowUp, cast: Cast) -> FollowUp:
        return unrectified(inspections, cast.inspector)

    def test_only_the_inspection_office_hears_of_it(self, row: FollowUp, cast: Cast) -> None:
        before = set(Message.objects.values_list("pk", flat=True))
        approve(propose(row, cast.inspector), cast.inspection_approver)
        said = Message.objects.exclude(pk__in=before)
        assert {(message.kind, message.recipient) for message in said} == {
            ("referral_proposed", "inspection_approver"),
            ("referral_decided", "inspector"),
        }

    def test_rejected_it_says_why_and_can_be_proposed_anew(self, row: FollowUp, cast: Cast) -> None:
        first = propose(row, cast.inspector)
        assert refused(lambda: reject(first, cast.inspection_approver, " ")) == ("no_note", "note")
        reject(first, cast.inspection_approver)
        assert propose(row, cast.inspector).pk != first.pk

    def test_a_second_one_beside_a_standing_one_is_already_done(self, row: FollowUp, cast: Cast) -> None:
        propose(row, cast.inspector)
        with pytest.raises(AlreadyDone):
            propose(row, cast.inspector)

    def test_who_proposed_it_does_not_approve_it_in_another_role_either(self, row: FollowUp, cast: Cast) -> None:
        referral = propose(row, cast.inspector)
        cast.inspector.membership.role = "inspection_approver"
        cast.inspector.membership.save()
        promoted = User.objects.get(pk=cast.inspector.pk)
        for verb in (approve, reject):
            with pytest.raises(PermissionDenied):
                verb(referral, promoted)
        with pytest.raises(IntegrityError), transaction.atomic():
            Referral.objects.filter(pk=referral.pk).update(status="approved", decided_by=promoted, decided_at=later())

    @pytest.mark.parametrize(("field", "code"), [("facts", "no_facts"), ("opinion", "no_opinion")])
    def test_without_its_texts_it_is_refused(self, field: str, code: str, row: FollowUp, cast: Cast) -> None:
        texts = {"facts": "两次核实。", "opinion": "建议核查。"} | {field: " "}
        act = lambda: services.propose_referral(  # noqa: E731
            follow_up_id=row.pk, actor=cast.inspector, now=later(), **texts
        )
        assert refused(act) == (code, field)


def test_ten_working_days_are_a_setting_that_moves_no_open_one(closed: Case, cast: Cast) -> None:
    row = follow(closed)
    change_setting(key="follow_up_working_days", value="5", actor=cast.bureau_supervisor, reason="试行")
    row.refresh_from_db()
    assert row.due == due_date(opened_on().date(), 10).due


def test_the_ladder_reminds_whom_it_is_assigned_to_and_never_a_department(bureaus: FollowUp, cast: Cast) -> None:
    assert services.remind_of_follow_ups(working_day(19).replace(hour=9, minute=1)) == 1
    assert told("deadline_step") == {"bureau_staff"}
    services.remind_of_follow_ups(working_day(25))
    assert not told("deadline_step") & {"department_staff", "department_head"}
    assert {"inspector", "bureau_supervisor"} <= told("deadline_step")
