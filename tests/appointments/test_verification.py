"""The department's contact before the sitting, and what is solved by it. [3.4] [3.3]"""

import pytest
from django.core.exceptions import PermissionDenied

from appointments import services
from appointments.enums import BookingStatus, VerificationStatus
from appointments.models import Booking, Verification
from core.errors import AlreadyDone, Refused
from core.models import User
from deadlines.models import Obligation
from notifications.models import Message
from sessions_app.models import Sitting
from tests.appointments.conftest import NOW, accept, confirm, propose_solved, take, wait
from tests.conftest import CAST, Cast
from tests.factories import department
from tests.matrix import FORBIDDEN, outcomes

pytestmark = [pytest.mark.clause("[3.4]"), pytest.mark.django_db]
MAY_VERIFY = {"bureau_staff", "bureau_supervisor", "department_staff", "department_head"}


@pytest.fixture
def accepted(sitting: Sitting, cast: Cast) -> Booking:
    return accept(confirm(take(sitting, 1)), cast.bureau_staff)


def record(booking: Booking, actor: User, finding: str = "属实。") -> Verification:
    row = booking.verifications.get(department=department("市税务局"))
    return services.record_verification(
        verification_id=row.pk, way="phone", spoke_with="张经理", finding=finding, actor=actor, now=NOW
    )


def test_record_keeps_who_when_and_what_and_meets_the_obligation(accepted: Booking, cast: Cast) -> None:
    row = record(accepted, cast.department_staff)
    assert (row.status, row.verified_by, row.verified_at) == ("done", cast.department_staff, NOW)
    assert Obligation.objects.get(kind="verification").status == "met"


def test_record_without_finding_is_refused(accepted: Booking, cast: Cast) -> None:
    with pytest.raises(Refused, match="no_finding"):
        record(accepted, cast.department_staff, finding=" ")


@pytest.mark.parametrize("status", VerificationStatus.values)
def test_record_in_a_status_by_every_role(accepted: Booking, cast: Cast, status: str) -> None:
    row = accepted.verifications.get()
    if status == VerificationStatus.DONE:
        record(accepted, cast.bureau_staff)
    elif status == VerificationStatus.LEFT_OUT:
        other = services.Assignment(department("市统计局").pk)
        services.assign_departments(
            booking_id=accepted.pk, assignment=other, reason="x", actor=cast.bureau_staff, now=NOW
        )
    elif status == VerificationStatus.VOID:
        services.cancel_booking(booking_id=accepted.pk, actor=cast.bureau_staff, now=NOW, reason="x")
    tried = outcomes(row, {who: lambda row, who=who: record(accepted, cast[who]) for who in CAST})
    expected = {"open": "done", "done": "already_done", "left_out": "wrong_status", "void": "wrong_status"}[status]
    assert tried == {who: expected if who in MAY_VERIFY else FORBIDDEN for who in CAST}


@pytest.mark.clause("[3.3]")
def test_proposed_solution_counts_only_when_the_enterprise_confirms(full_sitting: Sitting, cast: Cast) -> None:
    booking = accept(confirm(Booking.objects.get(slot__number=1)), cast.bureau_staff)
    waiting = wait(full_sitting, 6)
    proposed = propose_solved(booking, cast.department_staff)
    assert (proposed.status, proposed.solution_at) == (BookingStatus.ACCEPTED, NOW)
    assert proposed.solution in Message.objects.get(kind="solved_proposed").text
    solved = services.confirm_solved(booking_id=booking.pk, actor="holder", now=NOW)
    waiting.refresh_from_db()
    assert (solved.status, waiting.status) == (BookingStatus.SOLVED, BookingStatus.OFFERED)
    assert not Obligation.objects.filter(status="open", owner=f"appointments.booking:{booking.pk}").exists()


@pytest.mark.clause("[3.3]")
def test_decline_keeps_the_booking_and_tells_the_department(accepted: Booking, cast: Cast) -> None:
    propose_solved(accepted, cast.department_staff)
    kept = services.decline_solved(booking_id=accepted.pk, actor="holder", now=NOW)
    assert (kept.status, kept.solution, kept.solution_at) == (BookingStatus.ACCEPTED, "", None)
    assert Message.objects.filter(kind="solved_declined", recipient="department_staff").exists()


@pytest.mark.clause("[3.3]")
@pytest.mark.parametrize("verb", ["confirm_solved", "decline_solved"])
def test_answer_to_nothing_proposed_is_refused(accepted: Booking, verb: str) -> None:
    with pytest.raises(Refused, match="not_proposed"):
        getattr(services, verb)(booking_id=accepted.pk, actor="holder", now=NOW)


@pytest.mark.parametrize("person", CAST)
def test_propose_solved_by_every_role(accepted: Booking, cast: Cast, person: str) -> None:
    if person in MAY_VERIFY:
        assert propose_solved(accepted, cast[person]).solution
        return
    with pytest.raises(PermissionDenied):
        propose_solved(accepted, cast[person])


@pytest.mark.clause("[3.3]")
def test_propose_solved_twice_leaves_what_the_enterprise_is_reading(accepted: Booking, cast: Cast) -> None:
    first = propose_solved(accepted, cast.department_staff)
    with pytest.raises(AlreadyDone, match="already_done"):
        services.propose_solved(booking_id=accepted.pk, solution="另一说法。", actor=cast.department_head, now=NOW)
    accepted.refresh_from_db()
    assert accepted.solution == first.solution
    assert Message.objects.filter(kind="solved_proposed").count() == 1


@pytest.mark.clause("[3.3]")
def test_confirm_solved_before_the_verification_was_recorded_still_tells_and_shows_the_departments(
    sitting: Sitting, cast: Cast
) -> None:
    booking = accept(confirm(take(sitting, 1)), cast.bureau_staff, assisting=("市统计局",))
    propose_solved(booking, cast.department_staff)
    services.confirm_solved(booking_id=booking.pk, actor="holder", now=NOW)
    told = set(Message.objects.filter(kind="solved_confirmed").values_list("recipient", flat=True))
    assert told == {"department_staff", "department_head", "other_department_staff"}
    assert booking in Booking.objects.visible_to(cast.department_staff)
