"""The console on typical cases, and the button on a case that begins one. [5.3] [5.4]"""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.enums import CaseStatus, Result
from cases.models import Case
from core.console import (
    NavGroup,
    Queue,
    ReadOnlyAdmin,
    ReasonForm,
    Text,
    Tone,
    VerbButton,
    badge,
    extra_buttons,
    queue_sources,
)
from core.models import User
from core.permissions import allows
from reports import console_typical as pages
from reports import permissions_typical as permissions
from reports.console_documents import TurnFilter, in_status, queue_of, sent_back, signed
from reports.enums import TYPICAL_IN_WORK, TypicalStatus
from reports.figures.quarter import Quarter
from reports.forms_reports import ApproveForm
from reports.forms_typical import CheckForm
from reports.guards_typical import sentence_of
from reports.models import TypicalCase
from reports.selectors_typical import findings_in
from reports.services import typical as services

CHECK, APPROVE, TAKE_BACK = (f"reports.{name}_typical" for name in ("check", "approve", "take_back"))
TONES = {
    TypicalStatus.DRAFT: Tone.NEAR,
    TypicalStatus.CHECKED: Tone.NEAR,
    TypicalStatus.APPROVED: Tone.NEAR,
    TypicalStatus.PUBLISHED: Tone.ON_TRACK,
    TypicalStatus.WITHDRAWN: Tone.NEUTRAL,
}
Data = dict[str, Any]


def _choose(row: Case, actor: User, data: Data) -> Text:
    made = services.choose_case(case_id=row.pk, actor=actor, now=timezone.now())
    return format_html('{}<a href="{}">{}</a>', _("已选为典型案例。"), pages.page_of(made), _("打开编写"))


def _check(row: TypicalCase, actor: User, data: Data) -> Text:
    services.check(typical_id=row.pk, actor=actor, now=timezone.now(), **data)
    return _("已核对，待市政务服务局负责人审定。")


def _approve(row: TypicalCase, actor: User, data: Data) -> Text:
    services.approve(typical_id=row.pk, revision=data["revision"], actor=actor, now=timezone.now())
    return _("已审定，待发布。")


def _publish(row: TypicalCase, actor: User, data: Data) -> Text:
    services.publish(typical_id=row.pk, actor=actor, now=timezone.now())
    return _("已在网站发布，内容不再修改。")


def _send_back(row: TypicalCase, actor: User, data: Data) -> Text:
    services.send_back(typical_id=row.pk, reason=data["reason"], actor=actor, now=timezone.now())
    return _("已退回修改，并已告知执笔人。")


def _withdraw(row: TypicalCase, actor: User, data: Data) -> Text:
    services.withdraw(typical_id=row.pk, reason=data["reason"], actor=actor, now=timezone.now())
    return _("已撤下，网站上不再能看到。")


def what_was_found(row: TypicalCase) -> str:
    findings = findings_in(row)
    found = _("系统提示：%s") % sentence_of(findings) if findings else _("系统没有发现能识别企业或个人的内容。")
    return _("逐项看有没有能让人认出企业或个人的内容，包括系统看不出来的。") + found


def revision(row: TypicalCase) -> Data:
    return {"revision": row.revision}


BUTTONS = (
    VerbButton(
        name="check",
        label=gettext_lazy("核对"),
        run=_check,
        explain=what_was_found,
        permission=CHECK,
        offered=in_status(TypicalStatus.DRAFT),
        offered_to=lambda row, user: allows(permissions.check_did_not_write, user, row),
        form=CheckForm,
        initial=revision,
    ),
    VerbButton(
        name="approve",
        label=gettext_lazy("审定"),
        run=_approve,
        explain=gettext_lazy("审定后由负责人发布。编写过或核对过的人不能审定。"),
        permission=APPROVE,
        offered=in_status(TypicalStatus.CHECKED),
        offered_to=lambda row, user: allows(permissions.check_can_approve, user, row),
        form=ApproveForm,
        initial=revision,
    ),
    VerbButton(
        name="publish",
        label=gettext_lazy("发布"),
        run=_publish,
        explain=gettext_lazy(
            "发布后所有人可在服务专窗网站看到，内容不再修改。本诉求此前发布的一版同时撤下，旧网址转到这一版。"
        ),
        permission=APPROVE,
        offered=in_status(TypicalStatus.APPROVED),
    ),
    VerbButton(
        name="send-back",
        label=gettext_lazy("退回修改"),
        run=_send_back,
        explain=gettext_lazy("写明要改什么，执笔人会收到告知；修改后重新核对、审定。"),
        permission=TAKE_BACK,
        offered=in_status(*TYPICAL_IN_WORK),
        form=ReasonForm,
    ),
    VerbButton(
        name="withdraw",
        label=gettext_lazy("撤下"),
        run=_withdraw,
        explain=gettext_lazy(
            "立即生效：网站上不再能看到，也查找不到。撤下后不能恢复；需要更正的，从诉求页面另选一版。"
        ),
        permission=TAKE_BACK,
        offered=in_status(*TYPICAL_IN_WORK, TypicalStatus.PUBLISHED),
        form=ReasonForm,
        danger=True,
    ),
)
CHOOSE = VerbButton(
    name="typical",
    label=gettext_lazy("选为典型案例"),
    run=_choose,
    explain=gettext_lazy(
        "改写成不能识别企业和个人的案例，经核对、审定后在网站发布。企业的评价和反映不会显示给编写人。"
    ),
    permission=pages.WRITE,
    offered=lambda row: row.status == CaseStatus.CLOSED and row.result == Result.SOLVED,
)
extra_buttons.setdefault(Case, []).append(CHOOSE)


