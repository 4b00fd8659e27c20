"""The console on cases: the list, and the page of one with all that can be done in it. [3.7]"""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from appointments.models import Attachment, Booking
from appointments.permissions import department_bound
from cases import (
    admin_together,
    console_pages,  # noqa: F401 - the working pages enter themselves on the console's left side
    console_together,
)
from cases.console_buttons import CASE_BUTTONS
from cases.console_case import page_context
from cases.console_list import CaseList, JointFilter, LightFilter, UnitFilter
from cases.console_parts import PART_BUTTONS
from cases.enums import AssignmentStatus, CaseStatus, Result
from cases.models import Assignment, Case, CaseFile
from cases.permissions import searchable_parts
from cases.selectors_page import all_parts, units_of_subjects, with_all
from core import audit
from core.console import NavGroup, ReadOnlyAdmin, Tone, actor_of, badge
from core.console_search import SearchedAdmin
from core.downloads import download
from core.templatetags.cn import cn_short
from deadlines.console import light_badge
from deadlines.enums import kind_label

# They register themselves.
__all__ = ["admin_together"]

TONES = {
    Result.SOLVED: Tone.ON_TRACK,
    AssignmentStatus.PLANNING: Tone.NEAR,
    AssignmentStatus.HANDLING: Tone.NEAR,
    AssignmentStatus.CHECKING: Tone.NEAR,
    AssignmentStatus.DONE: Tone.ON_TRACK,
}


@admin.register(Case)
class CaseAdmin(SearchedAdmin, ReadOnlyAdmin):
    """The newest first; by the column of the due date the most urgent first."""

    nav_group = NavGroup.CASES
    nav_order = 10
    change_list_template = "console/case_list.html"
    change_form_template = "console/case.html"
    empty_text = _("坐诊交办或现场办结的诉求，将列在这里。")
    list_display = ["reference", "demand", "units", "state", "light", "next_due"]
    list_display_links = ["reference", "demand"]
    list_filter = ["status", LightFilter, JointFilter, UnitFilter, "booking__demand_kind", "result"]
    search_fields = ["booking__reference"]
    search_help_text = _("按编号、企业名称、诉求和答复内容查找，两个字以上，可用空格分隔多个词")
    search_key = "booking"
    ordering = ["-opened_at", "-pk"]
    # The page is its template's; Django's form behind it shows nothing else.
    fields = ["status"]
    verb_buttons = CASE_BUTTONS

    def get_queryset(self, request: HttpRequest) -> Any:
        cases: Any = super().get_queryset(request)
        return cases.visible_to(actor_of(request)).select_related("booking__sitting", "booking__demand_area")

    def search_parts(self, request: HttpRequest) -> tuple[str, ...]:
        return searchable_parts(actor_of(request))

    def buttons_for(self, request: HttpRequest, row: Case) -> list[dict[str, Any]]:
        """Those that bind cases together stand in their own block."""
        others = [button for button in self.all_buttons() if button.name not in console_together.NAMES]
        return self.offered_of(others, request, row)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[CaseList]:
        return CaseList

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        case = self.get_object(request, object_id)
        context = page_context(case) if case else {}
        buttons = self.admin_site.get_model_admin(Assignment).buttons_for
        earlier = [part for row in context.get("rounds", []) for part in row.parts]
        for part in [*context.get("parts", []), *context.get("former", []), *earlier]:
            part.state, part.buttons = part_badge(part), buttons(request, part)
        if case:
            seen = Booking.objects.visible_to(actor_of(request)).filter(pk=case.booking_id)
            context |= {
                "state": case_badge(case),
                "together": console_together.block_of(case, actor_of(request))
                | {"buttons": self.offered_of(console_together.BUTTONS, request, case)},
                "sees_booking": seen.exists(),
                # Whose reminders this person can open; None for the bureau and the inspection office.
                "unit": department_bound(actor_of(request)),
            }
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("<key:pk>/files/<key:file_id>/", view(self.attachment), name="cases_case_file"),
            path("<key:pk>/added/<key:file_id>/", view(self.added_file), name="cases_case_added_file"),
            *super().get_urls(),
        ]

    def visible_case(self, request: HttpRequest, pk: int) -> Case:
        if not request.user.has_perm("cases.view_case"):
            raise PermissionDenied
        return get_object_or_404(self.get_queryset(request), pk=pk)

    def attachment(self, request: HttpRequest, pk: int, file_id: int) -> HttpResponse:
        """Whoever sees the case reads the enterprise's files, also where its booking was never the department's."""
        case = self.visible_case(request, pk)
        file = get_object_or_404(Attachment, pk=file_id, booking=case.booking_id)
        audit.record("download_attachment", case.booking, actor=actor_of(request), after=file.pk)
        return download(file)

    def added_file(self, request: HttpRequest, pk: int, file_id: int) -> HttpResponse:
        """What was added while the demand is handled, once it was sent. [3.7]"""
        case = self.visible_case(request, pk)
        file = get_object_or_404(CaseFile, pk=file_id, supplement__case=case, supplement__added_at__isnull=False)
        audit.record("download_case_file", case, actor=actor_of(request), after=file.pk)
        return download(file)

    def subjects_of(self, row: Case) -> list[str]:
        return list(units_of_subjects(row, all_parts(row)))

    @admin.display(description=_("编号"), ordering="booking__reference")
    def reference(self, row: Case) -> str:
        return row.reference

    @admin.display(description=_("诉求"))
    def demand(self, row: Case) -> SafeString:
        return format_html('{}<span class="beneath">{}</span>', row.booking.title, row.booking.company_name)

    @admin.display(description=_("责任单位"))
    def units(self, row: Any) -> str:
        """The lead before those who assist."""
        names = [
            _("%s（牵头）") % part.department if part.is_lead and row.is_joint else str(part.department)
            for part in row.parts
        ]
        return "、".join(names) or "—"

    @admin.display(description=_("状态"), ordering="status")
    def state(self, row: Case) -> SafeString:
        """Beneath it what a closed one came to, and of one that is handled again which time this is."""
        notes = [row.get_result_display(), _("第 %s 轮") % row.round if row.round > 1 else ""]
        return format_html('{}<span class="beneath">{}</span>', status_badge(row), " ".join(filter(None, notes)))

    @admin.display(description=_("时限"))
    def light(self, row: Any) -> Any:
        return light_badge(row.next_obligation) if row.next_obligation else "—"

    @admin.display(description=_("最近到期"), ordering=F("next_day").asc(nulls_last=True))
    def next_due(self, row: Any) -> SafeString | str:
        owed = row.next_obligation
        if not owed:
            return "—"
        return format_html(
            '<span class="nowrap">{}</span><span class="beneath">{}</span>',
            cn_short(owed.last_day),
            kind_label(owed.kind),
        )


