"""Who rated how, for the inspection office alone: nothing here is typed, and each look is kept. [5.2]"""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from core.console import NavGroup, ReadOnlyAdmin, Tone, actor_of, badge
from core.templatetags.cn import cn_datetime, cn_short, cn_time
from evaluations import console_sums
from evaluations.enums import Reason
from evaluations.models import Rating
from evaluations.services import look_at_ratings

# It enters itself on the console's left side.
__all__ = ["console_sums"]


@admin.register(Rating)
class RatingAdmin(ReadOnlyAdmin):
    nav_group = NavGroup.EVALUATION
    nav_order = 2
    empty_text = _("企业评价后，将列在这里。只有督查科能看到是哪家企业的评价，每次查看都有记录。")
    list_display = ["reference", "company", "with_consultation", "with_handling", "why", "when", "in_time"]
    list_display_links = ["reference", "company"]
    list_filter = ["consultation", "handling", "is_late"]
    search_fields = ["case__booking__reference", "case__booking__company_name"]
    search_help_text = _("按编号、企业名称查找")
    fields = [
        *("reference", "company", "title", "round", "with_consultation", "with_handling"),
        *("why", "comment", "call_back", "rated", "in_time"),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Rating]:
        return super().get_queryset(request).select_related("case__booking")

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        response: Any = super().changelist_view(request, extra_context)
        listed = getattr(response, "context_data", {}).get("cl")
        if listed is not None:
            look_at_ratings(rating_ids=[row.pk for row in listed.result_list], actor=actor_of(request))
        return response

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, obj: Any = None, **kwargs: Any
    ) -> HttpResponse:
        if obj is not None:
            look_at_ratings(rating_ids=[obj.pk], actor=actor_of(request))
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    @admin.display(description=_("编号"), ordering="case__booking__reference")
    def reference(self, row: Rating) -> str:
        return row.case.reference

    @admin.display(description=_("企业"))
    def company(self, row: Rating) -> str:
        return row.case.booking.company_name

    @admin.display(description=_("诉求"))
    def title(self, row: Rating) -> str:
        return row.case.booking.title

    @admin.display(description=_("坐诊服务"), ordering="consultation")
    def with_consultation(self, row: Rating) -> SafeString:
        return verdict(row.consultation, row.get_consultation_display())

    @admin.display(description=_("办理情况"), ordering="handling")
    def with_handling(self, row: Rating) -> SafeString:
        return verdict(row.handling, row.get_handling_display())

    @admin.display(description=_("不满意的原因"))
    def why(self, row: Rating) -> str:
        return "、".join(str(Reason(reason).label) for reason in row.reasons) or "—"

    @admin.display(description=_("评价时间"), ordering="rated_at")
    def when(self, row: Rating) -> str:
        return f"{cn_short(row.rated_at)} {cn_time(row.rated_at)}"

    @admin.display(description=_("评价时间"))
    def rated(self, row: Rating) -> str:
        return cn_datetime(row.rated_at)

    @admin.display(description=_("评价期"), ordering="is_late")
    def in_time(self, row: Rating) -> SafeString:
        return badge(row.get_is_late_display(), Tone.NEAR if row.is_late else Tone.NEUTRAL)


def verdict(satisfied: bool, words: str) -> SafeString:
    return badge(words, Tone.ON_TRACK if satisfied else Tone.LATE)
