"""The console on bulletins and reports, and on files made in the background. [3.10]"""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import audit
from core.console import (
    NavGroup,
    Queue,
    ReadOnlyAdmin,
    ReasonForm,
    Tone,
    VerbButton,
    actor_of,
    badge,
    queue_sources,
)
from core.models import User
from core.permissions import allows
from core.templatetags.cn import cn_datetime, cn_short, cn_time
from reports import console_reports as pages
from reports import permissions, services
from reports.console_documents import TurnFilter, in_status, queue_of, sent_back, signed
from reports.enums import EXPORT_AHEAD, ExportStatus, ReportStatus
from reports.figures.quarter import Quarter
from reports.forms_reports import ApproveForm, IssueForm
from reports.models import ExportJob, Report
from reports.selectors_reports import exports_of, reports_visible_to, versions_of

APPROVE = "reports.approve_report"
TONES = {
    ReportStatus.DRAFT: Tone.NEAR,
    ReportStatus.APPROVED: Tone.NEAR,
    ReportStatus.ISSUED: Tone.ON_TRACK,
    ReportStatus.DROPPED: Tone.NEUTRAL,
}
EXPORT_TONES = {ExportStatus.DONE: Tone.ON_TRACK, ExportStatus.FAILED: Tone.LATE, ExportStatus.EXPIRED: Tone.NEUTRAL}


def _figures(row: Report, actor: User, data: dict[str, Any]) -> Any:
    services.make_figures(report_id=row.pk, actor=actor, now=timezone.now())
    return _("数据、图表和办件清单已按当前情况重新生成；修改过的文字保留，数据有变化的部分已标明。")


def _approve(row: Report, actor: User, data: dict[str, Any]) -> Any:
    services.approve_report(report_id=row.pk, revision=data["revision"], actor=actor, now=timezone.now())
    return _("已审定，待印发。")


def _send_back(row: Report, actor: User, data: dict[str, Any]) -> Any:
    services.send_back_report(report_id=row.pk, reason=data["reason"], actor=actor, now=timezone.now())
    return _("已退回修改，并已告知执笔人。")


def _issue(row: Report, actor: User, data: dict[str, Any]) -> Any:
    services.issue_report(report_id=row.pk, number=data["number"], actor=actor, now=timezone.now())
    return _("已印发，文字、数据和办件清单不再变化。")


def _correct(row: Report, actor: User, data: dict[str, Any]) -> Any:
    made = services.correct_report(report_id=row.pk, why=data["reason"], actor=actor, now=timezone.now())
    return _("更正稿已起草：第 %s 版，在“各版”中打开。") % made.version


def _drop(row: Report, actor: User, data: dict[str, Any]) -> Any:
    services.drop_report(report_id=row.pk, reason=data["reason"], actor=actor, now=timezone.now())
    return _("已作废，文稿保留在列表中。")


BUTTONS = (
    VerbButton(
        name="approve",
        label=gettext_lazy("审定"),
        run=_approve,
        explain=gettext_lazy("审定后文稿不能修改，印发前仍可退回。起草和修改过文稿的人不能审定。"),
        permission=APPROVE,
        offered=in_status(ReportStatus.DRAFT),
        offered_to=lambda row, user: allows(permissions.check_can_approve, user, row),
        form=ApproveForm,
        initial=lambda row: {"revision": row.revision},
    ),
    VerbButton(
        name="issue",
        label=gettext_lazy("印发"),
        run=_issue,
        explain=gettext_lazy(
            "印发后文字、数据和办件清单固定，今后数据变化也不再改动；督查、市领导可以查看，通报同时发各部门。"
        ),
        permission=APPROVE,
        offered=in_status(ReportStatus.APPROVED),
        form=IssueForm,
        initial=lambda row: {"number": row.number},
    ),
    VerbButton(
        name="figures",
        label=gettext_lazy("重新生成数据"),
        run=_figures,
        explain=gettext_lazy("按当前情况重新统计。没有改过的文字随数据更新，改过的保留。"),
        permission=pages.WRITE,
        offered=lambda row: row.status == ReportStatus.DRAFT and row.year is not None,
    ),
    VerbButton(
        name="send-back",
        label=gettext_lazy("退回修改"),
        run=_send_back,
        explain=gettext_lazy("写明要改什么，执笔人会收到告知。"),
        permission=APPROVE,
        offered=in_status(ReportStatus.DRAFT, ReportStatus.APPROVED),
        form=ReasonForm,
    ),
    VerbButton(
        name="correct",
        label=gettext_lazy("更正"),
        run=_correct,
        explain=gettext_lazy("已印发的保留原样。更正另成新的一版，写明更正理由，同样须审定、印发。"),
        permission=pages.WRITE,
        offered=lambda row: row.is_issued and not hasattr(row, "corrected_by"),
        form=ReasonForm,
    ),
    VerbButton(
        name="drop",
        label=gettext_lazy("作废"),
        run=_drop,
        explain=gettext_lazy("不再需要的文稿作废后不能恢复，但仍保留在列表中。"),
        permission=APPROVE,
        offered=in_status(ReportStatus.DRAFT, ReportStatus.APPROVED),
        form=ReasonForm,
        danger=True,
    ),
)


