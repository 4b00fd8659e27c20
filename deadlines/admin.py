"""The console on deadlines: what is owed, how it stands, why this day, and who took up a reminder. [3.7]"""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.admin_calendar import Effect, effect_sources
from core.calendar_table import Exceptions
from core.console import (
    NavGroup,
    Queue,
    ReadOnlyAdmin,
    ReasonForm,
    Text,
    Tone,
    VerbButton,
    actor_of,
    badge,
    queue_sources,
)
from core.console_filters import SelectFilter
from core.console_status import StatusLine, may_see, status_sources
from core.models import User
from core.templatetags.cn import cn_clause, cn_date, cn_datetime, cn_short, cn_time
from deadlines import permissions, selectors, services
from deadlines.console import light_badge
from deadlines.enums import KIND_LABELS, Light
from deadlines.models import Escalation, Obligation
from deadlines.selectors_calendar import dates_that_would_move
from departments.models import Department


class LightFilter(admin.SimpleListFilter):
    title = gettext_lazy("状态")
    parameter_name = "light"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return Light.choices

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() not in Light.values:
            return queryset
        return selectors.in_light(queryset, Light(self.value()), timezone.localdate())


class KindFilter(SelectFilter):
    title = gettext_lazy("类别")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(KIND_LABELS.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Obligation]) -> QuerySet[Obligation]:
        return queryset.filter(kind=self.value()) if self.value() else queryset


class DepartmentFilter(SelectFilter):
    title = gettext_lazy("责任单位")
    parameter_name = "debtor"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("bureau", _("市政务服务局")), *Department.objects.values_list("pk", "name")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Obligation]) -> QuerySet[Obligation]:
        if self.value() == "bureau":
            return queryset.filter(department=None)
        return queryset.filter(department=self.value()) if (self.value() or "").isdecimal() else queryset


