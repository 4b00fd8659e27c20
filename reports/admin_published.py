"""The console on a quarter's results for the public: counted, previewed, approved, published, withdrawn. [5.4]"""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.console import NavGroup, Queue, ReadOnlyAdmin, ReasonForm, Tone, VerbButton, actor_of, badge, queue_sources
from core.console_page import console_page
from core.errors import Refused
from core.models import User
from core.permissions import allows
from core.templatetags.cn import cn_datetime
from reports import permissions, services
from reports.console_documents import in_status, queue_of, signed
from reports.enums import ResultsStatus
from reports.forms_published import PublishForm, QuarterForm
from reports.forms_reports import ApproveForm
from reports.models import PublishedResults
from reports.public_page import page_of
from reports.public_results import differences

VIEW, MAKE, RULE = "reports.view_publishedresults", "reports.make_results", "reports.approve_results"
TONES = {
    ResultsStatus.DRAFT: Tone.NEAR,
    ResultsStatus.APPROVED: Tone.NEAR,
    ResultsStatus.PUBLISHED: Tone.ON_TRACK,
    ResultsStatus.WITHDRAWN: Tone.NEUTRAL,
}


def _again(row: PublishedResults, actor: User, data: dict[str, Any]) -> Any:
    services.count_results_again(results_id=row.pk, actor=actor, now=timezone.now())
    return _("已按当前情况重新统计。")


def _approve(row: PublishedResults, actor: User, data: dict[str, Any]) -> Any:
    services.approve_results(results_id=row.pk, revision=data["revision"], actor=actor, now=timezone.now())
    return _("已审定，待公布。")


def _send_back(row: PublishedResults, actor: User, data: dict[str, Any]) -> Any:
    services.send_back_results(results_id=row.pk, reason=data["reason"], actor=actor, now=timezone.now())
    return _("已退回，并已告知统计人。")


def _publish(row: PublishedResults, actor: User, data: dict[str, Any]) -> Any:
    services.publish_results(results_id=row.pk, why=data["why"], actor=actor, now=timezone.now())
    return _("已公布，服务专窗网页即时可见。")


def _withdraw(row: PublishedResults, actor: User, data: dict[str, Any]) -> Any:
    services.withdraw_results(results_id=row.pk, reason=data["reason"], actor=actor, now=timezone.now())
    return _("已撤下。更正后可重新生成该季度成效。")


def _what_publishing_does(row: PublishedResults) -> Any:
    """With what an issued bulletin says otherwise, before the press."""
    said = _("公布后在服务专窗网页上向社会公开，数据固定，不再随办件变化；有误的只能撤下后重做。")
    found = differences(row.year, row.quarter, row.content)
    if not found:
        return said
    lines = "；".join(f"{one.label}：{_('通报')} {one.in_bulletin}，{_('此处')} {one.here}" for one in found)
    return said + _("与已印发的通报有 %(count)s 项不一致：%(lines)s。") % {"count": len(found), "lines": lines}


BUTTONS = (
    VerbButton(
        name="approve",
        label=gettext_lazy("审定"),
        run=_approve,
        explain=gettext_lazy("审定后不能重新统计，公布前仍可退回。统计人不能审定自己生成的。"),
        permission=RULE,
        offered=in_status(ResultsStatus.DRAFT),
        offered_to=lambda row, user: allows(permissions.check_can_approve_results, user, row),
        form=ApproveForm,
        initial=lambda row: {"revision": row.revision},
    ),
    VerbButton(
        name="publish",
        label=gettext_lazy("公布"),
        run=_publish,
        explain=_what_publishing_does,
        permission=RULE,
        offered=in_status(ResultsStatus.APPROVED),
        form=PublishForm,
        form_kwargs=lambda row: {"differs": bool(differences(row.year, row.quarter, row.content))},
    ),
    VerbButton(
        name="again",
        label=gettext_lazy("重新统计"),
        run=_again,
        explain=gettext_lazy("按当前情况重新统计全部数据和文字。"),
        permission=MAKE,
        offered=in_status(ResultsStatus.DRAFT),
    ),
    VerbButton(
        name="send-back",
        label=gettext_lazy("退回"),
        run=_send_back,
        explain=gettext_lazy("退回后可重新统计，统计人会收到告知。"),
        permission=RULE,
        offered=in_status(ResultsStatus.APPROVED),
        form=ReasonForm,
    ),
    VerbButton(
        name="withdraw",
        label=gettext_lazy("撤下"),
        run=_withdraw,
        explain=gettext_lazy(
            "撤下后网页不再显示数据，原网址说明已撤下；理由只在工作台可见。更正后可重新生成新的一版。"
        ),
        permission=RULE,
        offered=in_status(ResultsStatus.DRAFT, ResultsStatus.APPROVED, ResultsStatus.PUBLISHED),
        form=ReasonForm,
        danger=True,
    ),
)


