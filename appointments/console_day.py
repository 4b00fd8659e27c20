"""The queue of the day: who has not come, waits, is called, is seen, is done or gone. [3.6]"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy

from appointments.console_queue import STEPS, announced_session, press, session_of_today
from appointments.enums import BookingStatus, QueueStatus
from appointments.models import Booking, QueueEntry
from appointments.permissions import check_can_run_queue
from appointments.selectors_day import Place, in_line, queue_of, sessions_for
from core.console import actor_of
from core.console_page import console_page
from core.middleware import REFRESH_HEADER
from sessions_app.models import Session
from sessions_app.selectors import announced_sittings

_page = partial(console_page, title=gettext_lazy("候诊与叫号"), model=QueueEntry)

PERMISSION = "appointments.run_queue"


@dataclass(frozen=True)
class Button:
    name: str
    label: Any
    kind: str = ""


@dataclass(frozen=True)
class Line:
    """Who has come, with the minutes of waiting and of consultation."""

    booking: Booking
    entry: QueueEntry
    waited: int
    consulted: int


@dataclass(frozen=True)
class Column:
    name: str
    label: Any
    places: list[Line]
    buttons: tuple[Button, ...]
    empty: Any


CALL = Button("call", gettext_lazy("叫此号"))
AGAIN = Button("again", gettext_lazy("再次叫号"))
PASS = Button("pass", gettext_lazy("过号"))
START = Button("start", gettext_lazy("开始接诊"), "primary")
FINISH = Button("finish", gettext_lazy("结束接诊"), "primary")
ABSENT = Button("absent", gettext_lazy("记为未到"))
BACK = Button("back", gettext_lazy("恢复候诊"))
COLUMNS: tuple[tuple[str, Any, tuple[Button, ...], Any], ...] = (
    (QueueStatus.WAITING, QueueStatus.WAITING.label, (CALL, ABSENT), gettext_lazy("签到后按接诊时间列在这里。")),
    (
        QueueStatus.CALLED,
        QueueStatus.CALLED.label,
        (START, AGAIN, PASS, ABSENT),
        gettext_lazy("叫号后列在这里，同时显示在大屏上。"),
    ),
    (QueueStatus.CONSULTING, QueueStatus.CONSULTING.label, (FINISH,), gettext_lazy("开始接诊后列在这里。")),
    (QueueStatus.DONE, QueueStatus.DONE.label, (), gettext_lazy("接诊结束后列在这里。")),
    (QueueStatus.ABSENT, QueueStatus.ABSENT.label, (BACK,), gettext_lazy("签到后离开的，列在这里。")),
)


def today(request: HttpRequest) -> HttpResponse:
    """Leads to the session of today that is not over, or says when the next one is."""
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
    now = timezone.now()
    if running := session_of_today(actor_of(request), now):
        return redirect("console:appointments_queueentry_day", running.pk)
    coming = announced_sittings(now).filter(day__gt=timezone.localdate(now)).first()
    return _page(request, "console/day_empty.html", {"coming": coming})


def queue(request: HttpRequest, session_id: int) -> HttpResponse:
    """One session's queue. Asked by the page itself, only what changes is answered."""
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
    session = announced_session(session_id)
    check_can_run_queue(actor_of(request), session)
    if request.method == "POST":
        press(request, session, STEPS)
        return redirect("console:appointments_queueentry_day", session_id)
    live = REFRESH_HEADER in request.headers
    return _page(request, "console/day_live.html" if live else "console/day.html", _context(request, session))


def _context(request: HttpRequest, session: Session) -> dict[str, Any]:
    places, now = queue_of(session.pk), timezone.now()
    columns = [
        Column(name, label, _lines(name, places, now), buttons, empty) for name, label, buttons, empty in COLUMNS
    ]
    return {
        "session": session,
        "sessions": list(sessions_for(actor_of(request), session.day)),
        "columns": columns,
        "missing": [p.booking for p in places if p.entry is None and p.booking.status != BookingStatus.ATTENDED],
        "waiting": len(columns[0].places),
        "desk": request.session.get("desk", ""),
        "departments": [chair.department.name for chair in session.chairs.select_related("department")],
        "over": now >= session.ends_at,
        "moment": now,
    }


def _lines(status: str, places: list[Place], now: datetime) -> list[Line]:
    here = in_line(places) if status == QueueStatus.WAITING else places
    return [
        Line(place.booking, place.entry, _minutes(place.entry.waited(now)), _minutes(place.entry.consulted(now)))
        for place in here
        if place.entry is not None and place.entry.status == status
    ]


def _minutes(length: timedelta | None) -> int:
    return int(length.total_seconds() // 60) if length else 0
