"""Console pages beside the lists: booking at the desk (帮办), the booking list in Excel, attachments. [3.1] [3.3]"""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from appointments import services
from appointments.console_forms import DeskAnswersForm, SittingChoiceForm
from appointments.enums import FILLING, TIMED, BookingStatus, Origin
from appointments.excel import booking_list
from appointments.forms import TakeForm
from appointments.models import Attachment, Booking
from appointments.selectors import answers_of, bookings_for_list, consent_in_force, departments_of_sitting
from core import audit, secrets, sheets
from core.console_page import console_page
from core.downloads import download
from core.errors import Refused
from sessions_app.models import Sitting
from sessions_app.selectors import announced_sittings


def desk_take(request: HttpRequest) -> HttpResponse:
    """Take a number for an enterprise at the desk: the same four answers, the same verb. [3.1]"""
    if not request.user.has_perm("appointments.book_at_desk"):
        raise PermissionDenied
    sittings = announced_sittings(timezone.now())
    data = request.POST if request.method == "POST" else None
    which = SittingChoiceForm(data, sittings=sittings)
    form = TakeForm(data, initial={"submission": secrets.new_submission()})
    if request.method == "POST" and which.is_valid() and form.is_valid():
        booking = _take_or_wait(request, which.cleaned_data["sitting"], form)
        if booking is not None:
            return redirect("console:appointments_booking_answers", booking.pk)
    context = {"which": which, "form": form, "nothing": not sittings.exists()}
    return console_page(
        request, "console/desk_take.html", context, 422 if data else 200, title=_("帮办预约"), model=Booking
    )


def _take_or_wait(request: HttpRequest, sitting: Sitting, form: TakeForm) -> Booking | None:
    verb = services.join_waiting_list if "join" in request.POST else services.take_number
    try:
        return verb(
            sitting_id=sitting.pk,
            application=form.application(),
            submission=secrets.submission_or_new(form.cleaned_data["submission"]),
            actor=request.user,
            now=timezone.now(),
        )
    except Refused as refusal:
        form.add_error(refusal.field, refusal.message)
        return None


def desk_answers(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole form on one page; with a number it is submitted, in line it is kept. [3.1]"""
    if not request.user.has_perm("appointments.book_at_desk"):
        raise PermissionDenied
    # What an enterprise types on its own phone is not read here before it is submitted.
    at_desk = Booking.objects.filter(origin=Origin.DESK).select_related("sitting", "slot")
    booking = get_object_or_404(at_desk, pk=pk)
    if booking.status not in FILLING:
        return redirect("console:appointments_booking_change", pk)
    departments = [chair.department_id for chair in departments_of_sitting(booking.sitting_id)]
    if request.method == "POST":
        form = DeskAnswersForm(request.POST, departments=departments)
        answers = {name: request.POST.getlist(name) for name in form.fields if name != "consent"}
        services.keep_answers(booking_id=pk, answers=answers, now=timezone.now())
        if form.is_valid() and _submit(request, booking, form):
            return redirect("console:appointments_booking_change", pk)
    else:
        form = DeskAnswersForm(initial=_initial(answers_of(booking)), departments=departments)
    context = {
        "form": form,
        "booking": booking,
        "can_submit": booking.status in TIMED,
        "consent_text": consent_in_force(timezone.now()).text,
    }
    status = 422 if request.method == "POST" else 200
    return console_page(
        request, "console/desk_answers.html", context, status, title=_("帮办预约：填写信息表"), model=Booking
    )


def _initial(answers: dict[str, list[str]]) -> dict[str, Any]:
    many = {"departments", "channels"}
    return {name: values if name in many else values[0] for name, values in answers.items() if values}


def _submit(request: HttpRequest, booking: Booking, form: DeskAnswersForm) -> bool:
    """Submit, or only keep it for who waits; False when it was refused and the page is to be shown again."""
    if booking.status == BookingStatus.WAITING:
        messages.success(request, _("信息表已保存，递补到号后即可提交。"))
        return True
    now = timezone.now()
    answers = {name: value for name, value in form.cleaned_data.items() if name != "consent"}
    try:
        services.confirm_booking(
            booking_id=booking.pk, answers=answers, consent=consent_in_force(now), actor=request.user, now=now
        )
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return False
    messages.success(request, _("预约成功，挂号单链接已发送给企业。"))
    return True


def export(request: HttpRequest, sitting_id: int) -> HttpResponse:
    """The sitting's booking list; contact data masked unless asked for with the second permission. [3.3]"""
    full = "full" in request.GET
    needed = ["appointments.export_bookings"] + (["appointments.export_contacts"] if full else [])
    if not request.user.has_perms(needed):
        raise PermissionDenied
    sitting = get_object_or_404(Sitting, pk=sitting_id)
    visible = set(Booking.objects.visible_to(request.user).filter(sitting=sitting).values_list("pk", flat=True))
    bookings = [booking for booking in bookings_for_list(sitting_id) if booking.pk in visible]
    audit.record(
        "export_bookings",
        sitting,
        actor=request.user,
        after=f"{'full' if full else 'masked'}, {len(bookings)}",
        clause="[3.3]",
    )
    name = _("%s挂号清单.xlsx") % sitting.title
    return sheets.download(booking_list(sitting, bookings, full=full), name)


def attachment(request: HttpRequest, pk: int) -> HttpResponse:
    """A booking's file for who may see the booking, as a download."""
    if not request.user.has_perm("appointments.view_attachment"):
        raise PermissionDenied
    visible = Booking.objects.visible_to(request.user)
    found = get_object_or_404(Attachment.objects.filter(booking__in=visible), pk=pk)
    audit.record("download_attachment", found.booking, actor=request.user, after=found.pk)
    return download(found)
