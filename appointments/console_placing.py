"""The placing board: the accepted bookings of a sitting on the times of its sessions (排场). [3.5]"""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appointments import services
from appointments.enums import Reach
from appointments.models import Booking
from appointments.permissions import can_place
from appointments.proposals import propose_places, times_of
from appointments.selectors_handling import bookings_to_place, call_notice_moment, reach_of
from core.console import Tone, actor_of
from core.console_page import console_page
from core.errors import Refused
from notifications.enums import MessageStatus
from sessions_app.models import Session, Sitting
from sessions_app.selectors import announced_sittings, sessions_of

_page = partial(console_page, title=gettext_lazy("排场"), model=Booking)

PERMISSION = "appointments.place_booking"
TONES = {
    Reach.NOT_TOLD: Tone.NEUTRAL,
    Reach.ON_ITS_WAY: Tone.NEUTRAL,
    Reach.REACHED: Tone.ON_TRACK,
    Reach.TO_CALL: Tone.NEAR,
    Reach.NOT_REACHED: Tone.LATE,
}


@dataclass(frozen=True)
class Cell:
    """A time of a session, and who has it."""

    at: datetime
    key: str
    booking: Booking | None


def next_board(request: HttpRequest) -> HttpResponse:
    """Leads to the soonest sitting that is announced and not over."""
    _check(request)
    sitting = announced_sittings(timezone.now()).first()
    if sitting is None:
        return _page(request, "console/placing_empty.html", {})
    return redirect("console:appointments_booking_placing", sitting.pk)


def board(request: HttpRequest, sitting_id: int) -> HttpResponse:
    _check(request)
    sitting = get_object_or_404(Sitting.objects.announced(), pk=sitting_id)
    if request.method == "POST":
        _place(request, sitting)
        return redirect("console:appointments_booking_placing", sitting_id)
    return _page(request, "console/placing.html", _context(request, sitting))


def _check(request: HttpRequest) -> None:
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied


def _place(request: HttpRequest, sitting: Sitting) -> None:
    now, actor = timezone.now(), actor_of(request)
    try:
        if "proposed" in request.POST:
            placed = services.place_as_proposed(sitting_id=sitting.pk, actor=actor, now=now)
            messages.success(request, _("已按建议排定 %s 家。") % placed)
            return
        session_id, meet_at = _read(request.POST.get("place", ""))
        booking_id = int(request.POST.get("booking", ""))
        booking = services.place_booking(
            booking_id=booking_id, session_id=session_id, meet_at=meet_at, actor=actor, now=now
        )
    except ValueError:
        messages.error(request, _("请选择场次和时间。"))
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("%(number)s 号已排定：%(place)s。") % _said(booking))


def _read(value: str) -> tuple[int, datetime]:
    """ "12|2026-11-26T09:00" as it stands in the board's options. ValueError for anything else."""
    session_id, _bar, at = value.partition("|")
    return int(session_id), timezone.make_aware(datetime.fromisoformat(at).replace(tzinfo=None))


def _said(booking: Booking) -> dict[str, Any]:
    return {"number": booking.number, "place": services.place_text(booking)}


def _context(request: HttpRequest, sitting: Sitting) -> dict[str, Any]:
    now, actor = timezone.now(), actor_of(request)
    sessions, bookings = sessions_of(sitting.pk), bookings_to_place(sitting.pk)
    proposed = {place.booking_id: place for place in propose_places(sessions, bookings, now)}
    reach = reach_of(bookings)
    readable = set(Booking.objects.visible_to(actor).filter(sitting=sitting).values_list("pk", flat=True))
    for booking in bookings:
        told = booking.told_place == booking.place_key != ""
        booking.reach = reach[booking.pk] if told else Reach.NOT_TOLD  # type: ignore[attr-defined]
        booking.reach_tone = TONES[booking.reach]  # type: ignore[attr-defined]
        booking.may_read = booking.pk in readable  # type: ignore[attr-defined]
        booking.may_place = can_place(actor, booking)  # type: ignore[attr-defined]
        place = proposed.get(booking.pk)
        booking.proposal = f"{place.session_id}|{_wall(place.meet_at)}" if place else ""  # type: ignore[attr-defined]
    columns = [(session, _cells(session, bookings)) for session in sessions]
    return {
        "sitting": sitting,
        "sittings": list(announced_sittings(now)),
        "columns": columns,
        "unplaced": [booking for booking in bookings if booking.session_id is None],
        "free": [(session, [cell for cell in cells if cell.booking is None]) for session, cells in columns],
        "notice_at": call_notice_moment(sessions[0]) if sessions else None,
        "can_propose": bool(proposed),
        "reached": [(state, sum(1 for b in bookings if b.reach == state)) for state in Reach],  # type: ignore[attr-defined]
        "calls_url": reverse("console:notifications_message_changelist") + f"?status__exact={MessageStatus.TO_CALL}",
    }


def _cells(session: Session, bookings: list[Booking]) -> list[Cell]:
    """Every regular time of the session, and the times of those who were placed between them."""
    placed = {booking.meet_at: booking for booking in bookings if booking.session_id == session.pk}
    times = sorted({*times_of(session), *(at for at in placed if at is not None)})
    return [Cell(at, f"{session.pk}|{_wall(at)}", placed.get(at)) for at in times]


def _wall(at: datetime) -> str:
    return f"{timezone.localtime(at):%Y-%m-%dT%H:%M}"
