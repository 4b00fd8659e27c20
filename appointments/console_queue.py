"""What is pressed on a session's queue, at the desk and on the tablet at the table. [3.6]"""

from collections.abc import Callable, Collection
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from appointments import services
from appointments.models import QueueEntry
from appointments.selectors_day import sessions_for
from core.console import actor_of
from core.console_page import refusal_said
from core.errors import Refused
from core.models import User
from sessions_app.models import Session

DESK_CHARACTERS_MAX = 20
NEXT = "next"
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


def announced_session(session_id: int) -> Session:
    announced = Session.objects.select_related("sitting").filter(sitting__published_at__isnull=False)
    return get_object_or_404(announced, pk=session_id)


def session_of_today(actor: User, now: datetime) -> Session | None:
    """The one that is not over, or the last."""
    sessions = list(sessions_for(actor, timezone.localdate(now)))
    running = (session for session in sessions if session.ends_at > now)
    return next(running, sessions[-1] if sessions else None)


def pressed(request: HttpRequest) -> tuple[str, int]:
    """Which step, and the key it is for. Refuses `nothing_chosen`."""
    name, _colon, key = request.POST.get("do", "").partition(":")
    if name != NEXT and not (key.isascii() and key.isdecimal()):
        raise Refused("nothing_chosen", _("请选择要办理的号。"))
    return name, int(key or 0)


def press(request: HttpRequest, session: Session, steps: Collection[str]) -> None:
    """`next`, or one of these steps and the entry it is for. The desk is remembered for this sign-in."""
    desk = request.POST.get("desk", "").strip()[:DESK_CHARACTERS_MAX]
    if desk:
        request.session["desk"] = desk
    now, actor = timezone.now(), actor_of(request)
    with refusal_said(request):
        name, key = pressed(request)
        if name == NEXT:
            entry = services.call_next(session_id=session.pk, desk=desk, actor=actor, now=now)
        elif name in steps:
            entry = STEPS[name](key, desk, actor, now)
        else:
            raise Refused("nothing_chosen", _("请选择要办理的号。"))
        said = {"number": entry.booking.number, "status": entry.get_status_display()}
        messages.success(request, _("%(number)s 号：%(status)s。") % said)
