"""The enterprise's page on the day and after: its place in the queue, and the next list for who was absent. [3.3]"""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from appointments import services
from appointments.enums import BookingStatus, QueueStatus
from appointments.models import Booking
from appointments.selectors_day import before, entry_of, joined_after, next_after, opening_after
from appointments.views.common import holder_page, ticket_url
from core.errors import Refused

# Seconds between two looks of the page on the day, and for how many minutes it goes on looking.
REFRESH_SECONDS, REFRESH_MINUTES = 10, 12 * 60


def day_context(booking: Booking, now: datetime) -> dict[str, Any]:
    """What the slip says on the day of the session: come, how many are before, called, in consultation. [3.6]"""
    if booking.status != BookingStatus.ACCEPTED or booking.session is None:
        return {}
    if booking.session.day != timezone.localdate(now):
        return {}
    entry = entry_of(booking.pk)
    waits = entry is not None and entry.status == QueueStatus.WAITING
    return {
        "on_the_day": True,
        "entry": entry,
        "before": before(entry) if entry is not None and waits else None,
        "refresh": REFRESH_SECONDS,
        "refresh_minutes": REFRESH_MINUTES,
    }


def absence_context(booking: Booking, now: datetime) -> dict[str, Any]:
    """For who was absent: the place on the next list, taken or to be taken, or when there will be one. [3.3]"""
    if booking.status != BookingStatus.ABSENT:
        return {}
    joined = joined_after(booking)
    coming = None if joined else next_after(booking.sitting, now)
    return {
        "joined_url": ticket_url(joined) if joined else "",
        "coming": coming,
        "opening": opening_after(booking.sitting, now) if not joined and coming is None else None,
        "next_url": ticket_url(booking, "appointments:next_list"),
    }


@holder_page
def next_list(request: HttpRequest, booking: Booking) -> HttpResponse:
    """A press takes the place on the next list; looking takes nothing."""
    if request.method != "POST":
        return redirect(ticket_url(booking))
    try:
        joined = services.join_after_absence(booking_id=booking.pk, now=timezone.now())
    except Refused as refusal:
        context = {"refusal": refusal, "back": ticket_url(booking)}
        return render(request, "appointments/next_list_refused.html", context, status=409)
    return redirect(ticket_url(joined))