def _to_approve(rows: QuerySet[Report]) -> QuerySet[Report]:
    return rows.filter(status=ReportStatus.DRAFT, returned_at__isnull=True)


class ReportTurnFilter(TurnFilter):
    writes = pages.WRITE
    waiting = {"approve": (gettext_lazy("待审定"), APPROVE, _to_approve)}


@admin.register(Report)
class ReportAdmin(ReadOnlyAdmin):
    nav_group = NavGroup.REPORTS
    nav_order = 20
    change_list_template = "console/report_list.html"
    change_form_template = "console/report.html"
    empty_text = gettext_lazy("每季度的通报，以及重要情况报告和专报，起草或印发后列在这里。")
    list_display = ["name", "kind", "period", "edition", "state", "made", "issued_on"]
    list_filter = [ReportTurnFilter, "kind", "status", "year", "quarter"]
    fields = ["state", "made", "counted", "approved", "issued_on"]
    verb_buttons = BUTTONS

    def get_queryset(self, request: HttpRequest) -> QuerySet[Report]:
        """Of the list's rows not what is written and counted in them."""
        found: Any = reports_visible_to(actor_of(request))
        match = request.resolver_match
        return found.without_contents() if match and match.url_name == "reports_report_changelist" else found

    def get_urls(self) -> list[Any]:
        view, name = self.admin_site.admin_view, "reports_report"
        return [
            path("make/", view(pages.make), name=f"{name}_make"),
            path("<key:pk>/edit/", view(pages.edit_head), name=f"{name}_head"),
            path("<key:pk>/edit/<slug:key>/", view(pages.edit), name=f"{name}_edit"),
            path("<key:pk>/print/", view(pages.printed), name=f"{name}_print"),
            path("<key:pk>/word/", view(pages.in_word), name=f"{name}_word"),
            path("<key:pk>/excel/", view(pages.in_excel), name=f"{name}_excel"),
            path("<key:pk>/ask/", view(pages.ask), name=f"{name}_ask"),
            path("<key:pk>/chart/<int:place>/", view(pages.chart), name=f"{name}_chart"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        offered = {"can_make": request.user.has_perm(pages.WRITE)}
        return super().changelist_view(request, offered | (extra_context or {}))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, obj: Any = None, **kwargs: Any
    ) -> HttpResponse:
        if obj is not None:
            context |= pages.shown(request, obj)
            context["can_write"] = obj.status == ReportStatus.DRAFT and request.user.has_perm(pages.WRITE)
            seen = set(reports_visible_to(actor_of(request)).values_list("pk", flat=True).filter(kind=obj.kind))
            context["versions"] = [version for version in versions_of(obj) if version.pk in seen]
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    @admin.display(description=gettext_lazy("文稿"), ordering="title")
    def name(self, row: Report) -> str:
        return row.title

    @admin.display(description=gettext_lazy("季度"), ordering="year")
    def period(self, row: Report) -> str:
        return Quarter(row.year, row.quarter).title if row.year and row.quarter else "—"

    @admin.display(description=gettext_lazy("版次"), ordering="version")
    def edition(self, row: Report) -> str:
        return _("第 %s 版") % row.version

    @admin.display(description=gettext_lazy("状态"), ordering="status")
    def state(self, row: Report) -> SafeString:
        words = _("退回修改") if row.status == ReportStatus.DRAFT and row.returned_at else row.get_status_display()
        return badge(words, TONES[ReportStatus(row.status)])

    @admin.display(description=gettext_lazy("起草"), ordering="made_at")
    def made(self, row: Report) -> str:
        return signed(row.made_at, row.made_by)

    @admin.display(description=gettext_lazy("数据截至"))
    def counted(self, row: Report) -> str:
        return cn_datetime(row.figures_at) or "—"

    @admin.display(description=gettext_lazy("审定"))
    def approved(self, row: Report) -> str:
        return signed(row.approved_at, row.approved_by)

    @admin.display(description=gettext_lazy("印发"), ordering="issued_at")
    def issued_on(self, row: Report) -> str:
        return signed(row.issued_at, row.issued_by)


@admin.register(ExportJob)
class ExportJobAdmin(ReadOnlyAdmin):
    """One's own files, with how far each is. The page looks again by itself while something is being made."""

    nav_group = NavGroup.REPORTS
    nav_order = 60
    change_list_template = "console/export_list.html"
    empty_text = gettext_lazy("在通报页面“导出全部办件清单”后，生成进度和下载列在这里，到期自动删除。")
    list_display = ["name", "state", "progress", "asked", "kept", "fetch"]
    fields = ["name", "state", "progress", "asked", "kept", "fetch"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ExportJob]:
        return exports_of(actor_of(request))

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.fetch_view)
        return [path("<key:pk>/fetch/", view, name="reports_exportjob_fetch"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        ahead = exports_of(actor_of(request)).filter(status__in=EXPORT_AHEAD).exists()
        return super().changelist_view(request, {"ahead": ahead} | (extra_context or {}))

    def fetch_view(self, request: HttpRequest, pk: int) -> HttpResponse | FileResponse:
        """To who asked for it, as long as they may still read what is in it."""
        actor = actor_of(request)
        if not request.user.has_perm(pages.EXPORT):
            raise PermissionDenied
        job = get_object_or_404(exports_of(actor), pk=pk, status=ExportStatus.DONE)
        is_theirs = job.unit_id == permissions.department_shown_to(actor)
        if not is_theirs or not reports_visible_to(actor).filter(pk=job.key.partition(":")[2]).exists():
            raise Http404
        audit.record("fetch_export", job, actor=actor, after=job.lines_all, clause="[3.10]")
        return FileResponse(
            job.file.open("rb"), as_attachment=True, filename=job.name, content_type="application/octet-stream"
        )

    @admin.display(description=gettext_lazy("状态"), ordering="status")
    def state(self, row: ExportJob) -> SafeString:
        words = f"{row.get_status_display()}：{row.error}" if row.error else row.get_status_display()
        return badge(words, EXPORT_TONES.get(ExportStatus(row.status), Tone.NEAR))

    @admin.display(description=gettext_lazy("进度"))
    def progress(self, row: ExportJob) -> str | SafeString:
        if row.status == ExportStatus.DONE:
            return _("%s 行") % row.lines_all
        if row.status not in EXPORT_AHEAD:
            return "—"
        words = _("%(done)s / %(all)s 行") % {"done": row.lines_done, "all": row.lines_all or "—"}
        return format_html(
            '<progress max="100" value="{}" aria-label="{}">{}%</progress> {}',
            *(row.percent, row.name, row.percent, words),
        )

    @admin.display(description=gettext_lazy("申请时间"), ordering="asked_at")
    def asked(self, row: ExportJob) -> str:
        return f"{cn_short(row.asked_at)} {cn_time(row.asked_at)}"

    @admin.display(description=gettext_lazy("保留至"))
    def kept(self, row: ExportJob) -> str:
        return cn_short(row.kept_until) or "—"

    @admin.display(description=gettext_lazy("文件"))
    def fetch(self, row: ExportJob) -> str | SafeString:
        if row.status != ExportStatus.DONE:
            return "—"
        return format_html('<a href="{}">{}</a>', reverse("console:reports_exportjob_fetch", args=[row.pk]), _("下载"))


def report_queues(request: HttpRequest) -> list[Queue]:
    """What waits for a supervisor, and what came back to its writers. [3.10]"""
    user: Any = request.user
    rows = Report.objects.all()
    if user.has_perm(APPROVE):
        approved = rows.filter(status=ReportStatus.APPROVED)
        return [
            queue_of(_("待审定的文稿"), _to_approve(rows), "turn=approve", _("没有待审定的通报和报告。")),
            queue_of(_("待印发的文稿"), approved, "status__exact=approved", _("没有待印发的通报和报告。")),
        ]
    if not user.has_perm(pages.WRITE):
        return []
    return [queue_of(_("退回修改的文稿"), sent_back(rows, user), "turn=back", _("没有退回修改的通报和报告。"))]


queue_sources.append(report_queues)
