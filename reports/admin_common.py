"""The console on what was found in common: groups of alike demands to be named, joined or dismissed. [5.3]"""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Min, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appointments.enums import ChoiceKind
from appointments.models import Choice
from cases.services import Common
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
from core.console_filters import SelectFilter
from core.console_page import refusal_said
from core.models import User
from core.templatetags.cn import NUMERALS, cn_datetime, cn_short
from departments.models import Department
from reports import services
from reports.enums import ProposalKind, ProposalStatus
from reports.forms_common import NameForm, TickForm
from reports.models import CommonProposal
from reports.selectors_common import (
    entries_of,
    finding_ahead,
    in_season,
    latest_finding,
    of_department,
    shown_of,
    to_tick,
)

VIEW, TIE = "reports.view_commonproposal", "cases.tie_cases"
TONES = {
    ProposalStatus.PROPOSED: Tone.NEAR,
    ProposalStatus.NAMED: Tone.ON_TRACK,
    ProposalStatus.DISMISSED: Tone.NEUTRAL,
    ProposalStatus.GONE: Tone.NEUTRAL,
}


def _name(row: CommonProposal, actor: User, data: dict[str, Any]) -> Any:
    common = Common(data["title"], data["departments"], data["note"])
    item = services.name_proposal(
        proposal_id=row.pk, common=common, case_ids=data["cases"], actor=actor, now=timezone.now()
    )
    return _("“%s”已列为共性诉求，并已告知研究部门。") % item


def _join(row: CommonProposal, actor: User, data: dict[str, Any]) -> Any:
    item = services.join_proposal(proposal_id=row.pk, case_ids=data["cases"], actor=actor, now=timezone.now())
    return _("已并入“%s”。") % item


def _dismiss(row: CommonProposal, actor: User, data: dict[str, Any]) -> Any:
    services.dismiss_proposal(proposal_id=row.pk, reason=data["reason"], actor=actor, now=timezone.now())
    return _("已记为不作共性诉求。新增诉求达到一半时会再次提出。")


def _take_up(row: CommonProposal, actor: User, data: dict[str, Any]) -> Any:
    services.take_up_again(proposal_id=row.pk, reason=data["reason"], actor=actor, now=timezone.now())
    return _("已重新列为待研究，下次查找时更新。")


def ticked(row: CommonProposal) -> dict[str, Any]:
    """All of it, to untick what does not belong there."""
    return {"cases": [str(entry.case_id) for entry in to_tick(row)]}


def proposed(row: CommonProposal) -> dict[str, Any]:
    """Its own name, and the departments that have most of the cases."""
    least = max(row.departments.values(), default=0) / 2
    units = [int(key) for key, n in row.departments.items() if n >= least]
    return {"title": row.title, "departments": units} | ticked(row)


def is_proposed(kind: ProposalKind) -> Any:
    return lambda row: row.status == ProposalStatus.PROPOSED and row.kind == kind


BUTTONS = (
    VerbButton(
        name="name",
        label=gettext_lazy("列为共性诉求"),
        run=_name,
        explain=gettext_lazy(
            "作为一个政策问题交研究部门。各件诉求照常办理、答复和销号；问题解决后，告知所含诉求的企业。"
        ),
        permission=TIE,
        offered=is_proposed(ProposalKind.NEW),
        form=NameForm,
        form_kwargs=lambda row: {"proposal": row},
        initial=proposed,
    ),
    VerbButton(
        name="join",
        label=gettext_lazy("并入已有共性诉求"),
        run=_join,
        explain=lambda row: _("并入正在研究的共性诉求“%s”。各件诉求照常办理。") % row.akin,
        permission=TIE,
        offered=is_proposed(ProposalKind.JOIN),
        form=TickForm,
        form_kwargs=lambda row: {"proposal": row},
        initial=ticked,
    ),
    VerbButton(
        name="dismiss",
        label=gettext_lazy("不作共性诉求"),
        run=_dismiss,
        explain=gettext_lazy("说明理由后不再提出；又有新的诉求、达到现有件数的一半时，才会再次提出。"),
        permission=TIE,
        offered=lambda row: row.status == ProposalStatus.PROPOSED,
        form=ReasonForm,
    ),
    VerbButton(
        name="take-up",
        label=gettext_lazy("重新研究"),
        run=_take_up,
        explain=gettext_lazy("此前记为不作共性诉求，重新列为待研究；原处理和理由留在历史记录中。"),
        permission=TIE,
        offered=lambda row: row.status == ProposalStatus.DISMISSED,
        form=ReasonForm,
    ),
)


class StateFilter(SelectFilter):
    """What waits for a person, unless one asks for the rest."""

    title = gettext_lazy("状态")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [("every", _("全部状态")), *ProposalStatus.choices]

    def choices(self, changelist: Any) -> Any:
        chosen = self.value() or ProposalStatus.PROPOSED
        _unchosen, *offered = super().choices(changelist)
        for found in offered:
            yield found | {"selected": found["value"] == chosen}

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        value = self.value() or ProposalStatus.PROPOSED
        return queryset if value == "every" else queryset.filter(status=value)


