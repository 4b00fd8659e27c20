from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from appointments.enums import BookingStatus, Origin
from appointments.models import Booking, Enterprise
from core import secrets
from core.errors import Refused
from core.models import AuditEntry
from sessions_app.models import Sitting, Slot
from tests.appointments.conftest import NOW, OPENS, application, cancel, claim, credit_code, take, wait
from tests.conftest import Cast
from tests.factories import make_sitting

pytestmark = pytest.mark.clause("[3.3]")


def code_of(refusal: pytest.ExceptionInfo[Refused]) -> str:
    return refusal.value.code


def test_take_number_five_times_gives_one_to_five_in_order(sitting: Sitting) -> None:
    assert [take(sitting, serial).number for serial in range(1, 6)] == [1, 2, 3, 4, 5]


def test_take_number_the_sixth_is_refused_as_full(full_sitting: Sitting) -> None:
    with pytest.raises(Refused) as refusal:
        take(full_sitting, 6)
    assert code_of(refusal) == "full"
    assert "候补" in str(refusal.value.message)
    assert Booking.objects.count() == 5


def test_take_number_holds_it_for_fifteen_minutes(sitting: Sitting) -> None:
    booking = take(sitting, 1)
    assert booking.status == BookingStatus.HELD
    assert booking.held_until == NOW + timedelta(minutes=15)


@pytest.mark.parametrize(
    ("now", "code"),
    [
        (OPENS - timedelta(seconds=1), "not_open_yet"),
        (OPENS, None),
        (OPENS + timedelta(days=7, hours=14, minutes=59), None),
        (OPENS + timedelta(days=7, hours=15), "closed"),
        (OPENS + timedelta(days=11), "over"),
    ],
)
def test_take_number_only_from_the_opening_to_the_end_of_the_seventh_day(sitting: Sitting, now, code) -> None:
    if code is None:
        assert take(sitting, 1, now=now).number == 1
        return
    with pytest.raises(Refused) as refusal:
        take(sitting, 1, now=now)
    assert code_of(refusal) == code


def test_take_number_of_an_unpublished_sitting_is_refused(db: None) -> None:
    with pytest.raises(Refused) as refusal:
        take(make_sitting(), 1)
    assert code_of(refusal) == "not_published"


def test_take_number_twice_for_one_enterprise_is_refused(sitting: Sitting) -> None:
    take(sitting, 1)
    with pytest.raises(Refused) as refusal:
        take(sitting, 1)
    assert (code_of(refusal), refusal.value.field) == ("already_booked", "credit_code")
    assert str(refusal.value.message) == "该企业本期已有预约。"
    assert Slot.objects.filter(taken=True).count() == 1


def test_take_number_the_same_submission_again_gives_the_same_booking(sitting: Sitting) -> None:
    token = secrets.new_submission()
    first = take(sitting, 1, submission=token)
    assert [take(sitting, 1, submission=token).pk for _again in range(4)] == [first.pk] * 4
    assert Booking.objects.count() == 1


def test_take_number_the_same_submission_after_the_sitting_filled_gives_the_same_booking(sitting: Sitting) -> None:
    token = secrets.new_submission()
    first = take(sitting, 1, submission=token)
    for serial in range(2, 6):
        take(sitting, serial)
    assert take(sitting, 1, submission=token).ticket_secret == first.ticket_secret


@pytest.mark.clause("[4.1]")
def test_take_number_an_investor_without_code_stands_by_its_mobile(sitting: Sitting) -> None:
    investor = application(1, enterprise_kind="investing", credit_code="")
    assert take(sitting, 1, application=investor).enterprise.identity == "mobile:13800000001"
    with pytest.raises(Refused) as refusal:
        take(sitting, 1, application=investor)
    assert code_of(refusal) == "already_booked"


def test_take_number_in_the_next_sitting_uses_the_same_enterprise(sitting: Sitting) -> None:
    take(sitting, 1)
    later = make_sitting(sitting.day + timedelta(days=7), published=True, opens_at=OPENS)
    take(later, 1)
    assert Enterprise.objects.get().identity == f"code:{credit_code(1)}"


