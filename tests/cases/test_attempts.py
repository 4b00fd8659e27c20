"""What somebody might try, or what happens by mischance, and what must not come of it. [3.7]"""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from appointments.models import Booking
from cases import services
from cases.models import Assignment, Case, Extension
from cases.tasks import remind_of_deadlines
from core.errors import Refused
from core.workdays import due_date
from deadlines.models import Obligation
from departments.models import Membership
from notifications.models import Message
from sessions_app.models import Sitting
from tests.appointments.conftest import accept, cancel, confirm, take
from tests.cases.conftest import (
    DAY,
    LEAD,
    OTHER,
    SEEN,
    ask_extension,
    close,
    done,
    give_feedback,
    grant,
    hand_over,
    make_plan,
    object_to,
    part,
    return_feedback,
    working_day,
)
from tests.conftest import Cast
from tests.factories import department, moment

pytestmark = [pytest.mark.clause("[3.7]"), pytest.mark.django_db]
SAME_START = True
BUREAU = "市政务服务局"


def feedback_of(name: str = LEAD) -> Obligation:
    return Obligation.objects.exclude(status="void").get(kind="feedback", department__name=name)


def make_joint(case: Case, cast: Cast, *names: str, number: int = 3) -> Case:
    more = tuple(department(name).pk for name in names)
    return services.make_joint(
        case_id=case.pk, assisting=more, reason="涉及统计口径", actor=cast.bureau_staff, now=working_day(number)
    )


def uphold(row: Assignment, cast: Cast, name: str, *, now: int = 1, asked_by: str = "department_staff") -> None:
    objection = object_to(row, cast[asked_by], now=working_day(now))
    services.uphold_objection(
        objection_id=objection.pk,
        department_id=department(name).pk,
        note="属其职责。",
        actor=cast.bureau_supervisor,
        now=working_day(now),
    )


# Dates


def test_becoming_joint_takes_no_granted_day_away(case: Case, cast: Cast) -> None:
    grant(
        ask_extension(part(case), cast.department_staff, days=25, now=working_day(2)), cast.bureau_supervisor, days=25
    )
    make_joint(case, cast, OTHER)
    assert feedback_of().last_day == due_date(DAY, 25).due
    assert feedback_of(OTHER).last_day == due_date(DAY, 20).due


def test_an_extension_asked_for_too_late_counts_as_late_whatever_is_granted(case: Case, cast: Cast) -> None:
    make_plan(part(case), cast.department_staff)
    grant(ask_extension(part(case), cast.department_staff, now=working_day(17)), cast.bureau_supervisor)
    give_feedback(part(case), cast.department_staff, now=working_day(19))
    assert (feedback_of().late_working_days, feedback_of().late_working_days_original) == (2, 4)


def test_a_limit_ends_at_close_of_business_for_who_asks(case: Case, cast: Cast) -> None:
    last = due_date(DAY, 15).due
    with pytest.raises(Refused, match="too_late"):
        object_to(part(case), cast.department_staff, now=moment(f"{due_date(DAY, 1).due} 17:31"))
    in_time = ask_extension(part(case), cast.department_staff, now=moment(f"{last} 17:30"))
    services.refuse_extension(
        extension_id=in_time.pk, note="材料已齐。", actor=cast.bureau_supervisor, now=working_day(15)
    )
    late = ask_extension(part(case), cast.department_staff, now=moment(f"{last} 17:31"))
    assert (in_time.was_late, late.was_late) == (False, True)


def test_days_with_the_bureau_count_against_no_day(case: Case, cast: Cast) -> None:
    """Given on the 14th, returned on the 16th, given again on the 17th: within the first limit of 15 days, too."""
    make_plan(part(case), cast.department_staff)
    give_feedback(part(case), cast.department_staff, now=working_day(14))
    return_feedback(part(case), cast.bureau_staff, now=working_day(16))
    give_feedback(part(case), cast.department_staff, now=working_day(17))
    assert (feedback_of().late_working_days, feedback_of().late_working_days_original) == (0, 0)