def _to_check(rows: QuerySet[TypicalCase]) -> QuerySet[TypicalCase]:
    return rows.filter(status=TypicalStatus.DRAFT, returned_at__isnull=True).exclude(lessons="")


class TypicalTurnFilter(TurnFilter):
    writes = pages.WRITE
    waiting = {"check": (gettext_lazy("待核对"), CHECK, _to_check)}


@admin.register(TypicalCase)
class TypicalCaseAdmin(ReadOnlyAdmin):
    nav_group = NavGroup.REPORTS
    nav_order = 40
    change_form_template = "console/typical.html"
    empty_text = gettext_lazy("在已解决的诉求页面按“选为典型案例”后，编写、核对、审定、发布的进展列在这里。")
    list_display = ["name", "state", "area", "department", "period", "written", "published_on"]
    list_filter = [TypicalTurnFilter, "status", "year", "quarter"]
    fields = ["state", "source", "of_area", "of_unit", "period", "written", "checked", "approved", "published_on"]
    verb_buttons = BUTTONS

    def get_queryset(self, request: HttpRequest) -> QuerySet[TypicalCase]:
        """Of the list's rows not what is written in them."""
        people = ("written_by", "checked_by", "approved_by", "published_by", "withdrawn_by", "returned_by")
        found = TypicalCase.objects.select_related("area", "department", *people)
        match = request.resolver_match
        if match and match.url_name == "reports_typicalcase_changelist":
            return found.without_words()
        return found.select_related("case__booking__enterprise")

    def get_urls(self) -> list[Any]:
        view, name = self.admin_site.admin_view, "reports_typicalcase"
        return [
            path("<key:pk>/write/", view(pages.write), name=f"{name}_write"),
            path("<key:pk>/preview/", view(pages.preview), name=f"{name}_preview"),
            *super().get_urls(),
        ]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, obj: Any = None, **kwargs: Any
    ) -> HttpResponse:
        if obj is not None:
            context |= pages.shown(obj)
            context["can_write"] = obj.status == TypicalStatus.DRAFT and request.user.has_perm(pages.WRITE)
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    @admin.display(description=gettext_lazy("标题"), ordering="title")
    def name(self, row: TypicalCase) -> str:
        return row.title

    @admin.display(description=gettext_lazy("状态"), ordering="status")
    def state(self, row: TypicalCase) -> SafeString:
        words = _("退回修改") if row.status == TypicalStatus.DRAFT and row.returned_at else row.get_status_display()
        return badge(words, TONES[TypicalStatus(row.status)])

    @admin.display(description=gettext_lazy("原诉求"))
    def source(self, row: TypicalCase) -> SafeString:
        """For who works on it; no public page knows it."""
        return format_html(
            '<a href="{}">{}</a>', reverse("console:cases_case_change", args=[row.case_id]), row.case.reference
        )

    @admin.display(description=gettext_lazy("诉求领域"))
    def of_area(self, row: TypicalCase) -> str:
        return str(row.area or "—")

    @admin.display(description=gettext_lazy("牵头单位"))
    def of_unit(self, row: TypicalCase) -> str:
        return str(row.department or "—")

    @admin.display(description=gettext_lazy("季度"), ordering="year")
    def period(self, row: TypicalCase) -> str:
        return Quarter(row.year, row.quarter).title

    @admin.display(description=gettext_lazy("编写"), ordering="written_at")
    def written(self, row: TypicalCase) -> str:
        return signed(row.written_at, row.written_by)

    @admin.display(description=gettext_lazy("核对"))
    def checked(self, row: TypicalCase) -> str:
        judged = f"：{row.judged}" if row.judged else ""
        return signed(row.checked_at, f"{row.checked_by}{judged}")

    @admin.display(description=gettext_lazy("审定"))
    def approved(self, row: TypicalCase) -> str:
        return signed(row.approved_at, row.approved_by)

    @admin.display(description=gettext_lazy("发布"), ordering="published_at")
    def published_on(self, row: TypicalCase) -> str:
        return signed(row.published_at, row.published_by)


def typical_queues(request: HttpRequest) -> list[Queue]:
    """What waits to be checked, approved or published, and what came back to its writers. [5.4]"""
    user: Any = request.user
    found: list[Queue] = []
    rows = TypicalCase.objects.all()
    if user.has_perm(CHECK):
        found.append(queue_of(_("待核对的典型案例"), _to_check(rows), "turn=check", _("没有待核对的典型案例。")))
    if user.has_perm(APPROVE):
        checked = rows.filter(status=TypicalStatus.CHECKED)
        approved = rows.filter(status=TypicalStatus.APPROVED)
        found.append(queue_of(_("待审定的典型案例"), checked, "status__exact=checked", _("没有待审定的典型案例。")))
        found.append(queue_of(_("待发布的典型案例"), approved, "status__exact=approved", _("没有待发布的典型案例。")))
    elif user.has_perm(pages.WRITE):
        back = sent_back(rows, user)
        found.append(queue_of(_("退回修改的典型案例"), back, "turn=back", _("没有退回修改的典型案例。")))
    return found


queue_sources.append(typical_queues)
