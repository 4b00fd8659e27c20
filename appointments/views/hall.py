"""The call board on the hall's screen: numbers only, no account, opened by a link that can be revoked. [3.6]"""

import hashlib
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import get_template
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from appointments.models import BoardDevice, QueueEntry
from appointments.selectors_day import board_by_secret, calls_of, sessions_of_day, waiting_numbers
from appointments.services import board_seen

LANGUAGE = "zh-CN"
# A call older than this is not spoken any more by a screen that comes back.
SPOKEN_WITHIN = timedelta(seconds=60)
TEMPLATE, GONE = "appointments/hall.html", 410


@never_cache
def board(request: HttpRequest, secret: str) -> HttpResponse:
    if _device(secret).revoked_at:
        return render(request, "appointments/hall_revoked.html", {}, status=GONE)
    return render(request, TEMPLATE, {"calls_url": reverse("appointments:hall_calls", args=[secret])})


@never_cache
def calls(request: HttpRequest, secret: str) -> HttpResponse:
    """What the screen asks every few seconds. `speak` lists the calls of the last minute, the oldest first: an
    answer that is lost loses no call, and each is spoken once by its id."""
    device, now = _device(secret), timezone.now()
    if device.revoked_at:
        return JsonResponse({"revoked": True}, status=GONE)
    board_seen(board=device, now=now)
    sessions = list(sessions_of_day(timezone.localdate(now)))
    shown = calls_of(sessions)
    several_places = len({session.place for session in sessions}) > 1
    return JsonResponse(
        {
            "now": f"{timezone.localtime(now):%H:%M:%S}",
            "release": release(),
            "calls": [_call(entry, several_places) for entry in shown],
            "waiting": waiting_numbers(sessions),
            "speak": [_speech(entry) for entry in reversed(shown) if _is_fresh(entry, now)],
        }
    )


def _device(secret: str) -> BoardDevice:
    device = board_by_secret(secret)
    if device is None:
        raise Http404
    return device


def _call(entry: QueueEntry, several_places: bool) -> dict[str, Any]:
    return {
        "number": entry.booking.number,
        "desk": entry.desk,
        "place": entry.session.place if several_places else "",
        "calls": entry.calls,
        "at": f"{timezone.localtime(entry.called_at):%H:%M}" if entry.called_at else "",
    }


def _speech(entry: QueueEntry) -> dict[str, Any]:
    """Twice at the first call, once more at each recall; the id tells them apart."""
    return {
        "id": f"{entry.pk}-{entry.calls}",
        "text": _("请 %(number)s 号到 %(desk)s。") % {"number": entry.booking.number, "desk": entry.desk},
        "lang": LANGUAGE,
        "repeat": 2 if entry.calls == 1 else 1,
    }


def _is_fresh(entry: QueueEntry, now: datetime) -> bool:
    """Called a moment ago and not seen in yet."""
    return entry.started_at is None and entry.called_at is not None and now - entry.called_at <= SPOKEN_WITHIN


@cache
def release() -> str:
    """Changes when the page, its style or its script does: then the screen loads itself anew."""
    page = Path(get_template(TEMPLATE).origin.name).read_bytes()
    names = "".join(static(f"hall/board.{kind}") for kind in ("js", "css"))
    return hashlib.sha256(page + names.encode()).hexdigest()[:12]
