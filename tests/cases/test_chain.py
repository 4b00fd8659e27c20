"""A case from hand-over to close-out: plan, feedback, check; objection, extension, return, urging. [3.7]"""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from appointments.models import Booking
from cases import services
from cases.enums import Outcome, Result
from cases.models import Case, Closing, Feedback
from cases.selectors import closings_to_take_up
from core.errors import AlreadyDone, Refused
from core.workdays import due_date
from deadlines.models import Obligation
from notifications.models import Message
from sessions_app.models import Sitting
from tests.appointments.conftest import accept, confirm, take
from tests.cases.conftest import (
    DAY,
    LEAD,
    OTHER,
    SEEN,
    accept_feedback,
    ask_extension,
    close,
    close_at_once,
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
from tests.conftest import CAST, Cast
from tests.factories import department

pytestmark = [pytest.mark.clause("[3.7]"), pytest.mark.django_db]
SAME_START = True


def told(kind: str) -> list[Message]:
    return list(Message.objects.filter(kind=kind).order_by("pk"))


def open_obligations() -> int:
    return Obligation.objects.filter(status="open").exclude(owner__startswith="appointments.").count()


@pytest.mark.clause("[3.6]")
@pytest.mark.parametrize("outcome", [Outcome.SOLVED, Outcome.EXPLAINED])
def test_solved_or_explained_is_closed_from_its_first_day(booking: Booking, cast: Cast, outcome: Outcome) -> None:
    case = close_at_once(booking, cast.department_head, outcome)
    assert (case.status, case.result, case.closed_at) == ("closed", str(outcome), SEEN)
    assert not case.assignments.exists()
    assert open_obligations() == 0
    closing = Closing.objects.get(case=case)
    assert (closing.round, closing.result, closing.answer, closing.closed_at) == (1, str(outcome), case.answer, SEEN)


@pytest.mark.clause("[3.8]")
def test_a_closed_round_is_handed_on_once(booking: Booking, cast: Cast) -> None:
    close_at_once(booking, cast.department_head)
    (key,) = closings_to_take_up(10)
    assert services.take_up_closing(closing_id=key, now=SEEN) is not None
    assert services.take_up_closing(closing_id=key, now=SEEN) is None
    assert closings_to_take_up(10) == []


def test_solved_without_measures_is_refused(booking: Booking, cast: Cast) -> None:
    with pytest.raises(Refused, match="no_answer"):
        close_at_once(booking, cast.department_head, answer=" ")
    assert not Case.objects.exists()


def test_one_demand_is_one_case(case: Case, cast: Cast) -> None:
    with pytest.raises(AlreadyDone):
        hand_over(case.booking, cast.department_head)


def test_hand_over_tells_the_departments_and_the_enterprise(joint: Case) -> None:
    assert {message.recipient for message in told("case_assigned")} == {
        "department_staff",
        "department_head",
        "other_department_staff",
    }
    (message,) = told("case_opened")
    assert all(word in message.text for word in (LEAD, OTHER, joint.reference))
    assert "应于2026年12月24日（周四，含当日）前反馈办理情况" in message.text
    assert joint.booking.title not in message.text


def test_joint_case_is_divided_planned_answered_checked_and_closed(joint: Case, cast: Cast) -> None:
    lead = part(joint)
    with pytest.raises(Refused, match="no_share"):
        services.divide(
            assignment_id=lead.pk, shares={lead.department_id: "退税"}, actor=cast.department_staff, now=working_day(2)
        )
    shares = {lead.department_id: "退税", department(OTHER).pk: "核定统计口径"}
    services.divide(assignment_id=lead.pk, shares=shares, actor=cast.department_staff, now=working_day(2))
    assert part(joint, OTHER).share == "核定统计口径"
    done(joint, LEAD, cast.department_staff, cast.bureau_staff)
    with pytest.raises(Refused, match="not_answered") as refusal:
        close(joint, cast.bureau_supervisor)
    assert OTHER in str(refusal.value.message)
    done(joint, OTHER, cast.other_department_staff, cast.bureau_staff)
    closed = close(joint, cast.bureau_supervisor)
    assert (closed.status, closed.result) == ("closed", "solved")
    assert open_obligations() == 0
    assert "已解决" in told("case_closed")[0].text


def test_what_solves_nothing_offers_help(case: Case, cast: Cast) -> None:
    make_plan(part(case), cast.department_staff)
    with pytest.raises(Refused, match="no_help"):
        give_feedback(part(case), cast.department_staff, result=Result.EXPLAINED)
    assert part(case).status == "handling"
    give_feedback(part(case), cast.department_staff, result=Result.EXPLAINED, help_offered="协助申请分期缴纳。")


def test_returned_feedback_says_why_and_is_given_again(case: Case, cast: Cast) -> None:
    make_plan(part(case), cast.department_staff)
    give_feedback(part(case), cast.department_staff)
    with pytest.raises(Refused, match="no_note"):
        return_feedback(part(case), cast.bureau_staff, note=" ")
    return_feedback(part(case), cast.bureau_staff)
    assert "未附凭证。" in told("feedback_returned")[0].text
    give_feedback(part(case), cast.department_staff, now=working_day(10))
    accept_feedback(part(case), cast.bureau_staff, now=working_day(11))
    assert [row.status for row in Feedback.objects.order_by("pk")] == ["returned", "accepted"]
    assert part(case).status == "done"


def test_check_is_owed_within_two_working_days(case: Case, cast: Cast) -> None:
    make_plan(part(case), cast.department_staff)
    given = give_feedback(part(case), cast.department_staff)
    check = Obligation.objects.get(kind="check", owner=f"cases.feedback:{given.pk}")
    assert (check.department, check.last_day) == (None, due_date(DAY, 10).due)
    accept_feedback(part(case), cast.bureau_staff)
    check.refresh_from_db()
    assert check.status == "met"


def test_objection_is_made_once_and_within_a_working_day(case: Case, cast: Cast) -> None:
    with pytest.raises(Refused, match="too_late"):
        object_to(part(case), cast.department_staff, now=working_day(2))
    objection = object_to(part(case), cast.department_staff)
    with pytest.raises(AlreadyDone):
        object_to(part(case), cast.department_staff)
    ruling = {"objection_id": objection.pk, "actor": cast.bureau_supervisor, "now": working_day(1)}
    services.dismiss_objection(note="属税务职责。", **ruling)
    assert part(case).status == "planning"
    assert "属税务职责。" in told("objection_ruled")[0].text
    assert Obligation.objects.get(kind="objection").status == "met"


def test_upheld_objection_passes_the_part_on_with_the_same_start(case: Case, cast: Cast) -> None:
    objection = object_to(part(case), cast.department_staff)
    services.uphold_objection(
        objection_id=objection.pk,
        department_id=department(OTHER).pk,
        note="属统计职责。",
        actor=cast.bureau_supervisor,
        now=working_day(1),
    )
    taken_over = part(case, OTHER)
    assert (taken_over.is_lead, taken_over.status) == (True, "planning")
    owed = Obligation.objects.get(kind="feedback", status="open")
    assert (owed.department.name, owed.last_day) == (OTHER, due_date(DAY, 15).due)
    assert {message.recipient for message in told("case_withdrawn")} == {"department_staff", "department_head"}


def test_extension_is_told_to_the_enterprise_and_decided_by_another(case: Case, cast: Cast) -> None:
    extension = ask_extension(part(case), cast.department_staff)
    with pytest.raises(Refused, match="pending_already"):
        ask_extension(part(case), cast.department_staff)
    with pytest.raises(PermissionDenied):
        grant(extension, cast.department_head)
    grant(extension, cast.bureau_supervisor)
    (message,) = told("case_extended")
    assert "反馈期限由2026年12月17日（周四）延至2026年12月24日（周四，含当日）" in message.text
    assert "需上级核定" in message.text


def test_nobody_is_given_more_time_than_was_asked_for(case: Case, cast: Cast) -> None:
    extension = ask_extension(part(case), cast.department_staff)
    with pytest.raises(Refused, match="beyond_asked"):
        grant(extension, cast.bureau_supervisor, days=21)
    assert grant(extension, cast.bureau_supervisor, days=18).granted_day == due_date(DAY, 18).due


def test_refused_extension_says_why_and_moves_nothing(case: Case, cast: Cast) -> None:
    extension = ask_extension(part(case), cast.department_staff)
    ruling = {"extension_id": extension.pk, "actor": cast.bureau_supervisor, "now": working_day(10)}
    with pytest.raises(Refused, match="no_note"):
        services.refuse_extension(note="", **ruling)
    services.refuse_extension(note="材料已齐。", **ruling)
    assert Obligation.objects.get(kind="feedback").last_day == due_date(DAY, 15).due
    assert not told("case_extended")


@pytest.mark.parametrize(("days", "code"), [(15, "not_later"), (0, "rest_day")])
def test_extension_to_no_later_working_day_is_refused(case: Case, cast: Cast, days: int, code: str) -> None:
    day = due_date(DAY, days).due if days else due_date(DAY, 22).due + timedelta(days=1)
    while not days and day.weekday() != 5:
        day += timedelta(days=1)
    with pytest.raises(Refused, match=code):
        services.ask_extension(
            assignment_id=part(case).pk, day=day, reason="x", actor=cast.department_staff, now=working_day(3)
        )


def test_where_the_bureau_handles_the_inspection_office_decides(booking: Booking, cast: Cast) -> None:
    case = hand_over(booking, cast.department_head, lead="市政务服务局")
    extension = ask_extension(part(case, "市政务服务局"), cast.bureau_staff)
    with pytest.raises(PermissionDenied):
        grant(extension, cast.bureau_supervisor)
    assert Obligation.objects.get(kind="extension").department.name == "市政府办公室督查科"
    assert grant(extension, cast.inspection_approver).status == "granted"


def test_close_waits_for_what_was_promised_unless_listed_for_the_long_term(case: Case, cast: Cast) -> None:
    make_plan(part(case), cast.department_staff, day=due_date(DAY, 40).due, why_later="需列入下年预算")
    give_feedback(part(case), cast.department_staff, result=Result.PARTLY)
    accept_feedback(part(case), cast.bureau_staff)
    with pytest.raises(Refused, match="promised_later"):
        close(case, cast.bureau_supervisor, result=Result.PARTLY)
    with pytest.raises(Refused, match="no_report_day"):
        close(case, cast.bureau_supervisor, result=Result.LONG_TERM)
    listed = close(case, cast.bureau_supervisor, result=Result.LONG_TERM, next_report_on=due_date(DAY, 60).due)
    assert (listed.status, listed.next_report_on) == ("closed", due_date(DAY, 60).due)


def test_close_with_an_extension_undecided_is_refused(case: Case, cast: Cast) -> None:
    make_plan(part(case), cast.department_staff)
    ask_extension(part(case), cast.department_staff, now=working_day(3))
    give_feedback(part(case), cast.department_staff)
    accept_feedback(part(case), cast.bureau_staff)
    with pytest.raises(Refused, match="still_pending"):
        close(case, cast.bureau_supervisor)


def test_urging_tells_who_still_owes_something(joint: Case, cast: Cast) -> None:
    done(joint, LEAD, cast.department_staff, cast.bureau_staff)
    urge = {"case_ids": [joint.pk], "actor": cast.inspector, "now": working_day(12)}
    with pytest.raises(Refused, match="no_note"):
        services.urge(note=" ", **urge)
    assert services.urge(note="请抓紧。", **urge) == 1
    assert {message.recipient for message in told("case_urged")} == {"other_department_staff"}


def test_handler_is_of_the_department(case: Case, cast: Cast) -> None:
    plan = services.Plan(cast.other_department_staff.pk, due_date(DAY, 10).due, "x")
    with pytest.raises(Refused, match="not_of_the_department"):
        services.make_plan(assignment_id=part(case).pk, plan=plan, actor=cast.department_staff, now=working_day(1))


def test_a_department_sees_the_cases_in_which_it_has_or_had_a_part(case: Case, sitting: Sitting, cast: Cast) -> None:
    other = hand_over(accept(confirm(take(sitting, 2)), cast.bureau_staff, lead=OTHER), cast.bureau_staff, lead=OTHER)
    seen = {name: set(Case.objects.visible_to(cast[name])) for name in CAST}
    assert seen["department_staff"] == {case}
    assert seen["other_department_staff"] == {other}
    assert seen["bureau_staff"] == seen["inspector"] == {case, other}


def test_database_lets_nobody_grant_their_own_extension(case: Case, cast: Cast) -> None:
    extension = ask_extension(part(case), cast.department_staff)
    with pytest.raises(IntegrityError), transaction.atomic():
        type(extension).objects.filter(pk=extension.pk).update(
            status="granted",
            granted_day=due_date(DAY, 20).due,
            ruled_at=SEEN,
            ruled_by=cast.department_staff,
        )


def test_database_refuses_a_closed_case_without_an_answer(case: Case) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(status="closed", closed_at=SEEN, result="solved")
