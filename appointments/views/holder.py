"""What the holder of a ticket does besides the form: cancel, take again, report pressure, find it again. [3.3]"""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from appointments import services
from appointments.enums import RAN_OUT, BookingStatus
from appointments.forms import FindForm, PressureForm
from appointments.guards import PHASES_TO_WAIT_IN
from appointments.models import Booking
from appointments.moves import CANCEL
from appointments.selectors import booking_by_checkin, phase_of, sitting_for_booking
from appointments.views.common import hold_context, holder_page, ticket_url
from core import audit, policy
from core.errors import AlreadyDone, Refused
from core.limits import TooOften, check_rate
from core.middleware import client_ip, staff_may_enter
from core.public import public_form, too_often
from core.selectors import ours


@holder_page
def cancel(request: HttpRequest, booking: Booking) -> HttpResponse:
    """Opening this page cancels nothing; the press does."""
    if booking.status not in CANCEL.sources:
        return redirect(ticket_url(booking))
    context = hold_context(booking, timezone.now()) | {"sitting": booking.sitting}
    if request.method != "POST":
        return render(request, "appointments/cancel.html", context)
    try:
        services.cancel_booking(booking_id=booking.pk, actor=audit.HOLDER, now=timezone.now())
    except AlreadyDone:
        pass
    except Refused as refusal:
        return render(request, "appointments/cancel.html", context | {"refusal": refusal}, status=409)
    return redirect(ticket_url(booking))


@holder_page
def expired(request: HttpRequest, booking: Booking) -> HttpResponse:
    """The time ran out: the form is kept, and a press takes the next number or a place in line."""
    if booking.status not in RAN_OUT:
        return redirect(ticket_url(booking))
    sitting = sitting_for_booking(booking.sitting_id)
    phase = phase_of(sitting, timezone.now())
    context = hold_context(booking, timezone.now()) | {
        "sitting": sitting,
        "sitting_state": phase.value,
        "free": sitting.free,
        "can_wait": phase in PHASES_TO_WAIT_IN,
    }
    if request.method != "POST":
        return render(request, "appointments/expired.html", context)
    try:
        again = services.retake_number(booking_id=booking.pk, actor=audit.HOLDER, now=timezone.now())
    except AlreadyDone:
        return redirect(ticket_url(booking))
    except Refused as refusal:
        return render(request, "appointments/expired.html", context | {"refusal": refusal}, status=409)
    if again.status == BookingStatus.HELD:
        return redirect(ticket_url(again, "appointments:step", "demand"))
    return redirect(ticket_url(again))


@holder_page
def pressure(request: HttpRequest, booking: Booking) -> HttpResponse:
    """For the inspection office alone. [5.2]"""
    context = {"booking": booking, "ticket_url": ticket_url(booking)}
    if "done" in request.GET:
        return render(request, "appointments/pressure_done.html", context)
    form = PressureForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.report_pressure(booking_id=booking.pk, now=timezone.now(), **form.cleaned_data)
        return redirect(f"{request.path}?done=1")  # a page that may be loaded again reports nothing twice
    status = 422 if form.errors else 200
    return render(request, "appointments/pressure.html", context | {"form": form}, status=status)


@public_form
def find(request: HttpRequest) -> HttpResponse:
    """The same answer whether or not there is such a booking; the link goes to the contact on record."""
    form = FindForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "appointments/find.html", {"form": form}, status=422 if form.errors else 200)
    now = timezone.now()
    try:
        per_hour = ours(policy.FIND_ATTEMPTS_PER_HOUR)
        check_rate("find", client_ip(request), per_hour=per_hour, now=now)
        check_rate("find", form.cleaned_data["mobile"], per_hour=per_hour, now=now)
    except TooOften as refusal:
        return too_often(request, refusal)
    services.find_booking(now=now, **form.cleaned_data)
    return render(request, "appointments/find_done.html", {})


@public_form
def checkin(request: HttpRequest, secret: str) -> HttpResponse:
    """What anybody sees who opens the ticket's QR code: show it at the desk. It names nobody.

    A member of staff who is signed in, at a place where staff pages exist, is led there: the press is a form of the
    console, under its token. [3.3]
    """
    booking = booking_by_checkin(secret)
    if booking is None:
        raise Http404
    if staff_may_enter(request) and request.user.has_perm("appointments.run_queue"):
        return redirect("console:appointments_queueentry_checkin_code", secret)
    return render(request, "appointments/checkin.html", {"booking": booking, "sitting": booking.sitting})
