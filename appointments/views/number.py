"""Take a number, stand in line, or say that somebody else used one's credit code. [3.3]"""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone

from appointments import services
from appointments.enums import BookingStatus
from appointments.forms import TakeForm
from appointments.guards import PHASES_TO_WAIT_IN
from appointments.selectors import grounds, numbers_left, phase_of, sitting_a_moment_ago
from appointments.views.common import ticket_url
from appointments.views.mobile import is_proved
from core import audit, policy, secrets
from core.context_processors import wants_large_view
from core.errors import Refused
from core.limits import check_rate
from core.middleware import client_ip
from core.moments import Page, blank, kept
from core.public import public_form
from core.selectors import ours
from sessions_app.enums import SittingPhase
from sessions_app.models import Sitting
from sessions_app.selectors import announced_sittings

# Refusals that mean "no number now": the page says when and how instead.
NO_NUMBER = {"full", "closed", "not_open_yet", "over", "sitting_cancelled", "number_taken"}
# What a visitor typed to get a number, and takes along to the waiting list.
TYPED = tuple(TakeForm.base_fields)


@public_form
def take(request: HttpRequest, pk: int) -> HttpResponse:
    if request.method == "POST":
        return _submit(request, pk)
    sitting = sitting_a_moment_ago(pk)
    if sitting is None:
        raise Http404
    phase = phase_of(sitting, timezone.now())
    joining = "join" in request.GET and phase in PHASES_TO_WAIT_IN
    if phase != SittingPhase.OPEN and not joining:
        return _no_number(request, sitting, phase)
    return _fresh_form(request, sitting, phase)


def _submit(request: HttpRequest, pk: int) -> HttpResponse:
    """In a rush nearly all are told no by one read, without a lock; what they typed is passed on, not looked at."""
    sitting = sitting_a_moment_ago(pk)
    if sitting is None:
        raise Http404
    now = timezone.now()
    free, answered = numbers_left(pk, request.POST.get("submission", ""))
    phase = sitting.phase(now, free)
    stands_in_line = "join" in request.POST or "claim" in request.POST
    if phase != SittingPhase.OPEN and not answered and not stands_in_line:
        return _no_number(request, sitting, phase, request.POST, status=409)
    form = TakeForm(request.POST)
    if not form.is_valid():
        return render(request, "appointments/take.html", take_context(sitting, phase, form), status=422)
    options: dict[str, Any] = {
        "sitting_id": sitting.pk,
        "application": form.application(verified=is_proved(request, form.cleaned_data["mobile"])),
        "submission": secrets.submission_or_new(form.cleaned_data["submission"]),
        "actor": audit.ANYONE,
        "now": now,
    }
    try:
        if stands_in_line:
            # Numbers are five; places in line have no end, and each may carry files.
            check_rate("waiting", client_ip(request), per_hour=ours(policy.WAITING_PER_HOUR), now=now)
        if "claim" in request.POST:
            return _go_on(services.claim_booking(**options))
        if stands_in_line:
            return _go_on(services.join_waiting_list(**options))
        return _go_on(services.take_number(**options))
    except Refused as refusal:
        return _refused(request, sitting, form, refusal)


def _fresh_form(request: HttpRequest, sitting: Sitting, phase: SittingPhase) -> HttpResponse:
    """The empty form with a token of its own; the rest is the same for everybody."""

    def make() -> Page:
        form = TakeForm(initial={"submission": blank("submission")})
        context = take_context(sitting, phase, form) | {"free": blank("free")}
        return Page.of(render_to_string("appointments/take.html", context, request))

    page = kept(("take", *_what_decides(request, sitting, phase)), make)
    return HttpResponse(page.fill({"submission": secrets.new_submission(), "free": str(sitting.free)}))


def _no_number(
    request: HttpRequest, sitting: Sitting, phase: SittingPhase, typed: QueryDict | None = None, status: int = 200
) -> HttpResponse:
    """No number now, and what to do instead. What was typed goes along, so that joining the line is one press."""

    def make() -> Page:
        context = no_number_context(sitting, phase)
        if typed is not None:
            context["typed"] = {name: blank(name) for name in TYPED}
        return Page.of(render_to_string("appointments/full.html", context, request))

    page = kept(("full", typed is not None, *_what_decides(request, sitting, phase)), make)
    return HttpResponse(page.fill(typed.dict() if typed else {}), status=status)


def _what_decides(request: HttpRequest, sitting: Sitting, phase: SittingPhase) -> tuple[Any, ...]:
    """All that makes one visitor's page differ from another's, apart from the blanks."""
    return sitting.pk, phase, request.path, wants_large_view(request)


def _go_on(booking: Any) -> HttpResponseRedirect:
    if booking.status == BookingStatus.HELD:
        return redirect(ticket_url(booking, "appointments:step", "grounds"))
    return redirect(ticket_url(booking))


def _refused(request: HttpRequest, sitting: Sitting, form: TakeForm, refusal: Refused) -> HttpResponse:
    if refusal.code == "already_booked":
        # Whoever came back by the back key finds the slip again; nobody learns here whether the mobile was the one.
        services.resend_link(sitting_id=sitting.pk, application=form.application(), now=timezone.now())
        context = {"sitting": sitting, "form": form, "claim_working_days": ours(policy.CLAIM_WORKING_DAYS)}
        return render(request, "appointments/already.html", context, status=409)
    if refusal.code in NO_NUMBER:
        phase = refusal.facts.get("phase", SittingPhase.FULL)
        return _no_number(request, sitting, phase, request.POST, status=409)
    form.add_error(refusal.field, refusal.message)
    phase = phase_of(sitting, timezone.now())
    return render(request, "appointments/take.html", take_context(sitting, phase, form), status=409)


def take_context(sitting: Sitting, phase: SittingPhase, form: TakeForm) -> dict[str, Any]:
    return {
        "sitting": sitting,
        "sitting_state": phase.value,
        "free": sitting.free,
        "form": form,
        "waiting_only": phase != SittingPhase.OPEN,
        "hold_minutes": ours(policy.HOLD_MINUTES),
        "grounds": grounds(),
    }


def no_number_context(sitting: Sitting, phase: SittingPhase) -> dict[str, Any]:
    later = announced_sittings(timezone.now()).filter(day__gt=sitting.day).first()
    return {
        "sitting": sitting,
        "sitting_state": phase.value,
        "next_sitting": later,
        "can_wait": phase in PHASES_TO_WAIT_IN,
        "waiting": sitting.waiting,
        "total": policy.NUMBERS_PER_SITTING,
    }