@admin.register(PublishedResults)
class PublishedResultsAdmin(ReadOnlyAdmin):
    nav_group = NavGroup.REPORTS
    nav_order = 30
    change_list_template = "console/results_list.html"
    change_form_template = "console/results.html"
    empty_text = gettext_lazy("季度结束后生成的季度成效列在这里，审定、公布后在服务专窗网页可见。")
    list_display = ["name", "state", "made", "approved", "published_on", "withdrawn"]
    list_filter = ["status", "year", "quarter"]
    fields = ["state", "made", "approved", "published_on", "explained", "withdrawn", "address"]
    verb_buttons = BUTTONS

    def get_queryset(self, request: HttpRequest) -> QuerySet[PublishedResults]:
        people = ("made_by", "approved_by", "published_by", "withdrawn_by")
        found: Any = super().get_queryset(request).select_related(*people)
        match = request.resolver_match
        return found.defer("content") if match and match.url_name == "reports_publishedresults_changelist" else found

    def get_urls(self) -> list[Any]:
        view, name = self.admin_site.admin_view, "reports_publishedresults"
        return [
            path("make/", view(make), name=f"{name}_make"),
            path("<key:pk>/preview/", view(preview), name=f"{name}_preview"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {"can_make": request.user.has_perm(MAKE)} | (extra_context or {}))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, obj: Any = None, **kwargs: Any
    ) -> HttpResponse:
        if obj is not None:
            context["page"] = page_of(obj)
            context["differences"] = differences(obj.year, obj.quarter, context["page"].content)
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    @admin.display(description=gettext_lazy("季度成效"), ordering="year")
    def name(self, row: PublishedResults) -> str:
        return str(row)

    @admin.display(description=gettext_lazy("状态"), ordering="status")
    def state(self, row: PublishedResults) -> SafeString:
        return badge(row.get_status_display(), TONES[ResultsStatus(row.status)])

    @admin.display(description=gettext_lazy("统计"), ordering="made_at")
    def made(self, row: PublishedResults) -> str:
        return signed(row.made_at, row.made_by)

    @admin.display(description=gettext_lazy("审定"))
    def approved(self, row: PublishedResults) -> str:
        return signed(row.approved_at, row.approved_by)

    @admin.display(description=gettext_lazy("公布"), ordering="published_at")
    def published_on(self, row: PublishedResults) -> str:
        return signed(row.published_at, row.published_by)

    @admin.display(description=gettext_lazy("与通报不一致的说明"))
    def explained(self, row: PublishedResults) -> str:
        return row.differs_why or "—"

    @admin.display(description=gettext_lazy("撤下"))
    def withdrawn(self, row: PublishedResults) -> str:
        if not row.withdrawn_at:
            return "—"
        said = {"at": cn_datetime(row.withdrawn_at), "by": row.withdrawn_by, "why": row.withdrawn_reason}
        return _("%(at)s %(by)s：%(why)s") % said

    @admin.display(description=gettext_lazy("网址"))
    def address(self, row: PublishedResults) -> str | SafeString:
        if row.status != ResultsStatus.PUBLISHED:
            return "—"
        return format_html('<a href="{}">{}</a>', row.get_absolute_url(), row.get_absolute_url())


def make(request: HttpRequest) -> HttpResponse:
    if not request.user.has_perm(MAKE):
        raise PermissionDenied
    form = QuarterForm(request.POST if request.method == "POST" else None, today=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        quarter = form.cleaned_data["period"]
        try:
            made = services.make_results(
                year=quarter.year, quarter=quarter.number, actor=actor_of(request), now=timezone.now()
            )
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            messages.success(request, _("已生成。核对预览后，由另一位负责人审定、公布。"))
            return redirect("console:reports_publishedresults_change", made.pk)
    context = {
        "form": form,
        "button": _("生成"),
        "explain": _("按季度统计可以公开的数据：不含部门，不含能识别企业的内容，不足 5 件的不单列。"),
    }
    status = 422 if request.method == "POST" else 200
    return console_page(
        request, "console/report_form.html", context, status, title=_("生成季度成效"), model=PublishedResults
    )


def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """As the public would see it."""
    if not request.user.has_perm(VIEW):
        raise PermissionDenied
    results = get_object_or_404(PublishedResults, pk=pk)
    back = reverse("console:reports_publishedresults_change", args=[pk])
    return render(request, "portal/results_of.html", {"page": page_of(results), "preview_of": results, "back": back})


def results_queues(request: HttpRequest) -> list[Queue]:
    """What waits for a supervisor. [5.4]"""
    user: Any = request.user
    if not user.has_perm(RULE):
        return []
    rows = PublishedResults.objects.all()
    drafts, approved = (rows.filter(status=status) for status in (ResultsStatus.DRAFT, ResultsStatus.APPROVED))
    return [
        queue_of(_("待审定的季度成效"), drafts, "status__exact=draft", _("没有待审定的季度成效。")),
        queue_of(_("待公布的季度成效"), approved, "status__exact=approved", _("没有待公布的季度成效。")),
    ]


queue_sources.append(results_queues)
