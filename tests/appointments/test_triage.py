"""Accept, sort, assign; refuse on a ground; send back for facts. [3.4] [4.2]"""

from datetime import time, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from appointments import services
from appointments.enums import BookingStatus, VerificationStatus
from appointments.models import Booking, Verification
from appointments.services import Assignment
from core.errors import Refused
from core.models import AuditEntry
from core.workdays import working_days_between
from deadlines.models import Obligation
from deadlines.services import deadline_moved, deadline_step, fire_due, tell_revisions
from notifications.enums import Channel
from notifications.models import Message
from sessions_app.models import Sitting
from sessions_app.services import local_moment
from tests.appointments.conftest import (
    DAY,
    NOW,
    accept,
    add_facts,
    cancel,
    confirm,
    ground,
    propose_solved,
    refuse,
    send_back,
    take,
    wait,
)
from tests.conftest import Cast
from tests.factories import department, moment

pytestmark = [pytest.mark.clause("[3.4]"), pytest.mark.django_db]


@pytest.fixture
def booking(sitting: Sitting) -> Booking:
    return confirm(take(sitting, 1))


def told(kind: str) -> list[Message]:
    return list(Message.objects.filter(kind=kind).order_by("pk"))


def obligations(kind: str, **columns: object) -> list[Obligation]:
    return list(Obligation.objects.filter(kind=kind, **columns).order_by("pk"))


def test_confirm_starts_the_bureaus_working_day(booking: Booking) -> None:
    (triage,) = obligations("triage")
    assert (triage.owner, triage.status, triage.department) == (f"appointments.booking:{booking.pk}", "open", None)
    assert (triage.due - triage.start).days == 1  # Wednesday to Thursday


def test_accept_passes_the_demand_to_its_departments(booking: Booking, cast: Cast) -> None:
    accepted = accept(booking, cast.bureau_staff, assisting=("市统计局",))
    assert (accepted.status, accepted.decided_at, accepted.demand_kind) == ("accepted", NOW, "service")
    rows = list(accepted.verifications.values_list("department__name", "is_lead", "status"))
    assert rows == [("市税务局", True, "open"), ("市统计局", False, "open")]
    assert obligations("triage")[0].status == "met"
    assert [row.department.name for row in obligations("verification", status="open")] == ["市税务局", "市统计局"]


def test_accept_tells_the_enterprise_and_the_departments_people(booking: Booking, cast: Cast) -> None:
    accept(booking, cast.bureau_staff)
    assert [message.recipient for message in told("booking_accepted")] == [booking.mobile]
    assert {message.recipient for message in told("verification_asked")} == {"department_staff", "department_head"}
    assert booking.mobile not in told("verification_asked")[0].text


def test_accept_again_is_answered_already_done(booking: Booking, cast: Cast) -> None:
    accept(booking, cast.bureau_staff)
    with pytest.raises(Refused, match="already_done"):
        accept(booking, cast.bureau_staff)
    assert len(told("booking_accepted")) == 1


@pytest.mark.parametrize("assignment", [Assignment(0), Assignment(987654)], ids=["none", "unknown"])
def test_accept_without_a_department_changes_nothing(booking: Booking, cast: Cast, assignment: Assignment) -> None:
    with pytest.raises(Refused, match="no_department"):
        services.accept_booking(
            booking_id=booking.pk,
            assignment=assignment,
            demand_kind="service",
            demand_area=booking.demand_area,
            actor=cast.bureau_staff,
            now=NOW,
        )
    booking.refresh_from_db()
    assert booking.status == BookingStatus.CONFIRMED
    assert not Verification.objects.exists()


def test_verification_counts_seven_working_days_and_ends_before_the_sitting(booking: Booking, cast: Cast) -> None:
    """Wednesday 18 November: the seventh working day is the 27th, the sitting is on the 26th."""
    accept(booking, cast.bureau_staff)
    (row,) = obligations("verification")
    assert (row.due.isoformat(), row.no_later_than.isoformat()) == ("2026-11-27", "2026-11-25")


@pytest.mark.clause("[4.2]")
def test_refuse_needs_an_explanation(booking: Booking, cast: Cast) -> None:
    with pytest.raises(Refused, match="no_explanation"):
        services.refuse_booking(
            booking_id=booking.pk, ground=ground(), explanation="  ", actor=cast.bureau_staff, now=NOW
        )


