"""The pages that span the chain: the window's front page, the announcement, the poster."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache

from appointments.guards import PHASES_TO_WAIT_IN
from appointments.selectors import grounds, phase_of, sitting_a_moment_ago, sitting_for_booking, waiting_count
from core import ical, policy
from core.context_processors import LARGE_VIEW_COOKIE, wants_large_view
from core.limits import TooOften, check_rate
from core.middleware import client_ip
from core.moments import Page, blank, kept
from core.public import public_form, too_often
from core.qr import qr_svg
from core.selectors import ours
from notifications.selectors import sms_gateway
from portal import services
from portal.calendars import sitting_calendar
from portal.forms import FeedbackForm
from sessions_app.enums import SittingPhase
from sessions_app.models import Sitting
from sessions_app.selectors import announced_sittings, past_sittings, planned_sittings, sessions_of

YEAR_SECONDS = 365 * 24 * 3600
FEEDBACK_PER_HOUR = 10


def healthz(request: HttpRequest) -> HttpResponse:
    """Answers when the web process and the database do."""
    Sitting.objects.only("pk").first()
    return HttpResponse("ok", content_type="text/plain")


def announcement_context(sitting: Sitting) -> dict[str, Any]:
    phase = phase_of(sitting, timezone.now())
    return {
        "sitting": sitting,
        "sitting_state": phase.value,
        "free": sitting.free,
        "total": policy.NUMBERS_PER_SITTING,
        "sessions": kept(("sessions", sitting.pk), lambda: sessions_of(sitting.pk)),
        "waiting": waiting_count(sitting.pk) if phase in PHASES_TO_WAIT_IN else 0,
        "can_wait": phase in PHASES_TO_WAIT_IN,
        "grounds": grounds(),
        "hold_minutes": ours(policy.HOLD_MINUTES),
        "mobile_check": bool(sms_gateway()),
    }


def home(request: HttpRequest) -> HttpResponse:
    """What is on, what comes next, and how it works. The QR code leads here. [3.1] [3.2]"""
    now = timezone.now()
    announced = list(announced_sittings(now))
    # The one a visitor can act on comes before one that is merely nearer.
    current = next(
        (s for s in announced if phase_of(s, now) == SittingPhase.OPEN), announced[0] if announced else None
    )
    coming = [sitting for sitting in announced if sitting != current] + planned_sittings(now)
    context = {"coming": coming, "grounds": grounds(), "now": now}
    if current:
        context |= announcement_context(current)
    return render(request, "portal/home.html", context | {"sitting": current})


def announced_or_404(pk: int) -> Sitting:
    sitting = sitting_for_booking(pk)
    if sitting is None or sitting.published_at is None:
        raise Http404
    return sitting


def sitting(request: HttpRequest, pk: int) -> HttpResponse:
    """The announcement. [3.2]"""
    found = sitting_a_moment_ago(pk)
    if found is None or found.published_at is None:
        raise Http404

    def make() -> Page:
        context = announcement_context(found) | {"free": blank("free")}
        return Page.of(render_to_string("portal/sitting.html", context, request))

    # How many are left goes into the blank: a rush passes through six counts, and makes the page once.
    phase = phase_of(found, timezone.now())
    page = kept(("announcement", pk, phase, found.waiting, wants_large_view(request), request.path), make)
    return HttpResponse(page.fill({"free": str(found.free)}))


def sittings(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    announced = list(announced_sittings(now))
    for found in announced:
        found.state = phase_of(found, now).value  # type: ignore[attr-defined]
    context = {"announced": announced, "planned": planned_sittings(now, limit=30), "past": past_sittings(now)}
    return render(request, "portal/sittings.html", context)


def poster(request: HttpRequest, pk: int) -> HttpResponse:
    """A page for A4 print with the code that leads to the announcement. [3.2]"""
    found = announced_or_404(pk)
    address = f"{settings.PUBLIC_BASE_URL}{found.get_absolute_url()}"
    context = announcement_context(found) | {
        "qr_svg": qr_svg(address),
        "address_text": address.removeprefix("https://").removeprefix("http://"),
    }
    return render(request, "portal/poster.html", context)


def sitting_ics(request: HttpRequest, pk: int) -> HttpResponse:
    return ical.download(sitting_calendar(announced_or_404(pk)), f"sitting-{pk}.ics")


@public_form
def feedback(request: HttpRequest) -> HttpResponse:
    if "done" in request.GET:
        return render(request, "portal/feedback_done.html", {})
    form = FeedbackForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "portal/feedback.html", {"form": form}, status=422 if form.errors else 200)
    try:
        check_rate("feedback", client_ip(request), per_hour=FEEDBACK_PER_HOUR, now=timezone.now())
    except TooOften as refusal:
        return too_often(request, refusal)
    services.leave_feedback(now=timezone.now(), **form.cleaned_data)
    return redirect(f"{request.path}?done=1")


@never_cache
def view_size(request: HttpRequest) -> HttpResponse:
    """Switch the larger view on or off: the one cookie of the public pages, set only when asked for."""
    target = request.GET.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts=None):
        target = "/"
    response = redirect(target)
    if request.GET.get("large") == "1":
        response.set_cookie(LARGE_VIEW_COOKIE, "large", max_age=YEAR_SECONDS, samesite="Lax", httponly=True)
    else:
        response.delete_cookie(LARGE_VIEW_COOKIE, samesite="Lax")
    return response
