"""Who did not come: noted once at the session's end, told, and offered once a place on the next list. [3.3]"""

from datetime import timedelta

import pytest

from appointments import services
from appointments.enums import BookingStatus
from appointments.enums import QueueStatus as Q
from appointments.models import Booking
from appointments.selectors import answers_of
from core.errors import Refused
from notifications.models import Message
from sessions_app.models import Sitting
from tests.appointments.conftest import DAY, take
from tests.appointments.day_steps import MORNING, NOON, arrived, bring_entry_to, placed
from tests.conftest import Cast
from tests.factories import make_sitting

pytestmark = [pytest.mark.clause("[3.3]"), pytest.mark.django_db]
NEXT_DAY = DAY + timedelta(days=14)


def statuses() -> list[str]:
    return list(Booking.objects.order_by("pk").values_list("status", flat=True))


def told() -> int:
    return Message.objects.filter(kind="booking_absent").count()


def absent_booking(sitting: Sitting, cast: Cast) -> Booking:
    booking = placed(sitting, 1, cast.bureau_staff)
    services.end_sessions(NOON)
    booking.refresh_from_db()
    return booking


def test_end_of_the_session_makes_who_never_came_absent_and_tells_once(sitting: Sitting, cast: Cast) -> None:
    placed(sitting, 1, cast.bureau_staff)
    assert services.end_sessions(NOON - timedelta(seconds=1)) == 0
    assert services.end_sessions(NOON) == 1
    assert services.end_sessions(NOON + timedelta(days=7)) == 0
    assert (statuses(), told()) == ([BookingStatus.ABSENT], 1)


@pytest.mark.parametrize(
    ("status", "becomes"),
    [
        (Q.WAITING, BookingStatus.ACCEPTED),
        (Q.CALLED, BookingStatus.ACCEPTED),
        (Q.CONSULTING, BookingStatus.ACCEPTED),
        (Q.DONE, BookingStatus.ATTENDED),
        (Q.ABSENT, BookingStatus.ABSENT),
    ],
)
def test_end_of_the_session_leaves_who_is_there_to_people(
    status: str, becomes: str, sitting: Sitting, cast: Cast
) -> None:
    (entry,) = arrived(sitting, cast.bureau_staff, 1)
    bring_entry_to(status, entry, cast.bureau_staff)
    services.end_sessions(NOON)
    assert statuses() == [becomes]
    assert told() == (becomes == BookingStatus.ABSENT)


def test_who_is_called_when_the_session_ends_can_still_be_finished(sitting: Sitting, cast: Cast) -> None:
    (entry,) = arrived(sitting, cast.bureau_staff, 1)
    bring_entry_to(Q.CALLED, entry, cast.bureau_staff)
    services.end_sessions(NOON)
    services.start_consultation(entry_id=entry.pk, actor=cast.bureau_staff, now=NOON)
    services.finish_consultation(entry_id=entry.pk, actor=cast.bureau_staff, now=NOON + timedelta(minutes=20))
    assert statuses() == [BookingStatus.ATTENDED]


def test_who_was_marked_absent_comes_back_until_the_end_and_not_after(sitting: Sitting, cast: Cast) -> None:
    (entry,) = arrived(sitting, cast.bureau_staff, 1)
    bring_entry_to(Q.ABSENT, entry, cast.bureau_staff)
    with pytest.raises(Refused, match="session_over"):
        services.bring_back(entry_id=entry.pk, actor=cast.bureau_staff, now=NOON)


def test_join_after_absence_stands_in_line_once_with_the_same_form(sitting: Sitting, cast: Cast) -> None:
    booking = absent_booking(sitting, cast)
    later = make_sitting(NEXT_DAY, published=True, opens_at=NOON)
    for serial in range(11, 16):
        take(later, serial, now=NOON)
    joined = services.join_after_absence(booking_id=booking.pk, now=NOON)
    again = services.join_after_absence(booking_id=booking.pk, now=NOON + timedelta(hours=1))
    assert (joined.status, joined.sitting, again) == (BookingStatus.WAITING, later, joined)
    assert answers_of(joined)["facts"] == [booking.facts]
    assert answers_of(joined)["channels"] == ["sms"]


def test_join_after_absence_takes_a_free_number_where_nobody_waits(sitting: Sitting, cast: Cast) -> None:
    booking = absent_booking(sitting, cast)
    make_sitting(NEXT_DAY, published=True, opens_at=NOON)
    assert services.join_after_absence(booking_id=booking.pk, now=NOON).status == BookingStatus.HELD


def test_join_after_absence_need_not_show_its_mobile_again(sitting: Sitting, cast: Cast) -> None:
    booking = absent_booking(sitting, cast)
    booking.mobile_verified_at = booking.queued_at
    booking.save(update_fields=["mobile_verified_at"])
    make_sitting(NEXT_DAY, published=True, opens_at=NOON)
    assert services.join_after_absence(booking_id=booking.pk, now=NOON).mobile_verified_at == NOON


def test_join_after_absence_passes_a_sitting_that_is_called_off(sitting: Sitting, cast: Cast) -> None:
    booking = absent_booking(sitting, cast)
    make_sitting(NEXT_DAY, published=True, cancelled=True)
    second = make_sitting(NEXT_DAY + timedelta(days=14), published=True, opens_at=NOON)
    assert services.join_after_absence(booking_id=booking.pk, now=NOON).sitting == second


def test_join_after_absence_before_the_next_opens_is_refused(sitting: Sitting, cast: Cast) -> None:
    booking = absent_booking(sitting, cast)
    make_sitting(NEXT_DAY, published=True, opens_at=NOON + timedelta(days=2))
    with pytest.raises(Refused, match="no_next_sitting"):
        services.join_after_absence(booking_id=booking.pk, now=NOON)


def test_join_after_absence_of_who_came_is_refused(sitting: Sitting, cast: Cast) -> None:
    booking = placed(sitting, 1, cast.bureau_staff)
    with pytest.raises(Refused, match="not_absent"):
        services.join_after_absence(booking_id=booking.pk, now=MORNING)


def test_join_after_absence_of_who_booked_meanwhile_is_refused(sitting: Sitting, cast: Cast) -> None:
    booking = absent_booking(sitting, cast)
    later = make_sitting(NEXT_DAY, published=True, opens_at=NOON)
    take(later, 1, now=NOON)
    with pytest.raises(Refused, match="already_booked"):
        services.join_after_absence(booking_id=booking.pk, now=NOON)
