"""What is promised for a day after the feedback's: owed by itself, moved, done, sent back, never talked away. [3.7]"""

from datetime import date

import pytest

from cases import services
from cases.enums import Result
from cases.models import Assignment, Case
from cases.tasks import remind_of_deadlines
from core.errors import Refused
from core.workdays import due_date
from deadlines.models import Obligation
from notifications.models import Message
from tests.cases.conftest import (
    DAY,
    accept_feedback,
    ask_extension,
    close,
    give_feedback,
    grant,
    make_plan,
    part,
    plan,
    return_feedback,
    working_day,
)
from tests.conftest import Cast

pytestmark = [pytest.mark.clause("[3.7]"), pytest.mark.django_db]
SAME_START = True


def day_number(number: int) -> date:
    return due_date(DAY, number).due


def promised() -> Obligation:
    return Obligation.objects.exclude(status="void").get(kind="committed")


@pytest.fixture
def planned(case: Case, cast: Cast) -> Assignment:
    """Promised for the 40th working day."""
    return make_plan(part(case), cast.department_staff, day=day_number(40), why_later="需列入下年预算")


def change_plan(assignment: Assignment, cast: Cast, number: int, *, today: int, why_later: str = "预算未批") -> None:
    services.change_plan(
        assignment_id=assignment.pk,
        plan=plan(cast.department_staff, day=day_number(number), why_later=why_later),
        reason="预算变动",
        actor=cast.department_staff,
        now=working_day(today),
    )


@pytest.fixture
def partly(planned: Assignment, cast: Cast) -> Assignment:
    """Answered in time and accepted, with the rest still to come."""
    give_feedback(planned, cast.department_staff, result=Result.PARTLY)
    accept_feedback(planned, cast.bureau_staff)
    return planned


def test_a_promise_begins_on_the_day_that_was_promised(planned: Assignment) -> None:
    row = promised()
    assert (row.last_day, row.original_day, row.working_days) == (day_number(40), day_number(40), 40)
    assert row.revisions.count() == 1


def test_a_promise_is_no_moved_date_to_tell_of(planned: Assignment, cast: Cast) -> None:
    remind_of_deadlines()
    assert not Message.objects.filter(kind="deadline_moved").exists()


def test_a_promise_that_is_moved_keeps_its_first_day(planned: Assignment, cast: Cast) -> None:
    change_plan(planned, cast, 50, today=10)
    assert (promised().last_day, promised().original_day) == (day_number(50), day_number(40))


def test_a_promise_that_was_late_when_it_was_moved_stays_late(planned: Assignment, cast: Cast) -> None:
    change_plan(planned, cast, 50, today=43)
    give_feedback(planned, cast.department_staff, now=working_day(44))
    assert (promised().status, promised().late_working_days, promised().late_working_days_original) == ("met", 3, 4)


def test_a_late_promise_does_not_vanish_behind_an_extension(case: Case, cast: Cast) -> None:
    planned = make_plan(part(case), cast.department_staff, day=day_number(18), why_later="需会签")
    grant(ask_extension(planned, cast.department_staff, days=30), cast.bureau_supervisor, days=30)
    change_plan(planned, cast, 25, today=21, why_later="")
    assert (promised().status, promised().last_day, promised().late_working_days) == ("open", day_number(25), 3)


def test_what_solves_ends_the_promise_and_sent_back_it_is_owed_again(planned: Assignment, cast: Cast) -> None:
    give_feedback(planned, cast.department_staff)
    assert promised().status == "met"
    return_feedback(planned, cast.bureau_staff)
    assert (promised().status, promised().last_day) == ("open", day_number(41))


def test_who_closes_cannot_call_solved_what_the_department_has_not(partly: Assignment, case: Case, cast: Cast) -> None:
    with pytest.raises(Refused, match="promised_later"):
        close(case, cast.bureau_supervisor, result=Result.SOLVED)


def test_what_was_promised_is_reported_checked_and_closed(partly: Assignment, case: Case, cast: Cast) -> None:
    give_feedback(partly, cast.department_staff, now=working_day(42))
    assert (promised().status, promised().late_working_days) == ("met", 2)
    assert part(case).status == "checking"
    accept_feedback(partly, cast.bureau_staff, now=working_day(43))
    assert close(case, cast.bureau_supervisor, now=working_day(43)).status == "closed"


def test_a_report_that_is_sent_back_reopens_the_promise_alone(partly: Assignment, case: Case, cast: Cast) -> None:
    give_feedback(partly, cast.department_staff, now=working_day(39))
    return_feedback(partly, cast.bureau_staff, now=working_day(40))
    assert (promised().status, promised().last_day) == ("open", day_number(42))
    assert Obligation.objects.get(kind="feedback").status == "met"
    give_feedback(partly, cast.department_staff, now=working_day(42))
    accept_feedback(partly, cast.bureau_staff, now=working_day(43))
    assert (promised().status, promised().late_working_days) == ("met", 0)
    assert part(case).status == "done"


def test_nothing_more_is_reported_where_nothing_is_promised(case: Case, cast: Cast) -> None:
    make_plan(part(case), cast.department_staff)
    give_feedback(part(case), cast.department_staff)
    accept_feedback(part(case), cast.bureau_staff)
    with pytest.raises(Refused, match="wrong_status"):
        give_feedback(part(case), cast.department_staff)


def test_listed_for_the_long_term_a_late_promise_was_late(partly: Assignment, case: Case, cast: Cast) -> None:
    later = day_number(60)
    close(case, cast.bureau_supervisor, result=Result.LONG_TERM, next_report_on=later, now=working_day(43))
    row = Obligation.objects.get(kind="committed")
    assert (row.status, row.late_working_days) == ("void", 3)
