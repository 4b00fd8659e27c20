"""Showing that a mobile is one's own: for a held number, or beforehand. Only where text messages are sent. [3.3]"""

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from appointments import services
from appointments.enums import TIMED
from appointments.forms import CodeForm, OwnMobileForm
from appointments.models import Booking
from appointments.services import may_verify
from appointments.views.common import hold_context, holder_page, ticket_url
from core import policy, secrets
from core.errors import Refused
from core.limits import check_rate
from core.masks import mask_mobile
from core.middleware import client_ip
from core.public import public_form
from core.selectors import ours
from notifications.selectors import sms_gateway

COOKIE = "mobile"


def is_proved(request: HttpRequest, mobile: str) -> bool:
    """This device has shown within 30 days that the mobile is its own."""
    days = timedelta(days=ours(policy.MOBILE_VERIFIED_DAYS))
    return bool(sms_gateway()) and secrets.proves(request.COOKIES.get(COOKIE, ""), mobile, days)


def remember(response: HttpResponse, mobile: str) -> HttpResponse:
    """The one cookie beside the larger view, and only for who asked for a code."""
    seconds = ours(policy.MOBILE_VERIFIED_DAYS) * 24 * 3600
    response.set_cookie(COOKIE, secrets.device_proof(mobile), max_age=seconds, samesite="Lax", httponly=True)
    return response


@holder_page
def of_booking(request: HttpRequest, booking: Booking) -> HttpResponse:
    """Send the code to the booking's mobile, take it, or ask to be called back."""
    if not sms_gateway() or not may_verify(booking):
        return redirect(ticket_url(booking))
    form, refusal, sent = CodeForm(), None, "sent" in request.GET
    if request.method == "POST":
        form = CodeForm(request.POST)
        try:
            done = _press(request, booking, form)
        except Refused as error:
            refusal = _beside_the_field(form, error)
        else:
            if done is not None:
                return done
    context = hold_context(booking, timezone.now()) | {
        "form": form,
        "refusal": refusal,
        "sent": sent or "code" in request.POST,
        "masked": mask_mobile(booking.mobile),
        "minutes": ours(policy.CODE_MINUTES),
        "can_ask_call_back": booking.status in TIMED,
    }
    status = 409 if refusal else 422 if form.errors else 200
    return render(request, "appointments/mobile.html", context, status=status)


def _press(request: HttpRequest, booking: Booking, form: CodeForm) -> HttpResponse | None:
    """Where a press leads; None for a code that was left out. Raises what the verbs refuse."""
    now = timezone.now()
    if "send" in request.POST:
        _send(request, booking.mobile)
        return redirect(f"{request.path}?sent=1")
    if "call_back" in request.POST:
        services.ask_call_back(booking_id=booking.pk, now=now)
        return redirect(ticket_url(booking))
    if not form.is_valid():
        return None
    services.verify_mobile(booking_id=booking.pk, typed=form.cleaned_data["code"], now=now)
    return remember(redirect(ticket_url(booking, "appointments:step", "review")), booking.mobile)


def _send(request: HttpRequest, mobile: str) -> None:
    now = timezone.now()
    check_rate("code", client_ip(request), per_hour=ours(policy.CODES_PER_ADDRESS), now=now)
    services.send_code(mobile=mobile, now=now)


def _beside_the_field(form: CodeForm, refusal: Refused) -> Refused | None:
    """What concerns the field stands there; the rest is told above."""
    if refusal.field is None:
        return refusal
    form.add_error(refusal.field, refusal.message)
    return None


@public_form
def beforehand(request: HttpRequest) -> HttpResponse:
    """Before there is a number to hurry for: the mobile, then its code; this device remembers it. [3.3]"""
    if not sms_gateway():
        raise Http404
    own = OwnMobileForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"own": own, "minutes": ours(policy.CODE_MINUTES)}
    if request.method != "POST" or not own.is_valid():
        return render(request, "appointments/mobile_beforehand.html", context, status=422 if own.errors else 200)
    mobile, form = own.cleaned_data["mobile"], CodeForm(request.POST if "code" in request.POST else None)
    try:
        if "send" in request.POST:
            _send(request, mobile)
        elif form.is_valid():
            services.check_code(mobile=mobile, typed=form.cleaned_data["code"], now=timezone.now())
            done = render(request, "appointments/mobile_done.html", {"masked": mask_mobile(mobile)})
            return remember(done, mobile)
    except Refused as refusal:
        context["refusal"] = _beside_the_field(form, refusal) if form.is_bound else refusal
    context |= {"form": form, "sent": True, "mobile": mobile}
    status = 409 if context.get("refusal") else 422 if form.errors else 200
    return render(request, "appointments/mobile_beforehand.html", context, status=status)
