"""Check in at the desk or on a tablet: by the ticket's code, a photo of it, or a name. [3.3]"""

from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appointments import services
from appointments.forms_day import CheckInForm, code_in
from appointments.guards_day import check_check_in
from appointments.models import Booking, QueueEntry
from appointments.permissions import check_can_run_queue
from appointments.selectors import booking_by_checkin
from appointments.selectors_day import entry_of, find_placed, sessions_for
from core.console import actor_of
from core.console_page import console_page
from core.errors import AlreadyDone, Refused
from core.qr_reading import read_codes

_page = partial(console_page, title=gettext_lazy("签到"), model=QueueEntry)

PERMISSION = "appointments.run_queue"


def desk(request: HttpRequest) -> HttpResponse:
    """The field that takes a scanner's text, a photo, or a search; one hit leads to its booking."""
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
    sessions = list(sessions_for(actor_of(request), timezone.localdate()))
    context: dict[str, Any] = {"sessions": sessions, "found": None}
    posted = request.method == "POST"
    form = CheckInForm(request.POST if posted else None, request.FILES if posted else None)
    if not posted:
        return _page(request, "console/checkin.html", context | {"form": form})
    if form.is_valid():
        try:
            found = _find(form, sessions)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            if len(found) == 1:
                return redirect("console:appointments_queueentry_checkin_booking", found[0].pk)
            context["found"] = found
    return _page(request, "console/checkin.html", context | {"form": form}, status=422 if form.errors else 200)


def _find(form: CheckInForm, sessions: list[Any]) -> list[Booking]:
    """Whom the code or the words mean. Refuses `no_code_in_photo`, `unknown_code`."""
    photo, text = form.cleaned_data["photo"], form.cleaned_data["text"].strip()
    if photo:
        codes = [secret for code in read_codes(photo, photo.size) if (secret := code_in(code))]
        if not codes:
            raise Refused(
                "no_code_in_photo", _("照片里没有找到签到码。请对准挂号单上的二维码再拍一次。"), field="photo"
            )
        return [_booking_of(codes[0], "photo")]
    secret = code_in(text)
    return [_booking_of(secret, "text")] if secret else find_placed(text, sessions)


def _booking_of(secret: str, field: str) -> Booking:
    booking = booking_by_checkin(secret)
    if booking is None:
        raise Refused("unknown_code", _("这不是有效的签到码。请核对挂号单，或按企业名称查找。"), field=field)
    return booking


def code(request: HttpRequest, secret: str) -> HttpResponse:
    """Where the ticket's own address leads a signed-in member of staff."""
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
    found = booking_by_checkin(secret)
    if found is None:
        messages.error(request, _("这不是有效的签到码。请核对挂号单，或按企业名称查找。"))
        return redirect("console:appointments_queueentry_checkin")
    try:
        check_can_run_queue(actor_of(request), found.session)
    except PermissionDenied:
        messages.error(request, _("该预约不在您负责签到的场次，请企业到服务台签到。"))
        return redirect("console:appointments_queueentry_checkin")
    return redirect("console:appointments_queueentry_checkin_booking", found.pk)


def booking(request: HttpRequest, pk: int) -> HttpResponse:
    """Who it is, and one big button; or why not."""
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
    found = get_object_or_404(Booking.objects.select_related("sitting", "slot", "session"), pk=pk)
    check_can_run_queue(actor_of(request), found.session)
    if request.method == "POST":
        try:
            services.check_in(booking_id=pk, actor=actor_of(request), now=timezone.now())
        except Refused as refusal:
            return _show(request, found, refusal, status=200 if isinstance(refusal, AlreadyDone) else 409)
        messages.success(request, _("%(number)s 号 %(company)s 已签到。") % _named(found))
        return redirect("console:appointments_queueentry_checkin")
    return _show(request, found, _why_not(found))


def _named(found: Booking) -> dict[str, Any]:
    return {"number": found.number, "company": found.company_name}


def _why_not(found: Booking) -> Refused | None:
    try:
        check_check_in(found, entry_of(found.pk), timezone.now())
    except Refused as refusal:
        return refusal
    return None


def _show(request: HttpRequest, found: Booking, refusal: Refused | None, status: int = 200) -> HttpResponse:
    context = {"booking": found, "refusal": refusal, "done": isinstance(refusal, AlreadyDone)}
    return _page(request, "console/checkin_booking.html", context, status=status)
