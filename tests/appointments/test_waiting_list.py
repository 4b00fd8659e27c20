from datetime import timedelta

import pytest

from appointments import services
from appointments.enums import BookingStatus
from appointments.models import Booking
from appointments.selectors import place_in_line
from core import audit, secrets
from core.errors import Refused
from notifications.models import Message
from sessions_app.models import Sitting, Slot
from tests.appointments.conftest import FIRST_SESSION, NOW, OPENS, cancel, confirm, take, wait
from tests.conftest import Cast

pytestmark = pytest.mark.clause("[3.3]")
AFTER_HOLD = NOW + timedelta(minutes=15, seconds=1)


def test_join_stands_in_order(full_sitting: Sitting) -> None:
    line = [wait(full_sitting, serial, now=NOW + timedelta(minutes=serial)) for serial in (6, 7, 8)]
    assert [place_in_line(booking) for booking in line] == [1, 2, 3]
    assert [booking.slot for booking in line] == [None, None, None]


def test_join_the_same_submission_again_is_one_place(full_sitting: Sitting) -> None:
    token = secrets.new_submission()
    assert wait(full_sitting, 6, submission=token).pk == wait(full_sitting, 6, submission=token).pk


def test_join_while_there_is_a_number_takes_it(sitting: Sitting) -> None:
    """Else five who wait beside free numbers would close the sitting to everybody."""
    booking = wait(sitting, 1)
    assert (booking.status, booking.number) == (BookingStatus.HELD, 1)
    assert take(sitting, 2).number == 2


def test_join_before_the_opening_is_refused(sitting: Sitting) -> None:
    with pytest.raises(Refused) as refusal:
        wait(sitting, 1, now=OPENS - timedelta(seconds=1))
    assert refusal.value.code == "not_open_yet"


def test_join_after_booking_closed_is_possible(full_sitting: Sitting) -> None:
    assert wait(full_sitting, 6, now=OPENS + timedelta(days=8)).status == BookingStatus.WAITING


def test_join_by_who_holds_a_number_is_refused(full_sitting: Sitting) -> None:
    with pytest.raises(Refused) as refusal:
        wait(full_sitting, 1)
    assert refusal.value.code == "already_booked"


def test_offer_lasts_a_day(full_sitting: Sitting) -> None:
    waiting = wait(full_sitting, 6)
    cancel(Booking.objects.get(slot__number=1))
    waiting.refresh_from_db()
    assert waiting.held_until == NOW + timedelta(hours=24)
    assert Message.objects.get(kind="number_offered").recipient == waiting.mobile


def test_offer_near_the_session_lasts_half_the_time_left(full_sitting: Sitting) -> None:
    near = FIRST_SESSION - timedelta(hours=4)
    confirm(Booking.objects.get(slot__number=1))
    waiting = wait(full_sitting, 6)
    cancel(Booking.objects.get(slot__number=1), now=near)
    waiting.refresh_from_db()
    assert waiting.held_until == near + timedelta(hours=2)


def test_offer_within_the_last_hour_is_not_made(full_sitting: Sitting) -> None:
    confirm(Booking.objects.get(slot__number=1))
    waiting = wait(full_sitting, 6)
    cancel(Booking.objects.get(slot__number=1), now=FIRST_SESSION - timedelta(minutes=59))
    waiting.refresh_from_db()
    assert waiting.status == BookingStatus.WAITING


def test_offer_not_taken_passes_on_in_order(full_sitting: Sitting) -> None:
    first, second = wait(full_sitting, 6), wait(full_sitting, 7, now=NOW + timedelta(minutes=1))
    cancel(confirm(Booking.objects.get(slot__number=1)))
    for number in range(2, 6):
        confirm(Booking.objects.get(slot__number=number))
    services.release_due(NOW + timedelta(hours=24, seconds=1))
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.status, second.number) == (BookingStatus.LAPSED, BookingStatus.OFFERED, 1)


def test_release_ends_holds_whose_time_is_over_and_no_others(sitting: Sitting) -> None:
    old, young, done = take(sitting, 1), take(sitting, 2, now=NOW + timedelta(minutes=5)), confirm(take(sitting, 3))
    assert services.release_due(AFTER_HOLD) == 1
    for booking in (old, young, done):
        booking.refresh_from_db()
    assert [b.status for b in (old, young, done)] == ["expired", "held", "confirmed"]
    assert list(Slot.objects.filter(taken=True).values_list("number", flat=True)) == [2, 3]