class WaitsForDecision(admin.SimpleListFilter):
    title = gettext_lazy("日历调整")
    parameter_name = "earlier"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("1", _("日历调整后应提前，待决定"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.open().filter(earlier_due__isnull=False) if self.value() else queryset


def _decide(move: bool) -> Any:
    def run(row: Obligation, actor: User, data: dict[str, Any]) -> Text:
        services.decide_earlier(
            obligation_id=row.pk, move=move, actor=actor, reason=data["reason"], now=timezone.now()
        )
        return _("期限已提前，并将告知相关人员。") if move else _("已保留原期限。")

    return run


def _explain_earlier(row: Obligation) -> str:
    return _(
        "放假安排调整后，规定期限应由%(due)s提前至%(earlier)s。提前期限须告知相关人员；保留的，以原期限为准。"
    ) % {
        "due": cn_date(row.due),
        "earlier": cn_date(row.earlier_due),
    }


@admin.register(Obligation)
class ObligationAdmin(ReadOnlyAdmin):
    nav_group = NavGroup.CASES
    nav_order = 40
    change_form_template = "console/obligation.html"
    empty_text = gettext_lazy("有事项开始计时后，将列在这里。")
    list_display = ["title", "state", "kind_name", "debtor", "ends", "started"]
    list_filter = [LightFilter, KindFilter, DepartmentFilter, WaitsForDecision]
    search_fields = ["title", "owner__startswith"]
    search_help_text = gettext_lazy("按内容查找")
    list_select_related = ["department", "handler"]
    fields = ["state", "what", "kind_name", "debtor", "handler", "ends", "rule", "limits", "first_day", "met_at"]
    verb_buttons = (
        VerbButton(
            "move-earlier",
            gettext_lazy("提前期限"),
            _decide(move=True),
            _explain_earlier,
            "deadlines.decide_earlier",
            offered=lambda row: row.is_open and row.earlier_due is not None,
            form=ReasonForm,
        ),
        VerbButton(
            "keep-day",
            gettext_lazy("保留原期限"),
            _decide(move=False),
            _explain_earlier,
            "deadlines.decide_earlier",
            offered=lambda row: row.is_open and row.earlier_due is not None,
            form=ReasonForm,
        ),
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        obligations: Any = super().get_queryset(request)
        visible = obligations.visible_to(request.user).select_related("department", "handler")
        return selectors.with_lights(visible, timezone.localdate())

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        context: dict[str, Any] = {}
        if row is not None:
            revisions = list(row.revisions.select_related("by").order_by("-number"))
            context = {
                "revisions": revisions,
                "why": selectors.why(revisions[0]),
                "escalations": escalations_of(row, actor_of(request)),
            }
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    @admin.display(description=gettext_lazy("状态"), ordering="last_day")
    def state(self, row: Obligation) -> SafeString:
        return light_badge(row)

    @admin.display(description=gettext_lazy("内容"))
    def what(self, row: Obligation) -> Any:
        return format_html('<a href="{}">{}</a>', row.url, row.title) if row.url else row.title

    @admin.display(description=gettext_lazy("类别"), ordering="kind")
    def kind_name(self, row: Obligation) -> str:
        return row.kind_label

    @admin.display(description=gettext_lazy("责任单位"), ordering="department")
    def debtor(self, row: Obligation) -> Any:
        return row.department or _("市政务服务局")

    @admin.display(description=gettext_lazy("到期时间"), ordering="due_at")
    def ends(self, row: Obligation) -> Any:
        words = f"{cn_short(row.due_at)} {cn_time(row.due_at)}" if row.is_open else cn_short(row.due_at)
        return format_html("{} {}", words, badge(_("暂定"))) if row.provisional else words

    @admin.display(description=gettext_lazy("起算日"), ordering="start")
    def started(self, row: Obligation) -> str:
        return cn_short(row.start)

    @admin.display(description=gettext_lazy("时限"))
    def rule(self, row: Obligation) -> str:
        return _("%(days)s 个工作日（%(basis)s）") % {
            "days": row.working_days,
            "basis": row.legal_basis or _("工作方案%s") % cn_clause(row.clause),
        }

    @admin.display(description=gettext_lazy("规定期限"))
    def limits(self, row: Obligation) -> str:
        words = [cn_date(row.due)]
        if row.no_later_than:
            words.append(_("最迟不晚于%s") % cn_date(row.no_later_than))
        if row.earlier_due:
            words.append(_("日历调整后应提前至%s，待决定") % cn_date(row.earlier_due))
        return "；".join(words)

    @admin.display(description=gettext_lazy("最初到期日"))
    def first_day(self, row: Obligation) -> str:
        late = row.late_working_days_original
        return cn_date(row.original_day) + (_("，按此超期 %s 个工作日") % late if late else "")


def escalations_of(obligation: Obligation, reader: User) -> list[dict[str, Any]]:
    """Each reminder with the names of whom it told, how long nobody answered, and whether the reader may."""
    today, holds = timezone.localdate(), reader.has_perm("deadlines.acknowledge_escalation")
    rows = list(obligation.escalations.select_related("acknowledged_by"))
    told = {pk for row in rows for pk in row.recipients}
    names = dict(User.objects.filter(pk__in=told).values_list("pk", "full_name"))
    return [
        {
            "row": row,
            "told": "、".join(names[pk] for pk in row.recipients if pk in names),
            "days_silent": (today - timezone.localdate(row.at)).days,
            "is_mine": holds and permissions.was_told(reader, row),
        }
        for row in rows
    ]


class AcknowledgeForm(forms.Form):
    note = forms.CharField(label=gettext_lazy("处理情况"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


def _acknowledge(row: Escalation, actor: User, data: dict[str, Any]) -> Text:
    services.acknowledge(escalation_id=row.pk, actor=actor, note=data["note"], now=timezone.now())
    return _("已签收。")


@admin.register(Escalation)
class EscalationAdmin(ReadOnlyAdmin):
    nav_group = NavGroup.CASES
    nav_order = 50
    empty_text = gettext_lazy("时限临近或超期的提醒，将列在这里。")
    list_display = ["told_at", "step", "subject", "debtor", "taken_up"]
    list_display_links = ["told_at", "step"]
    list_filter = ["kind", ("acknowledged_at", admin.EmptyFieldListFilter), ("at", admin.DateFieldListFilter)]
    list_select_related = ["obligation__department", "acknowledged_by"]
    fields = ["step", "subject", "told_at", "told", "taken_up", "note"]
    verb_buttons = (
        VerbButton(
            "acknowledge",
            gettext_lazy("签收"),
            _acknowledge,
            gettext_lazy("签收表示已经知晓并处理。请写明采取的措施，签收后不能修改。"),
            "deadlines.acknowledge_escalation",
            offered=lambda row: row.acknowledged_at is None,
            offered_to=lambda row, user: permissions.was_told(user, row),
            form=AcknowledgeForm,
        ),
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        seen = Obligation.objects.visible_to(request.user)  # type: ignore[arg-type]
        return super().get_queryset(request).filter(obligation__in=seen)

    @admin.display(description=gettext_lazy("告知时间"), ordering="at")
    def told_at(self, row: Escalation) -> str:
        return cn_datetime(row.at)

    @admin.display(description=gettext_lazy("级别"), ordering="kind")
    def step(self, row: Escalation) -> SafeString:
        return badge(row.get_kind_display(), Tone.LATE if row.kind.endswith("late") else Tone.NEAR)

    @admin.display(description=gettext_lazy("事项"))
    def subject(self, row: Escalation) -> SafeString:
        page = reverse("console:deadlines_obligation_change", args=[row.obligation_id])
        return format_html('<a href="{}">{}</a>', page, row.obligation.title)

    @admin.display(description=gettext_lazy("责任单位"))
    def debtor(self, row: Escalation) -> Any:
        return row.obligation.department or _("市政务服务局")

    @admin.display(description=gettext_lazy("告知对象"))
    def told(self, row: Escalation) -> str:
        names = User.objects.filter(pk__in=row.recipients).order_by("pk").values_list("full_name", flat=True)
        return "、".join(names) or "—"

    @admin.display(description=gettext_lazy("签收"), ordering="acknowledged_at")
    def taken_up(self, row: Escalation) -> Any:
        if row.acknowledged_at is None:
            days = (timezone.localdate() - timezone.localdate(row.at)).days
            return badge(_("无人签收，已 %s 天") % days if days else _("未签收"), Tone.LATE if days else Tone.NEUTRAL)
        return f"{row.acknowledged_by} {cn_datetime(row.acknowledged_at)}"


def deadline_queues(request: HttpRequest) -> list[Queue]:
    """What ends soon and what is over, for who may see deadlines; what a new calendar asks, for who decides."""
    if not request.user.has_perm("deadlines.view_obligation"):
        return []
    mine = Obligation.objects.visible_to(request.user)  # type: ignore[arg-type]
    today = timezone.localdate()
    queues = [
        _queue(_("已超期"), selectors.in_light(mine, Light.LATE, today), "light=late", _("没有超期的事项。")),
        _queue(
            _("即将到期"), selectors.in_light(mine, Light.NEAR, today), "light=near", _("两个工作日内没有到期的事项。")
        ),
    ]
    waiting = mine.open().filter(earlier_due__isnull=False)
    if request.user.has_perm("deadlines.decide_earlier") and waiting.exists():
        queues.append(_queue(_("日历调整后应提前，待决定"), waiting, "earlier=1", ""))
    return queues


def _queue(label: Text, found: QuerySet[Obligation], query: str, empty: Text) -> Queue:
    first = found.order_by("last_day", "id").first()
    return Queue(
        label=label,
        count=found.count(),
        url=f"{reverse('console:deadlines_obligation_changelist')}?{query}",
        due=first.due_at if first else None,
        empty=empty,
    )


def timer_status(request: HttpRequest) -> list[StatusLine]:
    """The reminder that has waited longest. Fixed moments in the past mean that the sweep stands still."""
    if not may_see(request):
        return []
    timer = selectors.oldest_unfired()
    if timer is None:
        return [StatusLine(gettext_lazy("时限提醒"), _("没有待发的提醒"))]
    words = _("最早一条待发：%s") % f"{cn_short(timer.fire_at)} {cn_time(timer.fire_at)}"
    return [StatusLine(gettext_lazy("时限提醒"), words, problem=selectors.waits_too_long(timer, timezone.now()))]


def moved_dates(year: int, exceptions: Exceptions) -> Effect:
    """How many dates a year's notice would move, and which. [3.7]"""
    moves = dates_that_would_move(year, exceptions)
    earlier = sum(move.earlier for move in moves)
    words = _(
        "%(all)s 项期限会变动：%(later)s 项顺延；%(earlier)s 项应提前，由负责人逐项决定，不会自动提前。"
        "导入后重新计算，每次变更都有记录，并告知责任单位和企业。"
    ) % {"all": len(moves), "later": len(moves) - earlier, "earlier": earlier}
    rows = [
        (
            move.obligation.title,
            move.obligation.department or _("市政务服务局"),
            cn_date(move.before),
            cn_date(move.after),
            badge(_("提前，待决定"), Tone.LATE) if move.earlier else badge(_("顺延")),
        )
        for move in moves
    ]
    head = (_("内容"), _("责任单位"), _("现到期日"), _("变动后"), _("变动"))
    return Effect(_("办理中的期限"), words if moves else _("没有期限因此变动。"), head, rows)


queue_sources.append(deadline_queues)
effect_sources.append(moved_dates)
status_sources.append(timer_status)