def test_a_division_that_was_never_made_is_late_for_ever(joint: Case, cast: Cast) -> None:
    done(joint, LEAD, cast.department_staff, cast.bureau_staff)
    done(joint, OTHER, cast.other_department_staff, cast.bureau_staff)
    close(joint, cast.bureau_supervisor)
    division = Obligation.objects.get(kind="division")
    assert (division.status, division.late_working_days) == ("void", 5)


def test_a_plan_is_for_a_day_to_come(case: Case, cast: Cast) -> None:
    with pytest.raises(Refused, match="too_early"):
        make_plan(part(case), cast.department_staff, day=due_date(DAY, 5).due, now=working_day(6))


# Parts


def test_one_department_named_twice_has_one_part_and_is_not_joint(booking: Booking, cast: Cast) -> None:
    case = hand_over(booking, cast.department_head, assisting=(LEAD, LEAD))
    assert (case.is_joint, case.assignments.count()) == (False, 1)


@pytest.mark.parametrize("names", [(), (LEAD,)])
def test_a_joint_case_has_another_department(case: Case, cast: Cast, names: tuple[str, ...]) -> None:
    with pytest.raises(Refused, match="no_department"):
        make_joint(case, cast, *names)
    case.refresh_from_db()
    assert not case.is_joint


def test_the_inspection_office_handles_nothing(case: Case, booking: Booking, cast: Cast) -> None:
    with pytest.raises(Refused, match="no_department"):
        make_joint(case, cast, "市政府办公室督查科")
    with pytest.raises(Refused, match="no_department"):
        uphold(part(case), cast, "市政府办公室督查科")


def test_a_part_that_went_and_came_back_is_owed_again(case: Case, cast: Cast) -> None:
    """The plan that 市税务局 had made is no plan of its new part: it is owed again, by the same day."""
    make_plan(part(case), cast.department_staff, now=working_day(1))
    uphold(part(case), cast, OTHER)
    uphold(part(case, OTHER), cast, LEAD, asked_by="other_department_staff")
    plan = Obligation.objects.exclude(status="void").get(kind="plan", department__name=LEAD)
    assert (plan.status, plan.handler, plan.last_day) == ("open", None, due_date(DAY, 5).due)
    assert feedback_of().status == "open"
    make_plan(part(case), cast.department_staff)
    plan.refresh_from_db()
    assert (part(case).status, plan.status) == ("handling", "met")


def test_a_withdrawn_lead_divides_nothing(joint: Case, cast: Cast) -> None:
    old = part(joint)
    uphold(old, cast, "市商务局")
    shares = dict.fromkeys(Assignment.objects.values_list("department_id", flat=True), "都不归我")
    with pytest.raises(Refused, match="wrong_status"):
        services.divide(assignment_id=old.pk, shares=shares, actor=cast.department_staff, now=working_day(2))


def test_nobody_waits_for_the_extension_of_a_part_that_went(case: Case, cast: Cast) -> None:
    ask_extension(part(case), cast.department_staff, now=working_day(1))
    uphold(part(case), cast, OTHER)
    extension = Extension.objects.get()
    assert (extension.status, Obligation.objects.get(kind="extension").status) == ("refused", "met")
    done(case, OTHER, cast.other_department_staff, cast.bureau_staff)
    assert close(case, cast.bureau_supervisor).status == "closed"


# Persons


def test_a_head_hands_over_what_their_department_sat_for(sitting: Sitting, cast: Cast) -> None:
    others = accept(confirm(take(sitting, 2)), cast.bureau_staff, lead=OTHER)
    with pytest.raises(PermissionDenied):
        hand_over(others, cast.department_head)
    assert not Case.objects.exists()


def test_the_bureau_cites_no_law_for_its_own_part(booking: Booking, cast: Cast) -> None:
    case = hand_over(booking, cast.bureau_staff, lead=BUREAU)
    limit = {"case_id": case.pk, "working_days": 60, "legal_basis": "某法第一条", "now": working_day(1)}
    with pytest.raises(PermissionDenied):
        services.override_limit(actor=cast.bureau_supervisor, **limit)
    services.override_limit(actor=cast.inspection_approver, **limit)
    assert feedback_of(BUREAU).working_days == 60