@pytest.mark.clause("[4.2]")
@pytest.mark.parametrize("columns", [{"explanation": "理由"}, {"refusal_ground": "ground"}], ids=["text", "ground"])
def test_refused_row_without_ground_and_explanation_is_refused_by_the_database(
    booking: Booking, columns: dict[str, object]
) -> None:
    values = {name: ground() if value == "ground" else value for name, value in columns.items()}
    with pytest.raises(IntegrityError), transaction.atomic():
        Booking.objects.filter(pk=booking.pk).update(status="refused", decided_at=NOW, **values)


@pytest.mark.clause("[4.2]")
def test_refuse_explains_and_passes_the_number_on(full_sitting: Sitting, cast: Cast) -> None:
    booking = confirm(Booking.objects.get(slot__number=1))
    waiting = wait(full_sitting, 6)
    refused = refuse(booking, cast.bureau_staff)
    waiting.refresh_from_db()
    assert (refused.status, waiting.status, waiting.slot_id) == ("refused", "offered", booking.slot_id)
    (message,) = told("booking_refused")
    assert all(part in message.text for part in (refused.explanation, ground().text, ground().turn_to))
    assert obligations("triage")[0].status == "met"


@pytest.mark.clause("[4.2]")
def test_refuse_after_acceptance_lets_the_departments_go(booking: Booking, cast: Cast) -> None:
    accept(booking, cast.bureau_staff, assisting=("市统计局",))
    refuse(booking, cast.bureau_staff)
    assert set(Verification.objects.values_list("status", flat=True)) == {VerificationStatus.VOID}
    assert not obligations("verification", status="open")


def test_refused_enterprise_may_book_again(booking: Booking, sitting: Sitting, cast: Cast) -> None:
    refuse(booking, cast.bureau_staff)
    assert take(sitting, 1).status == BookingStatus.HELD


def test_send_back_asks_and_keeps_the_number(booking: Booking, sitting: Sitting, cast: Cast) -> None:
    back = send_back(booking, cast.bureau_staff)
    assert (back.status, back.slot.taken) == ("returned", True)
    assert back.supplements.get().question in told("facts_asked")[0].text
    assert obligations("triage")[0].status == "met"
    with pytest.raises(Refused, match="already_booked"):
        take(sitting, 1)


def test_add_facts_starts_the_bureaus_working_day_anew(booking: Booking, cast: Cast) -> None:
    send_back(booking, cast.bureau_staff)
    later = NOW + timedelta(days=1)
    added = add_facts(booking, now=later)
    assert (added.status, added.supplements.get().text) == ("confirmed", "七月三日提交。")
    first, second = obligations("triage")
    assert (first.status, second.status, second.round) == ("met", "open", 2)
    assert second.start == later.date()


def test_send_back_twice_keeps_every_question_and_answer(booking: Booking, cast: Cast) -> None:
    for _round in range(2):
        send_back(booking, cast.bureau_staff)
        add_facts(booking)
    assert booking.supplements.count() == 2
    assert [row.round for row in obligations("triage")] == [1, 2, 3]
    assert len(told("facts_asked")) == 2


def test_accept_without_waiting_for_the_answer_drops_the_question(booking: Booking, cast: Cast) -> None:
    send_back(booking, cast.bureau_staff)
    accept(booking, cast.bureau_staff)
    assert not booking.supplements.exists()
    assert obligations("facts")[0].status == "met"


def test_send_back_gives_two_working_days_and_tells_the_last(booking: Booking, cast: Cast) -> None:
    asked = send_back(booking, cast.bureau_staff).supplements.get()
    (owed,) = obligations("facts")
    assert (owed.status, owed.department, owed.last_day) == ("open", None, asked.answer_by)
    assert working_days_between(NOW.date(), asked.answer_by) == 2
    assert "请于2026年11月20日（周五，含当日）前补充" in told("facts_asked")[0].text


def test_answer_is_wanted_before_the_sitting_at_the_latest(booking: Booking, cast: Cast) -> None:
    eve = local_moment(DAY - timedelta(days=1), time(10))
    assert send_back(booking, cast.bureau_staff, now=eve).supplements.get().answer_by == eve.date()


def test_bureau_hears_of_an_answer_that_does_not_come(booking: Booking, cast: Cast) -> None:
    asked = send_back(booking, cast.bureau_staff).supplements.get()
    fire_due(kinds=["facts"], on_fire=deadline_step, now=local_moment(asked.answer_by, time(9)))
    hints = [message.recipient for message in told("deadline_step") if "待企业补充" in message.heading + message.text]
    assert cast.bureau_staff.username in hints


