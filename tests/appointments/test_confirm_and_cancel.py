from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from appointments import services
from appointments.enums import BookingStatus
from appointments.models import Booking, BookingDraft
from core import audit
from core.errors import AlreadyDone, Refused
from notifications.channels import fill
from notifications.models import Message
from sessions_app.models import Sitting, Slot
from tests.appointments.conftest import FIRST_SESSION, NOW, answers, cancel, confirm, consent, take, wait
from tests.conftest import Cast

pytestmark = [pytest.mark.clause("[3.3]")]
JUST_IN_TIME = NOW + timedelta(minutes=15)
TOO_LATE = JUST_IN_TIME + timedelta(seconds=1)


def test_confirm_keeps_the_answers_and_tells_the_enterprise(sitting: Sitting) -> None:
    booking = confirm(take(sitting, 1))
    booking.refresh_from_db()
    assert (booking.status, booking.confirmed_at, booking.held_until) == (BookingStatus.CONFIRMED, NOW, None)
    assert (booking.title, booking.consent) == ("退税进度", consent())
    assert [department.name for department in booking.departments.all()] == ["市税务局"]
    message = Message.objects.get(kind="booking_confirmed")
    assert (message.channel, message.recipient) == ("sms", booking.mobile)
    assert "{{ticket}}" in message.text
    assert f"/b/{booking.ticket_secret}/" in fill(message)
    assert booking.ticket_secret not in message.text


def test_confirm_removes_the_draft(sitting: Sitting) -> None:
    booking = take(sitting, 1)
    services.keep_answers(booking_id=booking.pk, answers={"title": ["退税"]}, now=NOW)
    confirm(booking)
    assert not BookingDraft.objects.exists()


def test_confirm_in_the_last_second_holds(sitting: Sitting) -> None:
    assert confirm(take(sitting, 1), now=JUST_IN_TIME).status == BookingStatus.CONFIRMED


def test_confirm_after_the_hold_ran_out_is_refused_even_before_any_job_noticed(sitting: Sitting) -> None:
    booking = take(sitting, 1)
    with pytest.raises(Refused) as refusal:
        confirm(booking, now=TOO_LATE)
    assert refusal.value.code == "hold_ran_out"
    booking.refresh_from_db()
    assert (booking.status, booking.title) == (BookingStatus.HELD, "")


def test_confirm_pressed_twice_is_already_done(sitting: Sitting) -> None:
    booking = confirm(take(sitting, 1))
    with pytest.raises(AlreadyDone):
        confirm(booking, answers=answers(title="另一个标题"))
    booking.refresh_from_db()
    assert booking.title == "退税进度"
    assert Message.objects.filter(kind="booking_confirmed").count() == 1


def test_confirm_by_who_waits_is_refused(full_sitting: Sitting) -> None:
    with pytest.raises(Refused) as refusal:
        confirm(wait(full_sitting, 6))
    assert refusal.value.code == "wrong_status"


def test_confirm_by_email_and_phone_tells_over_both(sitting: Sitting) -> None:
    confirm(take(sitting, 1), answers=answers(channels=["email", "phone"], email="a@example.cn"))
    told = Message.objects.filter(kind="booking_confirmed").values_list("channel", "recipient")
    assert sorted(told) == [("email", "a@example.cn"), ("phone", "13800000001")]


def test_cancel_without_anybody_waiting_opens_the_number_to_the_public(full_sitting: Sitting) -> None:
    cancel(confirm(Booking.objects.get(slot__number=2)))
    assert Slot.objects.filter(taken=False).values_list("number", flat=True).get() == 2
    assert take(full_sitting, 6).number == 2


def test_cancel_with_a_line_gives_the_number_to_the_first_in_line(full_sitting: Sitting) -> None:
    first, second = wait(full_sitting, 6), wait(full_sitting, 7, now=NOW + timedelta(minutes=1))
    cancel(Booking.objects.get(slot__number=4))
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, first.number, second.status) == (BookingStatus.OFFERED, 4, BookingStatus.WAITING)
    assert Slot.objects.get(number=4).taken


def test_cancel_until_the_session_starts(sitting: Sitting) -> None:
    booking = confirm(take(sitting, 1))
    with pytest.raises(Refused) as refusal:
        cancel(booking, now=FIRST_SESSION)
    assert refusal.value.code == "session_started"
    assert cancel(booking, now=FIRST_SESSION - timedelta(seconds=1)).status == BookingStatus.CANCELLED


def test_cancel_twice_is_already_done(sitting: Sitting) -> None:
    booking = cancel(take(sitting, 1))
    with pytest.raises(AlreadyDone):
        cancel(booking)


def test_cancelled_enterprise_may_book_again(sitting: Sitting) -> None:
    cancel(take(sitting, 1))
    assert take(sitting, 1).number == 1


@pytest.mark.parametrize("role", ["department_staff", "department_head", "leader", "inspector", "auditor"])
def test_cancel_by_others_is_forbidden(sitting: Sitting, cast: Cast, role: str) -> None:
    booking = take(sitting, 1)
    with pytest.raises(PermissionDenied):
        cancel(booking, actor=cast[role])


def test_cancel_by_nobody_is_forbidden(sitting: Sitting) -> None:
    with pytest.raises(PermissionDenied):
        cancel(take(sitting, 1), actor=audit.ANYONE)
