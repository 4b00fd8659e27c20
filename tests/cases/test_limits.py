"""A plan in 5 working days, feedback in 15 or 20, from the consultation on; what moves a limit and what not. [3.7]"""

from datetime import timedelta

import pytest

from appointments.models import Booking
from cases import services
from cases.models import Case
from core.errors import Refused
from core.workdays import due_date
from deadlines.models import Obligation
from tests.cases.conftest import (
    DAY,
    LEAD,
    OTHER,
    SEEN,
    ask_extension,
    give_feedback,
    grant,
    hand_over,
    make_plan,
    part,
    return_feedback,
    working_day,
)
from tests.conftest import Cast
from tests.factories import department

pytestmark = [pytest.mark.clause("[3.7]"), pytest.mark.django_db]
SAME_START = True


def owed(case: Case, kind: str, name: str = LEAD) -> Obligation:
    return Obligation.objects.get(owner=f"cases.case:{case.pk}", kind=kind, department__name=name)


def days(obligation: Obligation) -> tuple[int, bool]:
    """Its length, and whether it ends on that working day after the consultation."""
    return obligation.working_days, obligation.last_day == due_date(DAY, obligation.working_days).due


def test_single_department_owes_a_plan_in_5_and_feedback_in_15(case: Case) -> None:
    assert days(owed(case, "plan")) == (5, True)
    assert days(owed(case, "feedback")) == (15, True)
    assert not Obligation.objects.filter(kind="division").exists()


def test_joint_departments_owe_feedback_in_20_and_the_lead_the_division_in_5(joint: Case) -> None:
    for name in (LEAD, OTHER):
        assert days(owed(joint, "plan", name)) == (5, True)
        assert days(owed(joint, "feedback", name)) == (20, True)
    assert days(owed(joint, "division")) == (5, True)
    assert Obligation.objects.filter(kind="division").count() == 1


def test_slow_hand_over_does_not_move_a_limit(booking: Booking, cast: Cast) -> None:
    late = hand_over(booking, cast.bureau_staff, now=SEEN + timedelta(days=4))
    assert days(owed(late, "feedback")) == (15, True)


def test_plan_meets_its_limit_and_names_who_is_reminded(case: Case, cast: Cast) -> None:
    make_plan(part(case), cast.department_staff)
    assert owed(case, "plan").status == "met"
    assert owed(case, "feedback").handler == cast.department_staff
    assert not Obligation.objects.filter(kind="committed").exists()


def test_day_beyond_the_feedback_needs_a_reason_and_is_owed_by_itself(case: Case, cast: Cast) -> None:
    later = due_date(DAY, 40).due
    with pytest.raises(Refused, match="no_reason"):
        make_plan(part(case), cast.department_staff, day=later)
    assert part(case).status == "planning"
    make_plan(part(case), cast.department_staff, day=later, why_later="需列入下年预算")
    assert (owed(case, "committed").last_day, owed(case, "committed").status) == (later, "open")


def test_changed_plan_moves_what_was_promised(case: Case, cast: Cast) -> None:
    make_plan(part(case), cast.department_staff, day=due_date(DAY, 40).due, why_later="需列入下年预算")
    services.change_plan(
        assignment_id=part(case).pk,
        plan=services.Plan(cast.department_head.pk, due_date(DAY, 12).due, "已提前落实。"),
        reason="预算提前下达",
        actor=cast.department_staff,
        now=working_day(6),
    )
    assert owed(case, "committed").status == "void"
    assert (part(case).handler, part(case).why_later) == (cast.department_head, "")
    assert owed(case, "plan").status == "met"


def test_becoming_joint_keeps_the_start_and_counts_20(case: Case, cast: Cast) -> None:
    services.make_joint(
        case_id=case.pk,
        assisting=(department(OTHER).pk,),
        reason="涉及统计口径",
        actor=cast.bureau_staff,
        now=working_day(3),
    )
    case.refresh_from_db()
    assert case.is_joint
    assert days(owed(case, "feedback")) == (20, True)
    assert days(owed(case, "feedback", OTHER)) == (20, True)
    assert days(owed(case, "division")) == (5, True)
    assert owed(case, "feedback").revisions.last().cause == "joint"


def test_another_law_sets_another_limit_with_its_basis(case: Case, cast: Cast) -> None:
    law = "《税收征收管理法》第五十一条"
    limit = {"case_id": case.pk, "working_days": 30, "actor": cast.bureau_staff, "now": working_day(1)}
    with pytest.raises(Refused, match="no_basis"):
        services.override_limit(legal_basis=" ", **limit)
    services.override_limit(legal_basis=law, **limit)
    feedback = owed(case, "feedback")
    assert (days(feedback), feedback.legal_basis) == ((30, True), law)
    assert any(law in sentence for sentence in feedback.revisions.last().explanation["sentences"])


def test_extension_moves_the_day_and_keeps_the_first(case: Case, cast: Cast) -> None:
    extension = grant(ask_extension(part(case), cast.department_staff), cast.bureau_supervisor)
    feedback = owed(case, "feedback")
    assert (feedback.last_day, feedback.original_day) == (due_date(DAY, 20).due, due_date(DAY, 15).due)
    assert (extension.was_late, extension.day_before) == (False, due_date(DAY, 15).due)


def test_extension_asked_for_after_the_day_counts_as_late(case: Case, cast: Cast) -> None:
    assert ask_extension(part(case), cast.department_staff, now=working_day(16)).was_late


def test_returned_feedback_is_done_again_within_the_limit_less_the_check(case: Case, cast: Cast) -> None:
    """Given on the 8th working day, returned on the 10th: the two days of the check are added to the limit."""
    make_plan(part(case), cast.department_staff)
    give_feedback(part(case), cast.department_staff, now=working_day(8))
    assert owed(case, "feedback").status == "met"
    return_feedback(part(case), cast.bureau_staff, now=working_day(10))
    assert (owed(case, "feedback").status, owed(case, "feedback").last_day) == ("open", due_date(DAY, 17).due)


def test_return_on_the_last_day_leaves_two_working_days(case: Case, cast: Cast) -> None:
    make_plan(part(case), cast.department_staff)
    give_feedback(part(case), cast.department_staff, now=working_day(15))
    return_feedback(part(case), cast.bureau_staff, now=working_day(15))
    assert owed(case, "feedback").last_day == due_date(DAY, 17).due


def test_late_feedback_stays_late_when_it_is_returned_and_given_again(case: Case, cast: Cast) -> None:
    make_plan(part(case), cast.department_staff)
    give_feedback(part(case), cast.department_staff, now=working_day(18))
    assert owed(case, "feedback").late_working_days == 3
    return_feedback(part(case), cast.bureau_staff, now=working_day(18))
    give_feedback(part(case), cast.department_staff, now=working_day(19))
    assert (owed(case, "feedback").status, owed(case, "feedback").late_working_days) == ("met", 3)
    assert owed(case, "feedback").late_working_days_original == 4
