"""One page to record with the demand beside it; kept as it is typed, checked, and led on to be signed. [3.6]"""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appointments.selectors_day import queue_of
from consultations import fields, services
from consultations.forms import Page, differing, typed
from consultations.guards import problems_of
from consultations.models import Consultation
from consultations.permissions import can_sign, check_can_correct, check_can_keep
from consultations.selectors import earlier_of, records_of
from core.console import actor_of
from core.console_page import console_page
from core.errors import Refused
from core.permissions import require
from core.templatetags.cn import cn_time

_page = partial(console_page, title=gettext_lazy("坐诊服务工作记录表"), model=Consultation)

KEEP, CHECK = "keep", "check"
# What an ordinary form says of the revision when it says nothing readable: nothing was read.
NOTHING_READ = -1


def visible(request: HttpRequest, pk: int) -> Consultation:
    """The record for who may see it; for other departments there is none."""
    require(actor_of(request), "consultations.view_consultation")
    rows = Consultation.objects.visible_to(actor_of(request))
    return get_object_or_404(rows.select_related("booking__slot", "booking__sitting", "session", "kept_by"), pk=pk)


def revision_of(request: HttpRequest) -> int:
    text = request.POST.get("revision", "")
    return int(text) if text.isdecimal() and len(text) < 10 else NOTHING_READ


def record(request: HttpRequest, pk: int) -> HttpResponse:
    found = visible(request, pk)
    check_can_keep(actor_of(request), found.session)
    if found.is_signed:
        return redirect("console:consultations_consultation_change", pk)
    if request.POST.get("do") in (KEEP, CHECK):
        return _keep(request, found)
    return show(request, found, Page(found, fields.read(found)))


def _keep(request: HttpRequest, found: Consultation) -> HttpResponse:
    """Kept by an ordinary form; what could not be kept stays on the page as it was typed."""
    known = fields.read(found)
    mine = typed(request.POST, known)
    try:
        kept = services.keep_draft(
            consultation_id=found.pk,
            revision=revision_of(request),
            fields=mine,
            actor=actor_of(request),
            now=timezone.now(),
        )
    except Refused as refusal:
        return _not_kept(request, found, known | mine, refusal)
    if request.POST["do"] == CHECK:
        return _check(request, visible(request, kept.pk))
    messages.success(request, _("已保存 %s。") % cn_time(kept.kept_at))
    return redirect("console:consultations_consultation_record", kept.pk)


def _not_kept(request: HttpRequest, found: Consultation, mine: fields.Values, refusal: Refused) -> HttpResponse:
    if refusal.code == "changed_by_other":
        found.revision = refusal.facts["revision"]
        page = Page(found, mine, theirs=differing(mine, refusal.facts["fields"]))
        return show(request, found, page, status=409, conflict=refusal, keeps_itself=False)
    if refusal.code == "signed":
        messages.error(request, refusal.message)
        return redirect("console:consultations_consultation_change", found.pk)
    page = Page(found, mine, problems={refusal.field or "": str(refusal.message)})
    return show(request, found, page, status=422, keeps_itself=False)


def _check(request: HttpRequest, kept: Consultation) -> HttpResponse:
    values = fields.read(kept)
    problems = problems_of(kept, values, kept.session)
    if problems:
        return show(request, kept, Page(kept, values, problems=problems), status=422)
    return redirect("console:consultations_consultation_sign", kept.pk)


def show(request: HttpRequest, found: Consultation, page: Page, status: int = 200, **more: Any) -> HttpResponse:
    context = {
        "record": found,
        "page": page,
        "boxes": page.boxes,
        # What stands on the page is what was kept: from here on the page's script keeps what changes.
        "keeps_itself": True,
        "can_sign": can_sign(actor_of(request), found.session),
        "reason": request.POST.get("reason", ""),
        **_beside(request, found),
    }
    return _page(request, "console/record.html", context | more, status=status)


def _beside(request: HttpRequest, found: Consultation) -> dict[str, Any]:
    """The enterprise's demand, its papers and its past, and who else is in line."""
    booking, records = found.booking, records_of(found.session_id)
    return {
        "booking": booking,
        "attachments": list(booking.attachments.all()),
        "supplements": list(booking.supplements.exclude(text="")),
        "findings": list(booking.verifications.active().exclude(finding="").select_related("department")),
        "earlier": earlier_of(booking, actor_of(request)),
        "line": [(place.booking, place.entry, records.get(place.booking.pk)) for place in queue_of(found.session_id)],
    }


def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """A signed record, put right with a reason: the same page, without what the case stands on."""
    found = visible(request, pk)
    check_can_correct(actor_of(request), found.session)
    if not found.is_signed:
        return redirect("console:consultations_consultation_record", pk)
    known = fields.read(found)
    if request.POST.get("do") != KEEP:
        return show(request, found, Page(found, known), correcting=True, keeps_itself=False)
    mine = {name: value for name, value in typed(request.POST, known).items() if name in request.POST}
    try:
        services.correct_record(
            consultation_id=pk,
            fields=mine,
            reason=request.POST.get("reason", ""),
            actor=actor_of(request),
            now=timezone.now(),
        )
    except Refused as refusal:
        problems = refusal.facts.get("problems") or {refusal.field or "": refusal.message}
        page = Page(found, known | mine, problems=problems)
        return show(request, found, page, status=422, correcting=True, keeps_itself=False)
    messages.success(request, _("已更正，原记录保留为上一版本。"))
    return redirect("console:consultations_consultation_change", pk)