class _ChoiceFilter(SelectFilter):
    kind: ChoiceKind
    column: str

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        rows = Choice.objects.filter(kind=self.kind, is_active=True).values_list("pk", "name")
        return [(str(key), name) for key, name in rows]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(**{f"{self.column}__has_key": self.value()}) if self.value() else queryset


class AreaFilter(_ChoiceFilter):
    title, parameter_name = gettext_lazy("诉求领域"), "area"
    kind, column = ChoiceKind.AREA, "areas"


class DistrictFilter(_ChoiceFilter):
    title, parameter_name = gettext_lazy("街道、园区"), "district"
    kind, column = ChoiceKind.DISTRICT, "districts"


class DepartmentFilter(SelectFilter):
    title, parameter_name = gettext_lazy("部门"), "unit"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        rows = Department.objects.filter(is_active=True).values_list("pk", "name")
        return [(str(key), name) for key, name in rows]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return of_department(queryset, self.value()) if self.value() else queryset


class SeasonFilter(SelectFilter):
    title, parameter_name = gettext_lazy("季节"), "season"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [(str(number), _("%s季度") % NUMERALS[number]) for number in range(1, 5)]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        number = self.value()
        return in_season(queryset, number) if number in ("1", "2", "3", "4") else queryset


@admin.register(CommonProposal)
class CommonProposalAdmin(ReadOnlyAdmin):
    nav_group = NavGroup.CASES
    nav_order = 39
    change_list_template = "console/common_proposals.html"
    change_form_template = "console/common_proposal.html"
    list_display = ["title", "state", "enterprise_count", "case_count"]
    list_filter = [StateFilter, AreaFilter, DepartmentFilter, DistrictFilter, SeasonFilter]
    list_per_page = 20
    empty_text = gettext_lazy("多家企业提出的相似诉求，每天自动查找一次，找到后列在这里。")
    search_fields = ["title"]
    search_help_text = gettext_lazy("按标题查找")
    fields = ["state", "what", "found", "outcome"]
    verb_buttons = BUTTONS

    def get_queryset(self, request: HttpRequest) -> QuerySet[CommonProposal]:
        return super().get_queryset(request).select_related("akin", "item", "decided_by")

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [path("find/", view(self.find), name="reports_commonproposal_find"), *super().get_urls()]

    def find(self, request: HttpRequest) -> HttpResponse:
        """Look again now, in the background."""
        if not request.user.has_perm(TIE):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        with refusal_said(request):
            services.ask_finding(actor=actor_of(request), now=timezone.now())
            messages.success(request, _("已开始查找，通常一分钟内完成，请稍后刷新本页。"))
        return redirect("console:reports_commonproposal_changelist")

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        known = {"ahead": finding_ahead(), "latest": latest_finding(), "can_find": request.user.has_perm(TIE)}
        response = super().changelist_view(request, known | (extra_context or {}))
        found = getattr(response, "context_data", None) or {}
        if "cl" in found:
            rows = found["cl"].result_list
            shown = shown_of(rows)
            found["cards"] = [(row, shown[row.pk], self.buttons_for(request, row), self.state(row)) for row in rows]
        return response

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, obj: Any = None, **kwargs: Any
    ) -> HttpResponse:
        if obj is not None:
            context |= {"shown": shown_of([obj])[obj.pk], "entries": entries_of(obj)}
            context["unseen"] = obj.case_count - len(context["entries"])
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    @admin.display(description=gettext_lazy("状态"), ordering="status")
    def state(self, row: CommonProposal) -> SafeString:
        return badge(row.get_status_display(), TONES[ProposalStatus(row.status)])

    @admin.display(description=gettext_lazy("建议"))
    def what(self, row: CommonProposal) -> str:
        if row.kind == ProposalKind.JOIN:
            return _("可并入“%(item)s”（另有 %(n)s 件已列入）") % {"item": row.akin, "n": row.akin_count}
        if row.akin:
            return _("可列为共性诉求；与已办结的“%(item)s”相近（%(n)s 件）") % {"item": row.akin, "n": row.akin_count}
        return str(row.get_kind_display())

    @admin.display(description=gettext_lazy("查找时间"))
    def found(self, row: CommonProposal) -> str:
        return _("首次 %(first)s，最近更新 %(last)s") % {
            "first": cn_short(row.made_at),
            "last": cn_datetime(row.found_at),
        }

    @admin.display(description=gettext_lazy("处理"))
    def outcome(self, row: CommonProposal) -> str | SafeString:
        if row.decided_at is None:
            return "—"
        what = format_html("“{}”", row.item) if row.item else row.reason
        return format_html("{} {}：{}", cn_short(row.decided_at), row.decided_by, what)


def to_judge(request: HttpRequest) -> list[Queue]:
    """On the front page of who may name them."""
    if not (request.user.has_perm(VIEW) and request.user.has_perm(TIE)):
        return []
    rows = CommonProposal.objects.filter(status=ProposalStatus.PROPOSED)
    waiting = rows.aggregate(n=Count("pk"), oldest=Min("made_at"))
    return [
        Queue(
            label=_("新发现的共性诉求"),
            count=waiting["n"],
            url=reverse("console:reports_commonproposal_changelist"),
            oldest=waiting["oldest"],
            empty=_("没有待研究的相似诉求。"),
        )
    ]


queue_sources.append(to_judge)