def test_release_twice_does_nothing_more(sitting: Sitting) -> None:
    take(sitting, 1)
    assert (services.release_due(AFTER_HOLD), services.release_due(AFTER_HOLD)) == (1, 0)


def test_release_after_a_week_without_jobs_catches_up(full_sitting: Sitting) -> None:
    waiting = [wait(full_sitting, serial, now=NOW + timedelta(minutes=serial)) for serial in (6, 7)]
    services.release_due(NOW + timedelta(days=5))
    statuses = [Booking.objects.get(pk=booking.pk).status for booking in waiting]
    assert statuses == [BookingStatus.OFFERED, BookingStatus.OFFERED]
    assert Slot.objects.filter(taken=True).count() == 2


def test_release_gives_a_number_left_beside_the_line_to_the_line(full_sitting: Sitting) -> None:
    waiting = wait(full_sitting, 6)
    Booking.objects.filter(slot__number=5).update(status=BookingStatus.EXPIRED, held_until=None)
    Slot.objects.filter(number=5).update(taken=False)
    services.release_due(NOW)
    waiting.refresh_from_db()
    assert (waiting.status, waiting.number) == (BookingStatus.OFFERED, 5)


def test_retake_after_the_hold_ran_out_keeps_booking_and_draft(sitting: Sitting) -> None:
    booking = take(sitting, 1)
    services.keep_answers(booking_id=booking.pk, answers={"title": ["退税"]}, now=NOW)
    services.release_due(AFTER_HOLD)
    again = services.retake_number(booking_id=booking.pk, actor=audit.HOLDER, now=AFTER_HOLD)
    assert (again.pk, again.status, again.number) == (booking.pk, BookingStatus.HELD, 1)
    assert again.held_until == AFTER_HOLD + timedelta(minutes=15)
    assert again.draft.answers == {"title": ["退税"]}


def test_retake_when_full_stands_in_line(full_sitting: Sitting) -> None:
    late = Booking.objects.get(slot__number=1)
    services.release_due(AFTER_HOLD)
    for serial in range(6, 11):
        take(full_sitting, serial, now=AFTER_HOLD)
    again = services.retake_number(booking_id=late.pk, actor=audit.HOLDER, now=AFTER_HOLD)
    assert (again.status, again.slot) == (BookingStatus.WAITING, None)


def test_retake_when_the_enterprise_booked_anew_is_refused(sitting: Sitting) -> None:
    late = take(sitting, 1)
    services.release_due(AFTER_HOLD)
    take(sitting, 1, now=AFTER_HOLD)
    with pytest.raises(Refused) as refusal:
        services.retake_number(booking_id=late.pk, actor=audit.HOLDER, now=AFTER_HOLD)
    assert refusal.value.code == "already_booked"
    assert Slot.objects.filter(taken=True).count() == 1


def test_number_left_without_taker_is_public_again(full_sitting: Sitting) -> None:
    services.release_due(AFTER_HOLD)
    assert take(full_sitting, 6, now=AFTER_HOLD).number == 1


def test_number_taken_by_nobody_is_free_again(sitting: Sitting) -> None:
    Slot.objects.filter(number=2).update(taken=True)
    services.release_due(NOW)
    assert not Slot.objects.get(number=2).taken


def test_who_waits_to_the_end_is_told_and_no_later_sweep_looks_again(full_sitting: Sitting) -> None:
    waiting = wait(full_sitting, 6)
    assert services.end_lines(FIRST_SESSION) == 0
    assert services.end_lines(FIRST_SESSION + timedelta(days=1)) == 1
    assert services.end_lines(FIRST_SESSION + timedelta(days=1)) == 0
    waiting.refresh_from_db()
    assert waiting.status == BookingStatus.LAPSED
    assert Message.objects.filter(kind="line_ended").count() == 1


def test_wait_again_in_a_sitting_that_was_cancelled_meanwhile_is_refused(full_sitting: Sitting, cast: Cast) -> None:
    late = Booking.objects.get(slot__number=1)
    services.release_due(AFTER_HOLD)
    services.cancel_sitting(sitting_id=full_sitting.pk, reason="x", actor=cast.bureau_staff, now=NOW)
    with pytest.raises(Refused) as refusal:
        services.retake_number(booking_id=late.pk, actor=audit.HOLDER, now=AFTER_HOLD)
    assert refusal.value.code == "sitting_cancelled"
