"""Finding one's booking again, looking at contact data, and reporting pressure."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from appointments import notices, permissions
from appointments.models import Booking, PressureReport
from appointments.selectors import live_booking_of
from appointments.services.numbers import Application
from core import audit
from core.errors import Refused
from core.models import User
from core.transitions import lock

# Who writes the same words again after so long means that it has happened again.
SAME_PRESS = timedelta(hours=1)


def find_booking(*, reference: str, mobile: str, now: datetime) -> bool:
    """Send the ticket's link to the contact on record when number and mobile match; never shows it. [3.3]"""
    with transaction.atomic():
        booking = Booking.objects.filter(reference=reference.strip().upper(), mobile=mobile).first()
        if booking is None:
            return False
        audit.record("find_booking", booking, actor=audit.ANYONE, clause="[3.3]")
        notices.link_again(booking, now)
    return True


def resend_link(*, sitting_id: int, application: Application, now: datetime) -> None:
    """Send the ticket's link once more when an enterprise asks for a second number with its own mobile. [3.3]"""
    with transaction.atomic():
        booking = live_booking_of(sitting_id, application.identity)
        if booking is not None and booking.mobile == application.mobile:
            notices.link_again(booking, now)


def reveal_contact(*, booking_id: int, reason: str, actor: User) -> Booking:
    """An audited look at unmasked contact data. Refuses `no_reason`; a booking of another department is not found."""
    permissions.check_can_reveal_contact(actor)
    if not reason.strip():
        raise Refused("no_reason", _("请说明查看联系方式的理由。"), field="reason")
    booking = Booking.objects.visible_to(actor).filter(pk=booking_id).first()
    if booking is None:
        raise Refused("gone", _("该记录不存在，或不在您的部门。"))
    audit.record("reveal_contact", booking, actor=actor, reason=reason)
    return booking


def report_pressure(*, booking_id: int, content: str, contact: str, now: datetime) -> PressureReport:
    """Keep what the enterprise says for the inspection office, and tell only that office; the same words pressed twice
    are one report. [5.2]
    """
    with transaction.atomic():
        lock(Booking, booking_id)
        said = PressureReport.objects.filter(booking=booking_id, content=content, contact=contact)
        if same := said.filter(reported_at__gt=now - SAME_PRESS).first():
            return same
        report = PressureReport.objects.create(
            booking_id=booking_id, content=content, contact=contact, reported_at=now
        )
        audit.record("report_pressure", report, actor=audit.HOLDER, clause="[5.2]")
        notices.pressure_reported(report)
    return report
