"""The tablet at the table: today's queue of the department that sits, from calling to the signed record. [3.6]"""

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy

from appointments.console_queue import announced_session, press, pressed, session_of_today
from appointments.enums import QueueStatus
from appointments.models import Booking, QueueEntry
from appointments.selectors_day import Place, in_line, queue_of, sessions_for
from consultations import services
from consultations.models import Consultation
from consultations.permissions import check_can_keep
from consultations.selectors import left_unsigned, records_of
from core.console import actor_of
from core.console_page import console_page, refusal_said
from core.middleware import REFRESH_HEADER, at_tablet
from sessions_app.models import Session
from sessions_app.selectors import announced_sittings

_page = partial(console_page, title=gettext_lazy("坐诊接诉"), model=Consultation)

PERMISSION = "consultations.keep_record"
AT_TABLE = (QueueStatus.CALLED, QueueStatus.CONSULTING)


@dataclass(frozen=True)
class Slip:
    """Who is called, sits at the table, or has left it, with the record as far as there is one."""

    booking: Booking
    entry: QueueEntry | None
    record: Consultation | None

    @property
    def is_called(self) -> bool:
        return self.entry is not None and self.entry.status == QueueStatus.CALLED

    @property
    def is_signed(self) -> bool:
        return self.record is not None and self.record.is_signed


STEPS = ("call", "again", "pass")
OPEN = "open"


def today(request: HttpRequest) -> HttpResponse:
    """Leads to the session of today that is not over, or says when the next one is and what is left to sign."""
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
    now, actor = timezone.now(), actor_of(request)
    if running := session_of_today(actor, now):
        return redirect("console:consultations_consultation_table_of", running.pk)
    coming = announced_sittings(now).filter(day__gt=timezone.localdate(now)).first()
    return _page(request, "console/table_empty.html", {"coming": coming, "unsigned": left_unsigned(actor, [])})


def table(request: HttpRequest, session_id: int) -> HttpResponse:
    """One session's queue. Asked by the page itself, only what changes is answered."""
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
    session = announced_session(session_id)
    check_can_keep(actor_of(request), session)
    at_tablet(request)
    if request.method == "POST":
        return _pressed(request, session)
    live = REFRESH_HEADER in request.headers
    return _page(request, "console/table_live.html" if live else "console/table.html", _context(request, session))


def _pressed(request: HttpRequest, session: Session) -> HttpResponse:
    """`open` with a booking begins its record; the rest is the queue's."""
    if request.POST.get("do", "").startswith(f"{OPEN}:"):
        with refusal_said(request):
            _name, key = pressed(request)
            opened = services.open_record(booking_id=key, actor=actor_of(request), now=timezone.now())
            return redirect("console:consultations_consultation_record", opened.pk)
    else:
        press(request, session, STEPS)
    return redirect("console:consultations_consultation_table_of", session.pk)


def _context(request: HttpRequest, session: Session) -> dict[str, Any]:
    places, records, actor = queue_of(session.pk), records_of(session.pk), actor_of(request)
    slips = [_slip(place, records) for place in places]
    sessions = list(sessions_for(actor, session.day))
    waiting = [_slip(place, records) for place in in_line(places)]
    return {
        "session": session,
        "sessions": sessions,
        "at_table": [slip for slip in slips if slip.entry and slip.entry.status in AT_TABLE],
        "waiting": waiting,
        "over": [slip for slip in slips if slip.entry and slip.entry.status == QueueStatus.DONE],
        "missing": [slip for slip in slips if slip.entry is None or slip.entry.status == QueueStatus.ABSENT],
        "unsigned": left_unsigned(actor, sessions),
        "desk": request.session.get("desk", ""),
        "departments": [chair.department.name for chair in session.chairs.select_related("department")],
        "moment": timezone.now(),
    }


def _slip(place: Place, records: dict[int, Consultation]) -> Slip:
    return Slip(place.booking, place.entry, records.get(place.booking.pk))
