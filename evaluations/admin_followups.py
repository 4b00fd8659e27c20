"""The console on follow-ups and referrals: their lists, their pages, and what waits on the front page. [3.9]"""

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import audit
from core.console import NavGroup, Queue, ReadOnlyAdmin, Tone, actor_of, badge, queue_sources
from core.console_nav import NavPage, nav_pages
from core.templatetags.cn import cn_datetime, cn_short
from deadlines.console import light_badge
from evaluations import console_calls
from evaluations.console_buttons import FOLLOW_UP_BUTTONS, REFERRAL_BUTTONS, desk_of
from evaluations.enums import FollowUpStatus, Office, ReferralStatus
from evaluations.models import FollowUp, Referral
from evaluations.permissions import can_see_author, can_work_on
from evaluations.selectors_followups import calls_of, for_list, office_of, origin_for, to_assign, units_of_round

FOLLOWS, ASSIGNS, APPROVES = (
    "evaluations.follow_up",
    "evaluations.assign_follow_up",
    "evaluations.approve_referral",
)
TONES = {
    FollowUpStatus.OPEN: Tone.NEAR,
    FollowUpStatus.CONFIRMED: Tone.ON_TRACK,
    FollowUpStatus.UNRECTIFIED: Tone.LATE,
}
REFERRAL_TONES = {ReferralStatus.PROPOSED: Tone.NEAR, ReferralStatus.APPROVED: Tone.ON_TRACK}

nav_pages += [
    NavPage(
        route="evaluations/calls/",
        name="evaluations_calls",
        view=console_calls.queue,
        group=NavGroup.EVALUATION,
        label=gettext_lazy("回访电话"),
        order=15,
        open_to=lambda user: user.has_perm(FOLLOWS),
    ),
    NavPage(
        route="evaluations/calls/<key:pk>/",
        name="evaluations_calls_desk",
        view=console_calls.desk,
        group=NavGroup.EVALUATION,
    ),
]


