"""The triage desk: one submitted booking at a time, oldest first, with all that helps to decide. [3.4] [4.2]"""

from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appointments.console_forms import AcceptForm, RefuseForm, SendBackForm, TriageForm
from appointments.enums import UNDECIDED, Elsewhere
from appointments.models import Booking
from appointments.selectors_handling import earlier_bookings, proposed_departments, similar_bookings, to_triage
from core.console import actor_of
from core.console_page import console_page
from core.errors import Refused

_page = partial(console_page, title=gettext_lazy("受理审核"), model=Booking)

LISTED_AT_MOST = 50
FORMS: dict[str, type[TriageForm]] = {"accept": AcceptForm, "refuse": RefuseForm, "send-back": SendBackForm}


def queue(request: HttpRequest) -> HttpResponse:
    """Leads to the one that has waited longest, or says that nothing waits."""
    _check(request)
    first = to_triage().values_list("pk", flat=True).first()
    if first is not None:
        return redirect("console:appointments_booking_triage", first)
    return _page(request, "console/triage_empty.html", {})


def desk(request: HttpRequest, pk: int) -> HttpResponse:
    _check(request)
    booking = get_object_or_404(Booking.objects.select_related("sitting", "slot", "enterprise"), pk=pk)
    if booking.status not in UNDECIDED:
        messages.info(request, _("%(reference)s 已处理，当前为“%(status)s”。") % _named(booking))
        return redirect("console:appointments_booking_triage_queue")
    chosen = request.POST.get("decision", "")
    proposed = proposed_departments(booking)
    forms = {
        name: form(booking=booking, proposed=proposed, data=request.POST if name == chosen else None)
        for name, form in FORMS.items()
    }
    if chosen in forms and forms[chosen].is_valid() and _decide(request, booking, forms[chosen]):
        return redirect("console:appointments_booking_triage_queue")
    return _page(request, "console/triage.html", _context(booking, forms, chosen), status=422 if chosen else 200)


def _check(request: HttpRequest) -> None:
    if not request.user.has_perm("appointments.triage_booking"):
        raise PermissionDenied


def _named(booking: Booking) -> dict[str, Any]:
    return {"reference": booking.reference, "status": booking.get_status_display()}


def _decide(request: HttpRequest, booking: Booking, form: TriageForm) -> bool:
    try:
        decided = form.decide(booking_id=booking.pk, actor=actor_of(request), now=timezone.now())
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return False
    messages.success(request, _("%(reference)s：%(status)s，已通知企业。") % _named(decided))
    return True


def _context(booking: Booking, forms: dict[str, TriageForm], chosen: str) -> dict[str, Any]:
    now = timezone.now()
    waiting = list(to_triage().select_related("sitting", "slot")[:LISTED_AT_MOST])
    keys = [row.pk for row in waiting]
    place = keys.index(booking.pk) if booking.pk in keys else 0
    return {
        "booking": booking,
        "waiting": waiting,
        "next_key": keys[place + 1] if place + 1 < len(keys) else None,
        "previous_key": keys[place - 1] if place else None,
        "forms": forms,
        "chosen": chosen or "accept",
        "attachments": list(booking.attachments.all()),
        "supplements": list(booking.supplements.all()),
        "earlier": earlier_bookings(booking),
        "similar": similar_bookings(booking, now),
        "elsewhere_told": booking.elsewhere not in ("", Elsewhere.NO),
        "named": list(booking.departments.all()),
    }