def status_badge(case: Case) -> SafeString:
    """In the colour of what it came to."""
    if case.status == CaseStatus.CLOSED:
        return badge(case.get_status_display(), TONES.get(case.result, Tone.NEUTRAL))
    return badge(_("%s，联办") % case.get_status_display() if case.is_joint else case.get_status_display(), Tone.NEAR)


def case_badge(case: Case) -> SafeString:
    """A closed case is called after what came of it."""
    if case.status == CaseStatus.CLOSED:
        return badge(f"{case.get_status_display()} {case.get_result_display()}", TONES.get(case.result, Tone.NEUTRAL))
    return status_badge(case)


def part_badge(part: Assignment) -> SafeString:
    return badge(part.get_status_display(), TONES.get(part.status, Tone.NEUTRAL))


@admin.register(Assignment)
class AssignmentAdmin(ReadOnlyAdmin):
    """A department's part has no page of its own: it stands on its case's. Here are only its buttons' pages."""

    verb_buttons = PART_BUTTONS

    def get_queryset(self, request: HttpRequest) -> Any:
        seen = Case.objects.visible_to(actor_of(request))
        return with_all(super().get_queryset(request).filter(case__in=seen))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return redirect("console:cases_case_changelist")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        part = self.get_object(request, object_id)
        return redirect(self.page_of(part) if part else "console:cases_case_changelist")

    def page_of(self, row: Assignment) -> str:
        return f"{reverse('console:cases_case_change', args=[row.case_id])}#part-{row.pk}"

    def title_of(self, row: Assignment) -> str:
        return f"{row.case} {row.department}"