def test_who_asked_decides_nothing_after_moving_to_the_bureau(case: Case, cast: Cast) -> None:
    extension = ask_extension(part(case), cast.department_staff, now=working_day(1))
    objection = object_to(part(case), cast.department_staff)
    make_plan(part(case), cast.department_head)
    give_feedback(part(case), cast.department_staff)
    Membership.objects.filter(user=cast.department_staff).update(
        role="bureau_supervisor", department=department(BUREAU)
    )
    moved = type(cast.department_staff).objects.get(pk=cast.department_staff.pk)
    with pytest.raises(PermissionDenied):
        services.refuse_extension(extension_id=extension.pk, note="x", actor=moved, now=working_day(8))
    with pytest.raises(PermissionDenied):
        services.dismiss_objection(objection_id=objection.pk, note="x", actor=moved, now=working_day(8))
    with pytest.raises(PermissionDenied):
        services.accept_feedback(assignment_id=part(case).pk, note="", actor=moved, now=working_day(8))


# What was never seen


def test_a_cancelled_booking_is_no_case(booking: Booking, cast: Cast) -> None:
    cancel(booking)
    with pytest.raises(Refused, match="not_seen"):
        hand_over(booking, cast.bureau_staff)


def test_a_consultation_of_tomorrow_has_not_ended(booking: Booking, cast: Cast) -> None:
    with pytest.raises(Refused, match="day_ahead"):
        hand_over(booking, cast.bureau_staff, now=SEEN - timedelta(days=1))


# Words and messages


@pytest.mark.parametrize("length", [0, -1, 2001, 99_999])
def test_a_length_that_is_none_is_refused_though_nothing_is_open(case: Case, cast: Cast, length: int) -> None:
    make_plan(part(case), cast.department_staff)
    give_feedback(part(case), cast.department_staff)
    with pytest.raises(Refused, match="bad_length"):
        services.override_limit(
            case_id=case.pk, working_days=length, legal_basis="某法", actor=cast.bureau_staff, now=working_day(8)
        )


def test_a_reason_as_long_as_its_form_allows_is_granted(case: Case, cast: Cast) -> None:
    asked = services.ask_extension(
        assignment_id=part(case).pk,
        day=due_date(DAY, 20).due,
        reason="因" * 1000,
        actor=cast.department_staff,
        now=working_day(3),
    )
    assert grant(asked, cast.bureau_supervisor).status == "granted"
    assert len(feedback_of().revisions.last().reason) == 1000


def test_a_day_that_was_told_with_its_ruling_is_not_told_again(case: Case, cast: Cast) -> None:
    make_plan(part(case), cast.department_staff)
    grant(ask_extension(part(case), cast.department_staff), cast.bureau_supervisor)
    give_feedback(part(case), cast.department_staff, now=working_day(12))
    return_feedback(part(case), cast.bureau_staff, now=working_day(13))
    remind_of_deadlines()
    assert not Message.objects.filter(kind="deadline_moved").exists()


def test_a_day_that_another_law_moves_is_told_once(case: Case, cast: Cast) -> None:
    services.override_limit(
        case_id=case.pk, working_days=30, legal_basis="某法", actor=cast.bureau_staff, now=working_day(1)
    )
    remind_of_deadlines()
    remind_of_deadlines()
    assert [message.recipient for message in Message.objects.filter(kind="deadline_moved")] == ["department_staff"]


def test_urging_with_the_same_words_twice_a_day_is_sent_once(case: Case, cast: Cast) -> None:
    urge = {"case_ids": [case.pk], "note": "请抓紧。", "actor": cast.inspector}
    for now in (working_day(3), working_day(3) + timedelta(hours=1)):
        services.urge(now=now, **urge)
    assert Message.objects.filter(kind="case_urged").count() == 2  # the department's two people, once each
    services.urge(now=working_day(4), **urge)
    assert Message.objects.filter(kind="case_urged").count() == 4


def test_day_of_a_promise_may_fall_on_a_rest_day(case: Case, cast: Cast) -> None:
    saturday = date(2027, 1, 16)
    make_plan(part(case), cast.department_staff, day=saturday, why_later="需会签")
    assert Obligation.objects.get(kind="committed").last_day == date(2027, 1, 18)
