"""What the public pages share. They carry no cookie and no session: the address itself is the key."""

from datetime import datetime
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from appointments.enums import RAN_OUT, TIMED
from appointments.models import Booking
from appointments.selectors import booking_by_ticket, place_in_line
from appointments.services import keep_attachment, release_if_due
from core.errors import Refused
from core.public import View, public_form


def holder_page(view: View) -> View:
    """A page for the holder of a ticket's secret address; an unknown one is simply not found."""

    @wraps(view)
    def with_booking(request: HttpRequest, secret: str, *args: Any, **kwargs: Any) -> HttpResponse:
        now = timezone.now()
        booking = booking_by_ticket(secret)
        if booking is None:
            raise Http404
        if booking.status in TIMED and booking.hold_has_run_out(now):
            release_if_due(booking_id=booking.pk, now=now)
            booking = booking_by_ticket(secret)
        return view(request, booking, *args, **kwargs)

    return public_form(with_booking)


def ticket_url(booking: Booking, name: str = "portal:enterprise", *args: str) -> str:
    return reverse(name, args=[booking.ticket_secret, *args])


def has_run_out(booking: Booking) -> bool:
    return booking.status in RAN_OUT


def hold_context(booking: Booking, now: datetime) -> dict[str, Any]:
    """The countdown that stands on every step."""
    seconds = int((booking.held_until - now).total_seconds()) if booking.held_until else 0
    booking.position = place_in_line(booking)  # type: ignore[attr-defined]
    return {
        "booking": booking,
        "deadline": booking.held_until,
        "seconds_left": max(0, seconds),
        # On every page of an enterprise from booking on. [5.2]
        "pressure_url": ticket_url(booking, "appointments:pressure"),
        "ticket_url": ticket_url(booking),
    }


def keep_files(request: HttpRequest, booking: Booking) -> list[str]:
    """Keep what came along with a form; the sentences for what could not be kept. [3.3]"""
    problems = []
    for upload in request.FILES.getlist("attachments"):
        try:
            keep_attachment(booking_id=booking.pk, upload=upload, now=timezone.now())
        except Refused as refusal:
            problems.append(refusal.message)
    return problems
