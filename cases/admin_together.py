"""The console on common demands: what several enterprises ask, studied once for all of them. [5.3]"""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases import services
from cases.enums import CommonStatus
from cases.forms_together import CommonForm, SettleForm, TakeOutForm
from cases.models import Case, CommonDemand
from cases.selectors_list import present_parts
from core.console import NavGroup, ReadOnlyAdmin, ReasonForm, Tone, VerbButton, actor_of, badge
from core.models import User
from core.templatetags.cn import cn_datetime, cn_short

TIE = "cases.tie_cases"
TONES = {CommonStatus.OPEN: Tone.NEAR, CommonStatus.SETTLED: Tone.ON_TRACK}


def _change(row: CommonDemand, actor: User, data: dict[str, Any]) -> Any:
    common = services.Common(data["title"], data["departments"], data["note"])
    services.change_common(item_id=row.pk, common=common, actor=actor, now=timezone.now())
    return _("已修改；新增的研究部门已告知。")


def _take_out(row: CommonDemand, actor: User, data: dict[str, Any]) -> Any:
    services.take_out_of_common(
        item_id=row.pk, case_id=int(data["case"]), reason=data["reason"], actor=actor, now=timezone.now()
    )
    return _("已移出。")


def _settle(row: CommonDemand, actor: User, data: dict[str, Any]) -> Any:
    words = {"settlement": data["settlement"], "told": data["told"]}
    services.settle_common(item_id=row.pk, actor=actor, now=timezone.now(), **words)
    return _("已办结，并已告知研究部门和所含诉求的企业。")


def _reopen(row: CommonDemand, actor: User, data: dict[str, Any]) -> Any:
    services.reopen_common(item_id=row.pk, reason=data["reason"], actor=actor, now=timezone.now())
    return _("已重新推进。")


def is_open(row: CommonDemand) -> bool:
    return row.status == CommonStatus.OPEN


def written(row: CommonDemand) -> dict[str, Any]:
    return {"title": row.title, "note": row.note, "departments": [unit.pk for unit in row.departments.all()]}


@admin.register(CommonDemand)
class CommonDemandAdmin(ReadOnlyAdmin):
    nav_group = NavGroup.CASES
    nav_order = 40
    change_form_template = "console/common_demand.html"
    empty_text = gettext_lazy("在诉求页面“相似与并案”中列为共性诉求的，将列在这里。")
    list_display = ["title", "state", "units", "number_of_cases", "opened"]
    list_filter = ["status", "departments"]
    search_fields = ["title"]
    search_help_text = gettext_lazy("按标题查找")
    fields = ["state", "note", "units", "opened", "settlement", "told", "settled"]
    verb_buttons = (
        VerbButton(
            name="settle",
            label=gettext_lazy("办结"),
            run=_settle,
            explain=gettext_lazy(
                "写明怎样解决了这一类问题。所含诉求的企业每家收到一条告知；各件诉求照常分别答复和销号。"
            ),
            permission=TIE,
            offered=is_open,
            form=SettleForm,
            initial=lambda row: {"settlement": row.settlement, "told": row.told},
        ),
        VerbButton(
            name="reopen",
            label=gettext_lazy("重新推进"),
            run=_reopen,
            explain=gettext_lazy("问题没有真正解决的，重新研究推进；此前填写的解决情况保留在历史记录中。"),
            permission=TIE,
            offered=lambda row: not is_open(row),
            form=ReasonForm,
        ),
        VerbButton(
            name="change",
            label=gettext_lazy("修改"),
            run=_change,
            explain=gettext_lazy("修改标题、共性问题或研究部门；新增的部门会收到告知。"),
            permission=TIE,
            offered=is_open,
            form=CommonForm,
            initial=written,
        ),
        VerbButton(
            name="take-out",
            label=gettext_lazy("移出诉求"),
            run=_take_out,
            explain=gettext_lazy("不属于这一类问题的诉求，移出后照常办理。"),
            permission=TIE,
            offered=is_open,
            form=TakeOutForm,
            form_kwargs=lambda row: {"item": row},
        ),
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        items: Any = super().get_queryset(request)
        inside = Count("entries", filter=Q(entries__removed_at__isnull=True))
        items = items.visible_to(actor_of(request)).select_related("opened_by", "settled_by")
        return items.prefetch_related("departments").annotate(inside=inside)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, obj: Any = None, **kwargs: Any
    ) -> HttpResponse:
        """Its cases, as far as the viewer may see them."""
        entries = obj.entries.filter(removed_at__isnull=True) if obj else CommonDemand.objects.none()
        seen = Case.objects.visible_to(actor_of(request)).filter(pk__in=entries.values("case")) if obj else []
        cases = list(seen.select_related("booking").prefetch_related(present_parts())) if obj else []
        context |= {"cases": cases, "unseen": obj.inside - len(cases) if obj else 0}
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    @admin.display(description=gettext_lazy("状态"), ordering="status")
    def state(self, row: CommonDemand) -> SafeString:
        return badge(row.get_status_display(), TONES[CommonStatus(row.status)])

    @admin.display(description=gettext_lazy("研究部门"))
    def units(self, row: CommonDemand) -> str:
        return "、".join(unit.name for unit in row.departments.all())

    @admin.display(description=gettext_lazy("所含诉求"), ordering="inside")
    def number_of_cases(self, row: Any) -> str:
        return _("%s 件") % row.inside

    @admin.display(description=gettext_lazy("列入时间"), ordering="opened_at")
    def opened(self, row: CommonDemand) -> str:
        return f"{cn_short(row.opened_at)} {row.opened_by}"

    @admin.display(description=gettext_lazy("办结"))
    def settled(self, row: CommonDemand) -> str:
        return f"{cn_datetime(row.settled_at)} {row.settled_by}" if row.settled_at else "—"
