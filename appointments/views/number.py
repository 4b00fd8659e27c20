"""Take a number, stand in line, or say that somebody else used one's credit code. [3.3]"""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone

from appointments import services
from appointments.enums import BookingStatus
from appointments.forms import TakeForm
from appointments.guards import PHASES_TO_WAIT_IN
from appointments.selectors import grounds, phase_of, sitting_for_booking
from appointments.views.common import ticket_url, valid_submission
from core import audit, policy, secrets
from core.errors import Refused
from core.public import public_form
from core.selectors import ours
from sessions_app.enums import SittingPhase
from sessions_app.models import Sitting
from sessions_app.selectors import announced_sittings

# Refusals that mean "no number now": the page says when and how instead.
NO_NUMBER = {"full", "closed", "not_open_yet", "over", "sitting_cancelled", "number_taken"}


@public_form
def take(request: HttpRequest, pk: int) -> HttpResponse:
    sitting = sitting_for_booking(pk)
    if sitting is None:
        raise Http404
    if request.method == "POST":
        return _submit(request, sitting)
    phase = phase_of(sitting, timezone.now())
    joining = "join" in request.GET and phase in PHASES_TO_WAIT_IN
    if phase != SittingPhase.OPEN and not joining:
        return render(request, "appointments/full.html", no_number_context(sitting, phase))
    form = TakeForm(initial={"submission": secrets.new_submission()})
    return render(request, "appointments/take.html", take_context(sitting, phase, form) | {"grounds": grounds()})


def _submit(request: HttpRequest, sitting: Sitting) -> HttpResponse:
    form = TakeForm(request.POST)
    now = timezone.now()
    phase = phase_of(sitting, now)
    if not form.is_valid():
        return render(request, "appointments/take.html", take_context(sitting, phase, form), status=422)
    options: dict[str, Any] = {
        "sitting_id": sitting.pk,
        "application": form.application(),
        "submission": valid_submission(form.cleaned_data["submission"]),
        "actor": audit.ANYONE,
        "now": now,
    }
    try:
        if "claim" in request.POST:
            return _go_on(services.claim_booking(**options))
        if "join" in request.POST or "join" in request.GET:
            return _go_on(services.join_waiting_list(**options))
        return _go_on(services.take_number(**options))
    except Refused as refusal:
        return _refused(request, sitting, form, refusal)


def _go_on(booking: Any) -> HttpResponseRedirect:
    if booking.status == BookingStatus.HELD:
        return redirect(ticket_url(booking, "appointments:step", "grounds"))
    return redirect(ticket_url(booking))


def _refused(request: HttpRequest, sitting: Sitting, form: TakeForm, refusal: Refused) -> HttpResponse:
    if refusal.code == "already_booked":
        return render(request, "appointments/already.html", {"sitting": sitting, "form": form}, status=409)
    if refusal.code in NO_NUMBER:
        phase = refusal.facts.get("phase", SittingPhase.FULL)
        context = no_number_context(sitting, phase) | {"form": form}
        return render(request, "appointments/full.html", context, status=409)
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
    }


def no_number_context(sitting: Sitting, phase: SittingPhase) -> dict[str, Any]:
    later = announced_sittings(timezone.now()).filter(day__gt=sitting.day).first()
    return {
        "sitting": sitting,
        "sitting_state": phase.value,
        "next_sitting": later,
        "can_wait": phase in PHASES_TO_WAIT_IN,
        "total": policy.NUMBERS_PER_SITTING,
    }