def test_added_facts_end_the_wait(booking: Booking, cast: Cast) -> None:
    for _round in range(2):
        send_back(booking, cast.bureau_staff)
        add_facts(booking)
    assert [(row.status, row.round) for row in obligations("facts")] == [("met", 1), ("met", 2)]


@pytest.mark.parametrize("end", [cancel, lambda booking: services.end_sittings(local_moment(DAY, time(23)))])
def test_nobody_waits_for_the_facts_of_a_booking_that_ended(booking: Booking, cast: Cast, end: Any) -> None:
    send_back(booking, cast.bureau_staff)
    end(booking)
    assert not obligations("facts", status="open")


def test_facts_written_down_at_the_desk_are_told_to_the_enterprise(booking: Booking, cast: Cast) -> None:
    send_back(booking, cast.bureau_staff)
    assert not told("facts_written_down")
    add_facts(booking, cast.window_clerk)
    assert booking.supplements.get().added_by == cast.window_clerk
    assert "七月三日提交。" in told("facts_written_down")[0].text


def test_add_facts_by_the_enterprise_tells_it_nothing(booking: Booking, cast: Cast) -> None:
    send_back(booking, cast.bureau_staff)
    add_facts(booking)
    assert not told("facts_written_down")


def test_cancel_after_acceptance_lets_everybody_go(booking: Booking, cast: Cast) -> None:
    accept(booking, cast.bureau_staff)
    cancel(booking)
    assert not Obligation.objects.filter(status="open").exists()
    assert Verification.objects.get().status == VerificationStatus.VOID


def test_assign_departments_keeps_the_clock_of_who_stays(booking: Booking, cast: Cast) -> None:
    accept(booking, cast.bureau_staff, assisting=("市统计局",))
    services.assign_departments(
        booking_id=booking.pk,
        assignment=Assignment(department("市发改局").pk, (department("市税务局").pk,)),
        reason="属发改职责",
        actor=cast.bureau_staff,
        now=NOW + timedelta(days=1),
    )
    rows = {row.department.name: row for row in booking.verifications.all()}
    assert {name: (row.is_lead, row.status) for name, row in rows.items()} == {
        "市税务局": (False, "open"),
        "市统计局": (False, "left_out"),
        "市发改局": (True, "open"),
    }
    starts = {row.department.name: row.start for row in obligations("verification", status="open")}
    assert starts == {"市税务局": NOW.date(), "市发改局": (NOW + timedelta(days=1)).date()}
    entry = AuditEntry.objects.get(action="assign_departments")
    assert (entry.before, entry.after) == ("市税务局、市统计局", "市发改局、市税务局")


def test_assign_departments_again_after_letting_go_asks_anew(booking: Booking, cast: Cast) -> None:
    accept(booking, cast.bureau_staff, assisting=("市统计局",))
    lead, other = department("市税务局").pk, department("市统计局").pk
    for assisting in ((), (other,)):
        services.assign_departments(
            booking_id=booking.pk, assignment=Assignment(lead, assisting), reason="x", actor=cast.bureau_staff, now=NOW
        )
    row = booking.verifications.get(department=other)
    assert row.status == VerificationStatus.OPEN
    assert obligations("verification", department=other, status="open")


@pytest.mark.clause("[3.3]")
def test_assisting_department_still_sees_what_was_solved_before_it_verified(booking: Booking, cast: Cast) -> None:
    accept(booking, cast.bureau_staff, assisting=("市统计局",))
    propose_solved(booking, cast.department_staff)
    services.confirm_solved(booking_id=booking.pk, actor="holder", now=NOW)
    assert Booking.objects.visible_to(cast.other_department_staff).filter(pk=booking.pk).exists()
    assert booking.verifications.active().count() == 2


