"""The queue of the day: who has not come, waits, is called, is seen, is done or gone. [3.6]"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appointments import services
from appointments.enums import BookingStatus, QueueStatus
from appointments.models import Booking, QueueEntry
from appointments.permissions import check_can_run_queue
from appointments.selectors_day import Place, in_line, queue_of, sessions_for
from core.console import actor_of
from core.console_page import console_page
from core.errors import AlreadyDone, Refused
from core.middleware import REFRESH_HEADER
from core.models import User
from sessions_app.models import Session
from sessions_app.selectors import announced_sittings

_page = partial(console_page, title=gettext_lazy("候诊与叫号"), model=QueueEntry)

PERMISSION = "appointments.run_queue"
DESK_CHARACTERS_MAX = 20


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


Step = Callable[[int, str, User, datetime], QueueEntry]
STEPS: dict[str, Step] = {
    "call": lambda key, desk, actor, now: services.call(entry_id=key, desk=desk, actor=actor, now=now),
    "again": lambda key, desk, actor, now: services.call_again(entry_id=key, actor=actor, now=now),
    "pass": lambda key, desk, actor, now: services.pass_over(entry_id=key, actor=actor),
    "start": lambda key, desk, actor, now: services.start_consultation(entry_id=key, actor=actor, now=now),
    "finish": lambda key, desk, actor, now: services.finish_consultation(entry_id=key, actor=actor, now=now),
    "absent": lambda key, desk, actor, now: services.mark_absent(entry_id=key, actor=actor),
    "back": lambda key, desk, actor, now: services.bring_back(entry_id=key, actor=actor, now=now),
}


def today(request: HttpRequest) -> HttpResponse:
    """Leads to the session of today that is not over, or says when the next one is."""
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
    now = timezone.now()
    sessions = list(sessions_for(actor_of(request), timezone.localdate(now)))
    if sessions:
        running = next((session for session in sessions if session.ends_at > now), sessions[-1])
        return redirect("console:appointments_queueentry_day", running.pk)
    coming = announced_sittings(now).filter(day__gt=timezone.localdate(now)).first()
    return _page(request, "console/day_empty.html", {"coming": coming})


def queue(request: HttpRequest, session_id: int) -> HttpResponse:
    """One session's queue. Asked by the page itself, only what changes is answered."""
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
    announced = Session.objects.select_related("sitting").filter(sitting__published_at__isnull=False)
    session = get_object_or_404(announced, pk=session_id)
    check_can_run_queue(actor_of(request), session)
    if request.method == "POST":
        _step(request, session)
        return redirect("console:appointments_queueentry_day", session_id)
    live = REFRESH_HEADER in request.headers
    return _page(request, "console/day_live.html" if live else "console/day.html", _context(request, session))


def _step(request: HttpRequest, session: Session) -> None:
    """A press: `next`, or a step and the entry it is for. The desk is remembered for this sign-in."""
    desk = request.POST.get("desk", "").strip()[:DESK_CHARACTERS_MAX]
    if desk:
        request.session["desk"] = desk
    name, _colon, key = request.POST.get("do", "").partition(":")
    now, actor = timezone.now(), actor_of(request)
    try:
        if name == "next":
            entry = services.call_next(session_id=session.pk, desk=desk, actor=actor, now=now)
        else:
            entry = STEPS[name](int(key), desk, actor, now)
    except (KeyError, ValueError):
        messages.error(request, _("请选择要办理的号。"))
    except AlreadyDone as refusal:
        messages.info(request, refusal.message)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        said = {"number": entry.booking.number, "status": entry.get_status_display(), "desk": entry.desk}
        messages.success(request, _("%(number)s 号：%(status)s。") % said)


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
