"""The console's pages of one typical case: writing it beside the original, and how it will look. [5.3] [5.4]"""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.selectors_page import accepted_answers
from core.console import actor_of
from core.console_page import console_page
from core.errors import Refused
from reports.enums import TypicalStatus
from reports.forms_typical import WriteForm
from reports.identifying import Finding, masked
from reports.models import TypicalCase
from reports.selectors_typical import TEXTS, findings_in, identity_of
from reports.services import typical as services

VIEW, WRITE = "reports.view_typicalcase", "reports.write_typical"
WRITTEN = ("title", "area", "department", "situation", "handling", "outcome", "lessons", "keywords")


def to_read(request: HttpRequest, pk: int) -> TypicalCase:
    if not request.user.has_perm(VIEW):
        raise PermissionDenied
    rows = TypicalCase.objects.select_related("area", "department", "case__booking__enterprise")
    return get_object_or_404(rows, pk=pk)


def write(request: HttpRequest, pk: int) -> HttpResponse:
    typical = to_read(request, pk)
    if not request.user.has_perm(WRITE):
        raise PermissionDenied
    if typical.status != TypicalStatus.DRAFT:
        raise Http404
    known = {name: getattr(typical, name) for name in (*WRITTEN, "revision")}
    form = WriteForm(request.POST if request.method == "POST" else None, initial=known)
    if request.method == "POST" and form.is_valid() and kept(request, form, typical):
        return redirect(page_of(typical))
    findings = findings_in(typical)
    context = {
        "form": form,
        "back": page_of(typical),
        "typical": typical,
        "rows": [(field, found_at(field.name, findings)) for field in form.visible_fields()],
        "original": original_of(typical),
    }
    status = 422 if request.method == "POST" else 200
    return console_page(
        request, "console/typical_write.html", context, status, title=_("编写典型案例"), model=TypicalCase
    )


def kept(request: HttpRequest, form: WriteForm, typical: TypicalCase) -> bool:
    """Whether it was; refused, what was typed stays, on top of what stands there now once that was shown."""
    wanted = form.cleaned_data
    revision = wanted.pop("revision")
    keys = {name: wanted[name].pk if wanted[name] else None for name in ("area", "department")}
    words = services.Words(**wanted | keys)
    actor, now = actor_of(request), timezone.now()
    try:
        services.save_draft(typical_id=typical.pk, words=words, revision=revision, actor=actor, now=now)
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        if refusal.code == "changed_meanwhile":
            form.data = form.data.copy()
            form.data["revision"] = typical.revision
        return False
    messages.success(request, _("已保存。写完后由市政府办公室督查科核对。"))
    return True


def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """As the public will see it."""
    typical = to_read(request, pk)
    return TemplateResponse(request, "portal/typical_case.html", {"typical": typical, "preview": page_of(typical)})


def shown(typical: TypicalCase) -> dict[str, Any]:
    """What the page of one needs: its parts with what was found in them, and the original beside them."""
    findings = findings_in(typical) if typical.in_work else []
    parts = [
        (str(TypicalCase._meta.get_field(name).verbose_name), getattr(typical, name), found_at(name, findings))
        for name in TEXTS
    ]
    return {"parts": parts, "original_said": original_of(typical)}


def found_at(name: str, findings: list[Finding]) -> list[Finding]:
    """Each word once."""
    return list({finding.words: finding for finding in findings if finding.field == name}.values())


def original_of(typical: TypicalCase) -> list[tuple[str, str]]:
    """The demand and what was answered, with what tells whose they are covered: nobody needs it to rewrite them."""
    case, booking = typical.case, typical.case.booking
    said = [
        (_("诉求标题"), booking.title),
        (_("事实与理由"), booking.facts),
        (_("具体请求"), booking.request),
        (_("诉求要点"), case.points),
        *((_("%s反馈") % unit, text) for unit, _result, text in accepted_answers(case)),
        (_("答复企业"), case.answer),
    ]
    identity = identity_of(case)
    return [(label, masked(text, identity)) for label, text in said if text]


def page_of(typical: TypicalCase) -> str:
    return reverse("console:reports_typicalcase_change", args=[typical.pk])