@pytest.mark.parametrize("status", ["accepted", "refused", "solved", "attended", "absent"])
def test_database_refuses_a_decided_booking_without_its_time(booking: Booking, status: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Booking.objects.filter(pk=booking.pk).update(
            status=status,
            solution="x",
            refusal_ground=ground() if status == "refused" else None,
            explanation="x" if status == "refused" else "",
        )


def test_department_that_has_verified_can_be_let_go_and_asked_anew(booking: Booking, cast: Cast) -> None:
    accept(booking, cast.bureau_staff, assisting=("市统计局",))
    lead, other = department("市税务局").pk, department("市统计局").pk
    row = booking.verifications.get(department=other)
    services.record_verification(
        verification_id=row.pk, way="phone", spoke_with="张三", finding="属实", actor=cast.bureau_staff, now=NOW
    )
    seen = Booking.objects.visible_to(cast.other_department_staff)
    assert booking in seen.all()
    for assisting, status in (((), VerificationStatus.LEFT_OUT), ((other,), VerificationStatus.OPEN)):
        services.assign_departments(
            booking_id=booking.pk, assignment=Assignment(lead, assisting), reason="x", actor=cast.bureau_staff, now=NOW
        )
        row.refresh_from_db()
        assert (row.status, row.finding, row.verified_by) == (status, "", None)
        assert (booking in seen.all()) == bool(assisting)
    assert "属实" in row.history.values_list("finding", flat=True)
    assert obligations("verification", department=other, status="open")


def test_assign_departments_without_reason_is_refused(booking: Booking, cast: Cast) -> None:
    accept(booking, cast.bureau_staff)
    with pytest.raises(Refused, match="no_reason"):
        services.assign_departments(
            booking_id=booking.pk,
            assignment=Assignment(department("市税务局").pk),
            reason=" ",
            actor=cast.bureau_staff,
            now=NOW,
        )


def test_department_sees_what_it_was_named_for_and_then_what_it_was_assigned(booking: Booking, cast: Cast) -> None:
    """Named 市税务局 by the enterprise, assigned to 市统计局 by the bureau."""

    def sees(name: str) -> bool:
        return Booking.objects.visible_to(cast[name]).filter(pk=booking.pk).exists()

    assert (sees("department_staff"), sees("other_department_staff")) == (True, False)
    fresh = {name: type(user).objects.get(pk=user.pk) for name, user in cast.items()}
    cast.update(fresh)
    accept(booking, cast.bureau_staff, lead="市统计局")
    assert (sees("department_staff"), sees("other_department_staff")) == (False, True)


def test_step_of_the_ladder_is_told_once_to_whom_it_concerns(booking: Booking, cast: Cast) -> None:
    """Due on Thursday 19 November: on the day the bureau's staff and supervisor, a working day later no other."""
    thursday, friday = moment("2026-11-19 09:00"), moment("2026-11-20 09:01")
    for now in (thursday, thursday + timedelta(minutes=1), friday):
        fire_due(kinds=services.KINDS_OWED, on_fire=deadline_step, now=now)
    found = [(message.heading, message.recipient) for message in told("deadline_step")]
    assert found == [
        ("事项临近到期", "bureau_staff"),
        ("事项临近到期", "bureau_supervisor"),
        ("事项超期", "bureau_staff"),
        ("事项超期", "bureau_supervisor"),
    ]


def test_step_of_the_ladder_is_told_in_the_working_group_where_one_is_set(
    booking: Booking, cast: Cast, settings: Any
) -> None:
    settings.STAFF_ROBOT = "wecom"
    for _sweep in range(2):
        fire_due(kinds=services.KINDS_OWED, on_fire=deadline_step, now=moment("2026-11-19 09:00"))
    (said,) = [message for message in told("deadline_step") if message.channel == Channel.ROBOT]
    assert booking.reference in said.text
    assert not any(word in said.text for word in (booking.company_name, booking.title, booking.mobile))


def test_decided_booking_is_reminded_of_no_more(booking: Booking, cast: Cast) -> None:
    refuse(booking, cast.bureau_staff)
    assert fire_due(kinds=services.KINDS_OWED, on_fire=deadline_step, now=moment("2026-12-01 09:00")) == 0
    assert not told("deadline_step")


def test_moved_sitting_moves_what_ends_before_it_and_tells_who_owes_it(booking: Booking, cast: Cast) -> None:
    accept(booking, cast.bureau_staff)
    services.move_sitting(
        sitting_id=booking.sitting_id,
        day=moment("2026-11-25 09:00").date(),
        reason="会议",
        actor=cast.bureau_supervisor,
        now=NOW,
    )
    (owed,) = obligations("verification")
    assert (owed.no_later_than.isoformat(), owed.last_day.isoformat()) == ("2026-11-24", "2026-11-24")
    for _sweep in range(2):
        tell_revisions(kinds=services.KINDS_OWED, on_tell=deadline_moved, now=NOW)
    assert [message.recipient for message in told("deadline_moved")] == ["department_staff"]


def test_refuse_meets_the_bureaus_working_day_and_keeps_its_lateness(booking: Booking, cast: Cast) -> None:
    refuse(booking, cast.bureau_staff, now=NOW + timedelta(days=5))
    (triage,) = obligations("triage")
    assert (triage.status, triage.late_working_days) == ("met", 2)
