from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from appointments import services
from appointments.enums import BookingStatus
from appointments.models import Booking
from core.errors import Refused
from deadlines.models import Obligation
from notifications.models import Message
from sessions_app.models import Sitting
from tests.appointments.conftest import FIRST_SESSION, NOW, application, claim, confirm, take, wait
from tests.conftest import Cast
from tests.factories import make_sitting

pytestmark = pytest.mark.clause("[3.3]")


def settle(booking: Booking, actor, *, upheld: bool, note: str = "14:00 与双方通话核实。") -> Booking:
    return services.settle_claim(booking_id=booking.pk, upheld=upheld, note=note, actor=actor, now=NOW)


def test_claim_is_to_be_settled_within_one_working_day(sitting: Sitting) -> None:
    take(sitting, 1)
    # NOW is a Wednesday.
    assert claim(sitting, 1).settle_by == date(2026, 11, 19)


def test_claim_without_a_booking_to_claim_is_refused(sitting: Sitting) -> None:
    with pytest.raises(Refused) as refusal:
        claim(sitting, 1)
    assert refusal.value.code == "nothing_to_claim"


def test_claim_twice_with_one_mobile_is_refused(sitting: Sitting) -> None:
    take(sitting, 1)
    claim(sitting, 1)
    with pytest.raises(Refused) as refusal:
        claim(sitting, 1)
    assert refusal.value.code == "already_claimed"


def test_claim_message_tells_nothing_of_the_other_booking(sitting: Sitting) -> None:
    other = take(sitting, 1)
    claim(sitting, 1)
    text = Message.objects.get(kind="claim_received").text
    assert other.mobile not in text
    assert other.reference not in text


def test_upheld_claim_gets_the_strangers_number(sitting: Sitting, cast: Cast) -> None:
    stranger = confirm(take(sitting, 1))
    mine = settle(claim(sitting, 1), cast.window_clerk, upheld=True)
    stranger.refresh_from_db()
    assert (stranger.status, mine.status, mine.number) == (BookingStatus.CANCELLED, BookingStatus.OFFERED, 1)


def test_upheld_claim_gets_the_strangers_place_in_line(full_sitting: Sitting, cast: Cast) -> None:
    stranger = wait(full_sitting, 6)
    mine = settle(claim(full_sitting, 6), cast.bureau_staff, upheld=True)
    assert (mine.status, mine.queued_at) == (BookingStatus.WAITING, stranger.queued_at)


def test_dismissed_claim_leaves_the_booking_as_it_is(sitting: Sitting, cast: Cast) -> None:
    holder = confirm(take(sitting, 1))
    mine = settle(claim(sitting, 1), cast.window_clerk, upheld=False)
    holder.refresh_from_db()
    assert (holder.status, mine.status) == (BookingStatus.CONFIRMED, BookingStatus.CANCELLED)


def test_settle_without_a_note_is_refused(sitting: Sitting, cast: Cast) -> None:
    take(sitting, 1)
    with pytest.raises(Refused) as refusal:
        settle(claim(sitting, 1), cast.window_clerk, upheld=True, note=" ")
    assert refusal.value.code == "no_note"


@pytest.mark.parametrize("role", ["department_staff", "inspector", "leader", "system_administrator"])
def test_settle_by_others_is_forbidden(sitting: Sitting, cast: Cast, role: str) -> None:
    take(sitting, 1)
    contested = claim(sitting, 1)
    with pytest.raises(PermissionDenied):
        settle(contested, cast[role], upheld=True)


def test_several_claims_for_one_code_can_stand_beside_each_other(sitting: Sitting, cast: Cast) -> None:
    take(sitting, 1)
    first = claim(sitting, 1)
    second = claim(sitting, 1, application=application(1, mobile="13999999998"))
    settle(first, cast.window_clerk, upheld=True)
    assert settle(second, cast.window_clerk, upheld=False).status == BookingStatus.CANCELLED


def test_upheld_claim_an_hour_before_the_session_still_gets_the_number(sitting: Sitting, cast: Cast) -> None:
    confirm(take(sitting, 1))
    contested = claim(sitting, 1)
    near = FIRST_SESSION - timedelta(minutes=50)
    mine = services.settle_claim(
        booking_id=contested.pk, upheld=True, note="已核实", actor=cast.window_clerk, now=near
    )
    assert (mine.status, mine.number, mine.held_until) == (BookingStatus.OFFERED, 1, FIRST_SESSION)


def test_settle_after_the_session_began_is_refused(sitting: Sitting, cast: Cast) -> None:
    confirm(take(sitting, 1))
    contested = claim(sitting, 1)
    with pytest.raises(Refused) as refusal:
        services.settle_claim(
            booking_id=contested.pk, upheld=True, note="已核实", actor=cast.window_clerk, now=FIRST_SESSION
        )
    assert refusal.value.code == "session_started"


def test_claim_ends_with_a_cancelled_sitting_and_is_no_claim_on_the_next(sitting: Sitting, cast: Cast) -> None:
    confirm(take(sitting, 1))
    contested = claim(sitting, 1)
    services.cancel_sitting(sitting_id=sitting.pk, reason="场地维修", actor=cast.bureau_staff, now=NOW)
    contested.refresh_from_db()
    assert contested.status == BookingStatus.CANCELLED
    following = make_sitting(date(2026, 12, 10), published=True, opens_at=NOW + timedelta(days=10))
    assert services.offer_first_claims(NOW) == 1
    assert Booking.objects.get(sitting=following).mobile == application(1).mobile


@pytest.mark.parametrize("upheld", [True, False])
def test_claim_is_owed_until_it_is_settled(sitting: Sitting, cast: Cast, upheld: bool) -> None:
    take(sitting, 1)
    contested = claim(sitting, 1)
    owed = Obligation.objects.get(kind="claim")
    assert (owed.status, owed.last_day) == ("open", contested.settle_by)
    services.settle_claim(booking_id=contested.pk, upheld=upheld, note="已核实", actor=cast.window_clerk, now=NOW)
    owed.refresh_from_db()
    contested.refresh_from_db()
    assert owed.status == "met"
    assert bool(contested.mobile_verified_at) == upheld
