"""Console pages beside the list: a question taken at the desk, and a booking made of one. [3.1]"""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from appointments.console_forms import SittingChoiceForm
from appointments.forms import TakeForm
from appointments.models import Booking
from appointments.selectors import consent_in_force
from core import secrets
from core.console import actor_of
from core.console_page import console_page
from core.errors import Refused
from inquiries import services
from inquiries.enums import Source
from inquiries.forms import DeskQuestionForm
from inquiries.models import Inquiry
from sessions_app.models import Sitting
from sessions_app.selectors import announced_sittings


def desk_ask(request: HttpRequest) -> HttpResponse:
    """Write down what somebody asks at the desk or on the phone: the same answers, the same verb. [3.1]"""
    if not request.user.has_perm("inquiries.take_inquiry"):
        raise PermissionDenied
    now = timezone.now()
    consent = consent_in_force(now)
    data = request.POST if request.method == "POST" else None
    form = DeskQuestionForm(data, initial={"submission": secrets.new_submission()})
    if data is not None and form.is_valid():
        try:
            inquiry = services.ask(
                question=form.asked(),
                source=Source(form.cleaned_data["source"]),
                consent=consent,
                submission=secrets.submission_or_new(form.cleaned_data["submission"]),
                actor=actor_of(request),
                now=now,
            )
            return redirect("console:inquiries_inquiry_change", inquiry.pk)
        except Refused as refusal:
            form.add_error("question" if refusal.field else None, refusal.message)
    context = {"form": form, "consent_text": consent.text}
    return console_page(
        request,
        "console/inquiry_desk.html",
        context,
        422 if data is not None else 200,
        title=_("登记咨询"),
        model=Inquiry,
    )


def book(request: HttpRequest, pk: int) -> HttpResponse:
    """帮办: take a number for who asked, with what is known filled in; the desk's form goes on as always. [3.1]"""
    if not request.user.has_perms(["inquiries.handle_inquiry", "appointments.book_at_desk"]):
        raise PermissionDenied
    inquiry = get_object_or_404(Inquiry.objects.visible_to(actor_of(request)), pk=pk)
    sittings = announced_sittings(timezone.now())
    data = request.POST if request.method == "POST" else None
    which = SittingChoiceForm(data, sittings=sittings)
    known = {"company_name": inquiry.company_name, "mobile": inquiry.mobile, "submission": secrets.new_submission()}
    form = TakeForm(data, initial=known)
    if data is not None and which.is_valid() and form.is_valid():
        booking = _start_booking(request, inquiry, which.cleaned_data["sitting"], form)
        if booking is not None:
            return redirect("console:appointments_booking_answers", booking.pk)
    context = {"which": which, "form": form, "nothing": not sittings.exists()}
    title = _("帮办预约：咨询 %s") % inquiry.reference
    return console_page(
        request, "console/desk_take.html", context, 422 if data is not None else 200, title=title, model=Inquiry
    )


def _start_booking(request: HttpRequest, inquiry: Inquiry, sitting: Sitting, form: TakeForm) -> Booking | None:
    try:
        return services.start_booking(
            inquiry_id=inquiry.pk,
            sitting_id=sitting.pk,
            application=form.application(),
            submission=secrets.submission_or_new(form.cleaned_data["submission"]),
            in_line="join" in request.POST,
            actor=actor_of(request),
            now=timezone.now(),
        )
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return None
