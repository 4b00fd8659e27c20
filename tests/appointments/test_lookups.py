from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from appointments import services
from appointments.models import Booking, PressureReport
from core import secrets
from core.errors import Refused
from core.models import AuditEntry
from notifications.channels import fill
from notifications.models import Message
from sessions_app.models import Sitting
from tests.appointments.conftest import NOW, answers, confirm, take
from tests.conftest import Cast
from tests.factories import department


@pytest.mark.clause("[3.3]")
class TestFindBooking:
    def test_sends_the_link_to_the_contact_on_record(self, sitting: Sitting) -> None:
        booking = take(sitting, 1)
        found = services.find_booking(reference=booking.reference.lower(), mobile=booking.mobile, now=NOW)
        assert found
        message = Message.objects.get(kind="link_again")
        assert message.recipient == booking.mobile
        assert booking.ticket_secret not in message.text
        assert f"/b/{booking.ticket_secret}/" in fill(message)

    def test_with_another_mobile_sends_nothing(self, sitting: Sitting) -> None:
        booking = take(sitting, 1)
        assert not services.find_booking(reference=booking.reference, mobile="13912345678", now=NOW)
        assert not Message.objects.filter(kind="link_again").exists()

    def test_asked_often_sends_once_in_ten_minutes(self, sitting: Sitting) -> None:
        booking = take(sitting, 1)
        for _again in range(3):
            services.find_booking(reference=booking.reference, mobile=booking.mobile, now=NOW)
        assert Message.objects.filter(kind="link_again").count() == 1


@pytest.mark.clause("[3.3]")
def test_the_secrets_of_a_booking_differ_and_only_their_hashes_are_stored(sitting: Sitting) -> None:
    booking = take(sitting, 1)
    assert len({booking.ticket_secret, booking.checkin_secret, str(booking.link_seed)}) == 3
    columns = [str(getattr(booking, field.attname)) for field in Booking._meta.concrete_fields]
    assert booking.ticket_secret not in columns
    assert booking.checkin_secret not in columns
    assert booking.ticket_digest == secrets.digest(booking.ticket_secret)


@pytest.mark.clause("[5.2]")
class TestReportPressure:
    def test_is_told_to_the_inspection_office_alone(self, sitting: Sitting, cast: Cast) -> None:
        booking = take(sitting, 1)
        services.report_pressure(booking_id=booking.pk, content="被要求撤回诉求", contact="", now=NOW)
        told = Message.objects.filter(kind="pressure_reported")
        assert sorted(told.values_list("recipient", flat=True)) == ["inspection_approver", "inspector"]
        assert all(booking.company_name not in text for text in told.values_list("text", flat=True))

    def test_pressed_twice_is_one_report_and_the_same_words_of_another_day_are_two(
        self, sitting: Sitting, cast: Cast
    ) -> None:
        booking = take(sitting, 1)
        words = {"booking_id": booking.pk, "content": "被要求撤回诉求", "contact": ""}
        for moment in (NOW, NOW + timedelta(seconds=2)):
            services.report_pressure(**words, now=moment)
        assert PressureReport.objects.count() == 1
        assert Message.objects.filter(kind="pressure_reported").count() == 2, "both of the office, once each"
        services.report_pressure(**words | {"content": "又被要求撤回"}, now=NOW)
        services.report_pressure(**words, now=NOW + timedelta(days=1))
        assert PressureReport.objects.count() == 3


class TestRevealContact:
    def test_leaves_a_trace_with_the_reason(self, sitting: Sitting, cast: Cast) -> None:
        booking = confirm(take(sitting, 1))
        services.reveal_contact(booking_id=booking.pk, reason="电话核实", actor=cast.department_staff)
        entry = AuditEntry.objects.get(action="reveal_contact")
        assert (entry.user, entry.reason) == (cast.department_staff, "电话核实")

    def test_without_reason_is_refused(self, sitting: Sitting, cast: Cast) -> None:
        booking = confirm(take(sitting, 1))
        with pytest.raises(Refused) as refusal:
            services.reveal_contact(booking_id=booking.pk, reason="", actor=cast.bureau_staff)
        assert refusal.value.code == "no_reason"

    def test_of_another_departments_booking_is_not_found(self, sitting: Sitting, cast: Cast) -> None:
        booking = confirm(take(sitting, 1), answers=answers(departments=[department("市税务局")]))
        with pytest.raises(Refused) as refusal:
            services.reveal_contact(booking_id=booking.pk, reason="x", actor=cast.other_department_staff)
        assert refusal.value.code == "gone"

    @pytest.mark.parametrize("role", ["leader", "auditor", "system_administrator", "security_officer"])
    def test_by_who_handles_no_bookings_is_forbidden(self, sitting: Sitting, cast: Cast, role: str) -> None:
        booking = confirm(take(sitting, 1))
        with pytest.raises(PermissionDenied):
            services.reveal_contact(booking_id=booking.pk, reason="x", actor=cast[role])


def test_visible_to_shows_a_department_its_own_submitted_bookings(sitting: Sitting, cast: Cast) -> None:
    confirm(take(sitting, 1))
    take(sitting, 2)
    seen = {name: Booking.objects.visible_to(person).count() for name, person in cast.items()}
    assert seen["bureau_staff"] == seen["inspector"] == seen["window_clerk"] == 2
    assert seen["department_staff"] == seen["department_head"] == 1
    assert seen["other_department_staff"] == 0
