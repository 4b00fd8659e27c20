"""The console's pages of one report: drafting, editing its parts, print view, Word, Excel, charts. [3.10]"""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit, word
from core.console import actor_of
from core.console_page import console_page
from core.errors import Refused
from core.sheets import download_bytes
from reports import services
from reports.content import paper_of, resolved
from reports.enums import ReportStatus
from reports.forms_reports import HeadForm, MakeForm, SectionForm
from reports.models import Report
from reports.report_excel import report_workbook
from reports.report_word import report_word
from reports.selectors_reports import cases_visible_to, reports_visible_to

WRITE, EXPORT = "reports.write_report", "reports.export_report"
# Of the list of cases a page shows so many; the whole of it is in the Excel file.
LINES_SHOWN = 100


def visible(request: HttpRequest, pk: int) -> Report:
    if not request.user.has_perm("reports.view_report"):
        raise PermissionDenied
    return get_object_or_404(reports_visible_to(actor_of(request)), pk=pk)


def make(request: HttpRequest) -> HttpResponse:
    if not request.user.has_perm(WRITE):
        raise PermissionDenied
    form = MakeForm(request.POST if request.method == "POST" else None, today=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        year, quarter = form.quarter
        try:
            made = services.make_report(
                kind=form.cleaned_data["kind"],
                year=year,
                quarter=quarter,
                title=form.cleaned_data["title"],
                actor=actor_of(request),
                now=timezone.now(),
            )
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            messages.success(request, _("草稿已生成。逐部分核对、修改后，由另一位负责人审定。"))
            return redirect(page_of(made))
    context = {
        "form": form,
        "button": _("起草"),
        "explain": _("数据和文字按所选季度的办理情况生成，审定前都可以修改。"),
    }
    return console_page(
        request, "console/report_form.html", context, status_of(request), title=_("起草通报、报告"), model=Report
    )


def edit(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    report = to_write(request, pk)
    section = next((resolved(row) | {"made": row["made"]} for row in report.sections if row["key"] == key), None)
    if section is None:
        raise Http404
    form = SectionForm(
        request.POST if request.method == "POST" else None,
        initial={"text": section["text"], "revision": report.revision},
    )
    if request.method == "POST" and form.is_valid():
        kept = _kept(request, form, services.edit_section, report_id=report.pk, key=key, **form.cleaned_data)
        if kept is not None:
            messages.success(request, _("“%s”已保存。") % section["heading"])
            return redirect(f"{page_of(report)}#part-{key}")
    context = {"form": form, "button": _("保存"), "back": page_of(report), "section": section, "explain": report.title}
    return console_page(
        request, "console/report_form.html", context, status_of(request), title=section["heading"], model=Report
    )


def edit_head(request: HttpRequest, pk: int) -> HttpResponse:
    report = to_write(request, pk)
    columns = ("title", "number", "addressee", "revision")
    form = HeadForm(
        request.POST if request.method == "POST" else None,
        initial={name: getattr(report, name) for name in columns},
    )
    if request.method == "POST" and form.is_valid():
        kept = _kept(request, form, services.edit_head, report_id=report.pk, **form.cleaned_data)
        if kept is not None:
            messages.success(request, _("标题、字号和主送机关已保存。"))
            return redirect(page_of(report))
    context = {"form": form, "button": _("保存"), "back": page_of(report), "explain": report.title}
    return console_page(
        request, "console/report_form.html", context, status_of(request), title=_("标题、字号、主送机关"), model=Report
    )


def _kept(request: HttpRequest, form: Any, verb: Any, **wanted: Any) -> Report | None:
    """None when it was refused; what was typed stays, and is based on what stands there now once that was shown."""
    try:
        return verb(**wanted, actor=actor_of(request), now=timezone.now())
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        if refusal.code == "changed_meanwhile":
            form.data = form.data.copy()
            form.data["revision"] = Report.objects.values_list("revision", flat=True).get(pk=wanted["report_id"])
        return None


def to_write(request: HttpRequest, pk: int) -> Report:
    report = visible(request, pk)
    if not request.user.has_perm(WRITE):
        raise PermissionDenied
    if report.status != ReportStatus.DRAFT:
        raise Http404
    return report


def printed(request: HttpRequest, pk: int) -> HttpResponse:
    report = visible(request, pk)
    return TemplateResponse(request, "console/report_print.html", {"report": report} | shown(request, report))


def shown(request: HttpRequest, report: Report) -> dict[str, Any]:
    """What `console/report_paper.html` needs."""
    paper = paper_of(report)
    lines = cases_visible_to(actor_of(request), paper.cases)
    return {"paper": paper, "lines": lines[:LINES_SHOWN], "lines_all": len(lines), "lines_shown": LINES_SHOWN}


def in_word(request: HttpRequest, pk: int) -> HttpResponse:
    report = to_take(request, pk)
    content = report_word(paper_of(report))
    audit.record("export_report", report, actor=actor_of(request), after="docx", clause="[3.10]")
    return word.download(content, f"{report}.docx")


def in_excel(request: HttpRequest, pk: int) -> HttpResponse:
    """Text, tables and charts; the whole list of cases is made in the background."""
    report = to_take(request, pk)
    content = report_workbook(paper_of(report))
    audit.record("export_report", report, actor=actor_of(request), after="xlsx", clause="[3.10]")
    return download_bytes(content, f"{report}.xlsx")


def to_take(request: HttpRequest, pk: int) -> Report:
    report = visible(request, pk)
    if not request.user.has_perm(EXPORT):
        raise PermissionDenied
    return report


def ask(request: HttpRequest, pk: int) -> HttpResponse:
    report = to_take(request, pk)
    if request.method != "POST":
        return redirect(page_of(report))
    try:
        services.ask_export(report_id=report.pk, actor=actor_of(request), now=timezone.now())
    except Refused as refusal:
        messages.info(request, refusal.message)
    else:
        messages.success(request, _("已开始在后台生成，完成后在这里下载。"))
    return redirect("console:reports_exportjob_changelist")


def chart(request: HttpRequest, pk: int, place: int) -> HttpResponse:
    found = next((one for one in paper_of(visible(request, pk)).charts if one.place == place), None)
    if found is None:
        raise Http404
    return HttpResponse(found.picture, content_type="image/png")


def page_of(report: Report) -> str:
    return reverse("console:reports_report_change", args=[report.pk])


def status_of(request: HttpRequest) -> int:
    return 422 if request.method == "POST" else 200
