"""What case systems get wrong with their clocks, a test each: deadlines.md, “Tests to have” 4 and 5. [3.7]"""

from collections import Counter
from datetime import date, datetime, timedelta

import pytest
import time_machine

from cases import services
from cases.models import Case
from cases.tasks import remind_of_deadlines
from core.models import CalendarDay
from core.workdays import due_date
from deadlines.models import Escalation, Obligation, Timer
from notifications.models import Message
from sessions_app.models import Sitting
from tests.appointments.conftest import accept, confirm, take
from tests.cases.conftest import (
    DAY,
    LEAD,
    SEEN,
    accept_feedback,
    close,
    give_feedback,
    hand_over,
    handled,
    make_plan,
    part,
    return_feedback,
    working_day,
)
from tests.conftest import Cast
from tests.factories import department

pytestmark = [pytest.mark.clause("[3.7]"), pytest.mark.django_db]


def sweep(now: datetime) -> None:
    with time_machine.travel(now, tick=False):
        remind_of_deadlines()


def steps() -> list[Message]:
    return list(Message.objects.filter(kind="deadline_step").order_by("pk"))


def walk(start: date, working_days: int) -> date:
    """Day by day, as a person would count on the wall calendar."""
    day = start
    while working_days:
        day += timedelta(days=1)
        working_days -= CalendarDay.objects.get(date=day).is_working
    return day


@pytest.mark.parametrize("start", [date(2026, 2, 12), date(2026, 4, 29), date(2026, 9, 24)])
def test_no_limit_is_shortened_by_a_holiday(start: date, sitting: Sitting, cast: Cast) -> None:
    """The Spring Festival, Labour Day, and the week of National Day lie inside."""
    booking = accept(confirm(take(sitting, 1)), cast.bureau_staff)
    services.hand_over(
        booking_id=booking.pk,
        parts=services.Parts(department(LEAD).pk),
        points="x",
        day=start,
        actor=cast.bureau_staff,
        now=SEEN,
    )
    for kind, length in (("plan", 5), ("feedback", 15)):
        assert Obligation.objects.get(kind=kind, owner__startswith="cases").last_day == walk(start, length)


def test_a_reminder_does_not_need_the_job_to_run_on_its_very_day(case: Case, cast: Cast) -> None:
    sweep(working_day(4))
    assert {message.recipient for message in steps()} == {"department_staff"}


def test_nobody_is_told_at_midnight(case: Case, cast: Cast) -> None:
    for hour in (0, 3, 8, 18, 23):
        sweep(working_day(5).replace(hour=hour))
    assert not steps()
    assert set(Timer.objects.values_list("fire_at__hour", flat=True)) == {9}


def test_a_week_without_sweeps_is_caught_up_oldest_first_without_a_flood(sitting: Sitting, cast: Cast) -> None:
    cases = [hand_over(accept(confirm(take(sitting, n)), cast.bureau_staff), cast.bureau_staff) for n in range(1, 6)]
    make_plan(part(cases[0]), cast.department_staff)
    sweep(working_day(9))
    # Four plans were missed at all four steps: each is told once, to each of those it reaches.
    told = Counter((message.recipient, message.subject) for message in steps())
    assert set(told.values()) == {1}
    assert len({subject for _recipient, subject in told}) == 4
    assert {len(row.levels) for row in Escalation.objects.all()} == {4}
    order = list(Escalation.objects.order_by("pk").values_list("timer__fire_at", "obligation_id"))
    assert order == sorted(order)
    sweep(working_day(9) + timedelta(hours=1))
    assert len(steps()) == sum(told.values())


def test_a_closed_case_is_never_escalated(case: Case, cast: Cast) -> None:
    handled(case, cast)
    sweep(working_day(30))
    assert not steps()


def test_what_is_done_is_not_reminded_of_while_it_is_checked_and_again_when_returned(case: Case, cast: Cast) -> None:
    make_plan(part(case), cast.department_staff)
    give_feedback(part(case), cast.department_staff, now=working_day(8))
    sweep(working_day(9))
    assert not [message for message in steps() if "反馈办理情况" in message.text]
    return_feedback(part(case), cast.bureau_staff, now=working_day(9))
    sweep(working_day(15))
    assert [message.recipient for message in steps() if "反馈办理情况" in message.text] == ["department_staff"]


def test_lateness_is_lost_neither_on_return_nor_on_closing(case: Case, cast: Cast) -> None:
    make_plan(part(case), cast.department_staff, now=working_day(7), day=due_date(DAY, 12).due)
    give_feedback(part(case), cast.department_staff, now=working_day(18))
    return_feedback(part(case), cast.bureau_staff, now=working_day(19))
    give_feedback(part(case), cast.department_staff, now=working_day(20))
    accept_feedback(part(case), cast.bureau_staff, now=working_day(20))
    close(case, cast.bureau_supervisor, now=working_day(20))
    late = dict(Obligation.objects.filter(department__name=LEAD).values_list("kind", "late_working_days"))
    assert {kind: late[kind] for kind in ("plan", "feedback")} == {"plan": 2, "feedback": 3}