class AssignedFilter(admin.SimpleListFilter):
    """Whom it waits for."""

    title = gettext_lazy("回访人")
    parameter_name = "to"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("me", gettext_lazy("我回访的")), ("nobody", gettext_lazy("待指派"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[FollowUp]) -> QuerySet[FollowUp]:
        if self.value() == "me":
            return queryset.filter(assigned_to=actor_of(request))
        return queryset.filter(assigned_to__isnull=True) if self.value() == "nobody" else queryset


class FollowUpList(ChangeList):
    """Each line says why as far as the reader may know without a trace: of the bureau nobody. [5.2]"""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        rows: list[Any] = list(self.result_list)
        sees_every_author = actor_of(request).has_perm("evaluations.see_authors")
        for row in rows:
            row.why = origin_for(row, sees_every_author)
        self.result_list = rows


@admin.register(FollowUp)
class FollowUpAdmin(ReadOnlyAdmin):
    """What is open stands first, by its day. No filter, order or search asks why: that would tell who rated how."""

    nav_group = NavGroup.EVALUATION
    nav_order = 10
    change_list_template = "console/follow_up_list.html"
    change_form_template = "console/follow_up.html"
    empty_text = gettext_lazy("评价不满意、抽查、企业反映或督查决定的回访，将列在这里。")
    list_display = ["reference", "demand", "why", "state", "light", "who", "opened"]
    list_display_links = ["reference", "demand"]
    list_filter = ["status", "office", AssignedFilter]
    ordering = [F("decided_at").desc(nulls_first=True), "obligation__last_day", "-pk"]
    search_fields = ["case__booking__reference"]
    search_help_text = gettext_lazy("按编号查找")
    fields = ["status"]
    history_hides = frozenset({"origin"})
    verb_buttons = FOLLOW_UP_BUTTONS

    def get_queryset(self, request: HttpRequest) -> Any:
        seen: Any = super().get_queryset(request)
        return for_list(seen.visible_to(actor_of(request)))

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[FollowUpList]:
        return FollowUpList

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        shown = self._shown(request, row) if row else {}
        return super().change_view(request, object_id, form_url, shown | (extra_context or {}))

    def _shown(self, request: HttpRequest, row: FollowUp) -> dict[str, Any]:
        actor = actor_of(request)
        sees_referrals = actor.has_perm("evaluations.view_referral")
        return console_calls.why_for(request, row) | {
            "follow_up": row,
            "case": row.case,
            "booking": row.case.booking,
            "state": follow_up_badge(row),
            "why": origin_for(row, can_see_author(actor, row)),
            "units": units_of_round(row),
            "calls": list(row.calls.select_related("by")),
            "closing": row.case.closings.filter(round=row.round).first(),
            "desk_url": desk_of(row) if row.is_open and can_work_on(actor, row) else "",
            "referrals": list(row.referrals.select_related("proposed_by", "decided_by")) if sees_referrals else [],
        }

    @admin.display(description=gettext_lazy("编号"))
    def reference(self, row: FollowUp) -> str:
        return row.case.reference

    @admin.display(description=gettext_lazy("诉求"))
    def demand(self, row: FollowUp) -> SafeString:
        booking = row.case.booking
        return format_html('{}<span class="beneath">{}</span>', booking.title, booking.company_name)

    @admin.display(description=gettext_lazy("回访原因"))
    def why(self, row: Any) -> Any:
        return row.why

    @admin.display(description=gettext_lazy("状态"))
    def state(self, row: FollowUp) -> SafeString:
        """Beneath it which time of handling it looks at, after the first."""
        note = _("第 %s 轮") % row.round if row.round > 1 else ""
        return format_html('{}<span class="beneath">{}</span>', follow_up_badge(row), note)

    @admin.display(description=gettext_lazy("时限"))
    def light(self, row: FollowUp) -> Any:
        return light_badge(row.obligation) if row.obligation else "—"

    @admin.display(description=gettext_lazy("回访人"))
    def who(self, row: FollowUp) -> Any:
        return row.assigned_to or _("%s，待指派") % Office(row.office).label

    @admin.display(description=gettext_lazy("发起时间"))
    def opened(self, row: FollowUp) -> SafeString:
        return format_html('<span class="nowrap">{}</span>', cn_short(row.opened_at))


def follow_up_badge(row: FollowUp) -> SafeString:
    return badge(row.get_status_display(), TONES.get(FollowUpStatus(row.status), Tone.NEUTRAL))


@admin.register(Referral)
class ReferralAdmin(ReadOnlyAdmin):
    """The inspection office's alone. [3.9]"""

    nav_group = NavGroup.EVALUATION
    nav_order = 30
    change_form_template = "console/referral.html"
    empty_text = gettext_lazy("认定无整改成效并提请报送的，将列在这里。此页仅督查科可见。")
    list_display = ["reference", "title", "state", "proposed", "decided"]
    list_display_links = ["reference", "title"]
    list_filter = ["status"]
    search_fields = ["follow_up__case__booking__reference"]
    search_help_text = gettext_lazy("按编号查找")
    list_select_related = ["follow_up__case__booking", "proposed_by", "decided_by"]
    fields = ["state", "facts", "opinion", "proposed", "decided", "note"]
    verb_buttons = REFERRAL_BUTTONS

    def title_of(self, row: Referral) -> str:
        return f"{row.follow_up.case.reference} {self.opts.verbose_name}"

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.printed)
        return [path("<key:pk>/print/", view, name="evaluations_referral_print"), *super().get_urls()]

    def printed(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The page that is signed. [3.9]"""
        if not self.has_view_permission(request):
            raise PermissionDenied
        row = get_object_or_404(self.get_queryset(request).select_related(*self.list_select_related), pk=pk)
        audit.record("print_referral", row, actor=actor_of(request), clause="[3.9]")
        return TemplateResponse(request, "console/referral_print.html", {"referral": row, "case": row.follow_up.case})

    @admin.display(description=gettext_lazy("编号"))
    def reference(self, row: Referral) -> str:
        return row.follow_up.case.reference

    @admin.display(description=gettext_lazy("诉求"))
    def title(self, row: Referral) -> str:
        return row.follow_up.case.booking.title

    @admin.display(description=gettext_lazy("状态"))
    def state(self, row: Referral) -> SafeString:
        return badge(row.get_status_display(), REFERRAL_TONES.get(ReferralStatus(row.status), Tone.NEUTRAL))

    @admin.display(description=gettext_lazy("提请"))
    def proposed(self, row: Referral) -> str:
        return f"{cn_datetime(row.proposed_at)} {row.proposed_by}"

    @admin.display(description=gettext_lazy("审批"))
    def decided(self, row: Referral) -> str:
        return f"{cn_datetime(row.decided_at)} {row.decided_by}" if row.decided_at else "—"


def follow_up_queues(request: HttpRequest) -> list[Queue]:
    """What is mine to look at, what my office has to give to somebody, and what the approver decides. [3.9]"""
    user, now = actor_of(request), timezone.now()
    listing, queues = reverse("console:evaluations_followup_changelist"), []
    if user.has_perm(FOLLOWS):
        mine = calls_of(user, now)
        first = mine.order_by("obligation__last_day").first()
        queues.append(
            Queue(
                label=_("待我回访"),
                count=mine.count(),
                url=reverse("console:evaluations_calls"),
                due=first.obligation.due_at if first and first.obligation else None,
                empty=_("指派给您的回访，将列在这里。"),
            )
        )
    if user.has_perm(ASSIGNS):
        unassigned = to_assign(user)
        oldest = unassigned.order_by("opened_at").first()
        queues.append(
            Queue(
                label=_("回访待指派"),
                count=unassigned.count(),
                url=f"{listing}?to=nobody&status__exact=open&office__exact={office_of(user)}",
                oldest=oldest.opened_at if oldest else None,
                empty=_("新的回访，将列在这里等待指派。"),
            )
        )
    if user.has_perm(APPROVES):
        proposed = Referral.objects.filter(status=ReferralStatus.PROPOSED).order_by("proposed_at")
        waits = proposed.first()
        queues.append(
            Queue(
                label=_("报送待审批"),
                count=proposed.count(),
                url=f"{reverse('console:evaluations_referral_changelist')}?status__exact=proposed",
                oldest=waits.proposed_at if waits else None,
                empty=_("提请报市纪委市监委的，将列在这里。"),
            )
        )
    return queues


queue_sources.append(follow_up_queues)