def test_take_number_gives_way_to_who_stands_in_line(full_sitting: Sitting) -> None:
    waiting = wait(full_sitting, 6)
    cancel(Booking.objects.get(slot__number=3))
    waiting.refresh_from_db()
    assert (waiting.status, waiting.number) == (BookingStatus.OFFERED, 3)
    # A number that became free beside the line, as after a lost moment, is not for the public either.
    wait(full_sitting, 7)
    Booking.objects.filter(slot__number=5).update(status=BookingStatus.EXPIRED, held_until=None)
    Slot.objects.filter(number=5).update(taken=False)
    with pytest.raises(Refused) as refusal:
        take(full_sitting, 8)
    assert code_of(refusal) == "full"
    assert not Slot.objects.get(number=5).taken


def test_take_number_at_the_desk_keeps_who_helped(sitting: Sitting, cast: Cast) -> None:
    booking = take(sitting, 1, actor=cast.window_clerk)
    assert (booking.origin, booking.booked_by) == (Origin.DESK, cast.window_clerk)


@pytest.mark.parametrize("role", ["department_staff", "leader", "inspector", "auditor", "system_administrator"])
def test_take_number_at_the_desk_by_others_is_forbidden(sitting: Sitting, cast: Cast, role: str) -> None:
    with pytest.raises(PermissionDenied):
        take(sitting, 1, actor=cast[role])
    assert not Booking.objects.exists()


def test_take_number_leaves_no_secret_and_no_contact_in_the_trail(sitting: Sitting) -> None:
    booking = take(sitting, 1)
    entry = AuditEntry.objects.get(subject=f"appointments.booking:{booking.pk}")
    assert (entry.action, entry.after, entry.clause) == ("booking_held", "held", "[3.3]")
    row = " ".join(str(getattr(entry, field.attname)) for field in entry._meta.concrete_fields)
    assert booking.mobile not in row
    assert booking.ticket_secret not in row


def test_claims_do_not_count_as_live_bookings(sitting: Sitting) -> None:
    take(sitting, 1)
    assert claim(sitting, 1).status == BookingStatus.CONTESTED


class TestTheDatabaseRefuses:
    """The constraints, past the verbs."""

    def test_a_second_live_booking_for_a_number(self, sitting: Sitting) -> None:
        first, second = take(sitting, 1), take(sitting, 2)
        with pytest.raises(IntegrityError), transaction.atomic():
            Booking.objects.filter(pk=second.pk).update(slot=first.slot)

    def test_a_second_live_booking_for_an_enterprise(self, sitting: Sitting) -> None:
        first, second = take(sitting, 1), take(sitting, 2)
        with pytest.raises(IntegrityError), transaction.atomic():
            Booking.objects.filter(pk=second.pk).update(enterprise=first.enterprise)

    def test_a_sixth_number(self, sitting: Sitting) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            Slot.objects.create(sitting=sitting, number=6)

    @pytest.mark.parametrize(
        "columns",
        [
            {"held_until": None},
            {"slot": None},
            {"status": BookingStatus.CONFIRMED, "held_until": None},
            {"status": BookingStatus.WAITING, "held_until": None},
            {"status": BookingStatus.CONTESTED, "held_until": None, "slot": None},
        ],
    )
    def test_a_status_without_what_it_needs(self, sitting: Sitting, columns) -> None:
        booking = take(sitting, 1)
        with pytest.raises(IntegrityError), transaction.atomic():
            Booking.objects.filter(pk=booking.pk).update(**columns)


def test_a_reference_drawn_twice_is_drawn_again(sitting: Sitting, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter("AAAAAAAAAABBBBB")
    monkeypatch.setattr("core.references.secrets.choice", lambda _characters: next(drawn))
    assert [take(sitting, serial).reference[-5:] for serial in (1, 2)] == ["AAAAA", "BBBBB"]


def test_a_reference_that_stays_taken_is_a_sentence(sitting: Sitting, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.references.secrets.choice", lambda _characters: "A")
    take(sitting, 1)
    with pytest.raises(Refused) as refusal:
        take(sitting, 2)
    assert code_of(refusal) == "reference_taken"
    assert Booking.objects.count() == 1
