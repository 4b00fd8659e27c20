"""The registration slip: the enterprise's own page, from the first press to the end. [3.3]"""

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from appointments.enums import FILLING, RAN_OUT, BookingStatus
from appointments.models import Booking
from appointments.moves import CANCEL
from appointments.views.common import hold_context, holder_page, ticket_url
from appointments.views.form import checked_forms, sections_of
from core import ical, policy
from core.ical import calendar, event
from core.qr import qr_svg
from core.selectors import ours
from sessions_app.selectors import sessions_of


@holder_page
def ticket(request: HttpRequest, booking: Booking) -> HttpResponse:
    """The registration slip: the enterprise's own page, from the first press to the end. [3.3]"""
    confirmed = booking.status == BookingStatus.CONFIRMED
    unplaced = _("具体时间、地点和场次将于坐诊前3日通知")
    context = hold_context(booking, timezone.now()) | {
        "sitting": booking.sitting,
        "state": booking.status,
        "sessions": sessions_of(booking.sitting_id) if confirmed else [],
        "when_text": unplaced,
        "place_text": unplaced,
        "checkin_svg": qr_svg(checkin_address(booking)) if confirmed else "",
        "answers": sections_of(booking, checked_forms(booking)) if confirmed else [],
        "can_cancel": booking.status in CANCEL.sources,
        "cancel_url": ticket_url(booking, "appointments:cancel"),
        "ics_url": ticket_url(booking, "appointments:ticket_ics"),
        "claim_working_days": ours(policy.CLAIM_WORKING_DAYS),
        "form_url": form_url(booking),
        "take_again_url": take_again_url(booking),
    }
    return render(request, "appointments/ticket.html", context)


def checkin_address(booking: Booking) -> str:
    return f"{settings.PUBLIC_BASE_URL}{reverse('appointments:checkin', args=[booking.checkin_secret])}"


def form_url(booking: Booking) -> str:
    return ticket_url(booking, "appointments:step", "grounds") if booking.status in FILLING else ""


def take_again_url(booking: Booking) -> str:
    if booking.status in RAN_OUT:
        return ticket_url(booking, "appointments:expired")
    return reverse("portal:home") if booking.status not in CANCEL.sources else ""


@holder_page
def ticket_ics(request: HttpRequest, booking: Booking) -> HttpResponse:
    return ical.download(booking_calendar(booking), f"{booking.reference}.ics")


def booking_calendar(booking: Booking) -> bytes:
    """The booked day as a whole: the hour is told 3 days before. [3.5]"""
    day = booking.sitting.day
    reminder = _("具体时间、地点和场次将于坐诊前3日通知，请提前%s分钟到现场候诊。") % policy.ARRIVE_EARLY_MINUTES
    entry = event(
        f"booking-{booking.reference}",
        _("局长坐诊接诉 %(title)s（预约编号 %(reference)s）")
        % {"title": booking.sitting.title, "reference": booking.reference},
        booking.confirmed_at or booking.queued_at,
        dtstart=day,
        dtend=day + timedelta(days=1),
        location=str(policy.WINDOW_PLACE),
        description=reminder,
    )
    return calendar(booking.sitting.title, [entry])
