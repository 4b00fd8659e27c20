"""The console on questions at the window. [3.1]"""

from typing import Any

from django.contrib import admin
from django.db.models import Case, Count, F, Min, Prefetch, QuerySet, When
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from appointments.enums import ChoiceKind
from appointments.selectors import choices_of
from core.console import NavGroup, Queue, ReadOnlyAdmin, Tone, actor_of, badge, queue_sources
from core.console_filters import SelectFilter
from core.masks import mask_email, mask_mobile, mask_name
from core.templatetags.cn import cn_date
from deadlines.enums import Light
from deadlines.models import Obligation
from deadlines.selectors import explanation_of, light_of, with_lights, words_of
from departments.enums import ROLES_OF_DEPARTMENT, DepartmentKind
from departments.models import Department
from departments.selectors import role_of
from inquiries import admin_frequent, console_views
from inquiries.console_buttons import BUTTONS
from inquiries.enums import InquiryStatus
from inquiries.models import Inquiry
from inquiries.selectors import earlier_of_same_mobile, entries_of, next_open

# Registers itself.
__all__ = ["admin_frequent"]

LINE_BREAK = SafeString("<br>")
TONES = {
    InquiryStatus.OPEN: Tone.NEAR,
    InquiryStatus.ANSWERED: Tone.ON_TRACK,
    InquiryStatus.POINTED_ON: Tone.ON_TRACK,
    InquiryStatus.BOOKED: Tone.ON_TRACK,
}
LIGHTS = {
    Light.ON_TRACK: Tone.ON_TRACK,
    Light.NEAR: Tone.NEAR,
    Light.LATE: Tone.LATE,
    Light.MET: Tone.NEUTRAL,
    Light.NONE: Tone.NEUTRAL,
}


class AreaFilter(SelectFilter):
    """Only the list of areas: districts and industries are choices too, but of nothing here."""

    title = _("领域")
    parameter_name = "area"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(choice.pk), choice.name) for choice in choices_of(ChoiceKind.AREA)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Inquiry]) -> QuerySet[Inquiry]:
        return queryset.filter(area=self.value()) if (self.value() or "").isdecimal() else queryset


class AnsweredByFilter(SelectFilter):
    """The window itself, or a department that questions were passed to."""

    title = _("由谁答复")
    parameter_name = "by"
    WINDOW = "window"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        units = Department.objects.filter(is_active=True, kind=DepartmentKind.MEMBER)
        return [(self.WINDOW, _("服务专窗")), *((str(unit.pk), unit.name) for unit in units)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Inquiry]) -> QuerySet[Inquiry]:
        if self.value() == self.WINDOW:
            return queryset.filter(department=None)
        return queryset.filter(department=self.value()) if (self.value() or "").isdecimal() else queryset


@admin.register(Inquiry)
class InquiryAdmin(ReadOnlyAdmin):
    """What waits stands first, oldest first; what is done follows, newest first."""

    nav_group = NavGroup.BOOKING
    nav_order = 15
    change_list_template = "console/inquiry_list.html"
    change_form_template = "console/inquiry_form.html"
    empty_text = _("网上提问和窗口登记的咨询列在这里，等候最久的在最前。")
    list_display = ["reference", "short_question", "state", "light", "area", "answered_by", "asked"]
    list_filter = ["status", "source", AnsweredByFilter, AreaFilter]
    search_fields = ["reference", "question", "company_name"]
    search_help_text = _("按咨询编号、问题内容、企业名称查找")
    list_select_related = ["area", "department"]
    ordering = [Case(When(status=InquiryStatus.OPEN, then=F("opened_at"))).asc(nulls_last=True), "-opened_at"]
    verb_buttons = BUTTONS
    fieldsets = [
        (None, {"fields": ["reference", "state", "light", "question", "thread"]}),
        (
            _("提问人"),
            {
                "fields": [
                    "company_name",
                    "masked_name",
                    "masked_mobile",
                    "masked_email",
                    "earlier",
                ]
            },
        ),
        (
            _("办理"),
            {"fields": ["area", "answered_by", "due_day", "booking_reference", "source", "taken_by", "times"]},
        ),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Inquiry]:
        lit = Prefetch("obligation", with_lights(Obligation.objects.all(), timezone.localdate()))
        return super().get_queryset(request).visible_to(request.user).prefetch_related(lit)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [name for _title, options in self.fieldsets for name in options["fields"]]

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("desk/", view(console_views.desk_ask), name="inquiries_inquiry_desk"),
            path("<key:pk>/book/", view(console_views.book), name="inquiries_inquiry_book"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        context = {"can_take": request.user.has_perm("inquiries.take_inquiry")}
        return super().changelist_view(request, context | (extra_context or {}))

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        """What depends on who looks: the next question, earlier ones, and whether replies helped."""
        row = kwargs.get("obj")
        if row is not None:
            following = next_open(row, actor_of(request))
            context["next_url"] = self.page_of(following) if following else ""
        return super().render_change_form(request, context, *args, **kwargs)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Inquiry | None:
        row = super().get_object(request, object_id, from_field)
        if row is not None:
            row.seen_by = actor_of(request)
        return row

    def buttons_for(self, request: HttpRequest, row: Inquiry) -> list[dict[str, Any]]:
        """Two buttons lead to pages of their own: a booking for the asker, an answer for everybody."""
        buttons = super().buttons_for(request, row)
        may = request.user.has_perm
        if row.status == InquiryStatus.OPEN and may("inquiries.handle_inquiry") and may("appointments.book_at_desk"):
            url = reverse("console:inquiries_inquiry_book", args=[row.pk])
            buttons.insert(min(2, len(buttons)), {"verb": {"label": _("帮办预约")}, "url": url})
        if row.status == InquiryStatus.ANSWERED and may("inquiries.add_frequentanswer"):
            url = f"{reverse('console:inquiries_frequentanswer_add')}?from={row.pk}"
            buttons.insert(0, {"verb": {"label": _("整理为常见问题")}, "url": url})
        return buttons

    @admin.display(description=_("问题"), ordering="question")
    def short_question(self, row: Inquiry) -> str:
        first = " ".join(row.question.split())
        return first if len(first) <= 32 else f"{first[:31]}…"

    @admin.display(description=_("状态"), ordering="status")
    def state(self, row: Inquiry) -> SafeString:
        return badge(row.get_status_display(), TONES.get(InquiryStatus(row.status), Tone.NEUTRAL))

    @admin.display(description=_("时限"), ordering="obligation__last_day")
    def light(self, row: Inquiry) -> Any:
        if row.obligation is None:
            return "—"
        today = timezone.localdate()
        return badge(words_of(row.obligation, today), LIGHTS[light_of(row.obligation, today)])

    @admin.display(description=_("最迟答复"))
    def due_day(self, row: Inquiry) -> Any:
        """The day, and why it is that one."""
        if row.obligation is None:
            return "—"
        lines = [cn_date(row.obligation.last_day), *explanation_of(row.obligation).sentences]
        return format_html_join(LINE_BREAK, "{}", ((line,) for line in lines))

    @admin.display(description=_("由谁答复"), ordering="department")
    def answered_by(self, row: Inquiry) -> Any:
        return row.department or _("服务专窗")

    @admin.display(description=_("提问时间"), ordering="asked_at")
    def asked(self, row: Inquiry) -> str:
        return f"{timezone.localtime(row.asked_at):%m-%d %H:%M}"

    @admin.display(description=_("称呼"))
    def masked_name(self, row: Inquiry) -> str:
        return mask_name(row.contact_name) or "—"

    @admin.display(description=_("手机"))
    def masked_mobile(self, row: Inquiry) -> str:
        return mask_mobile(row.mobile)

    @admin.display(description=_("邮箱"))
    def masked_email(self, row: Inquiry) -> str:
        return mask_email(row.email) if row.email else "—"

    @admin.display(description=_("帮办的挂号"))
    def booking_reference(self, row: Inquiry) -> str:
        return f"{row.booking.reference}（{row.booking.get_status_display()}）" if row.booking else "—"

    @admin.display(description=_("往来"))
    def thread(self, row: Inquiry) -> Any:
        entries = entries_of(row)
        if not entries:
            return _("尚未补充，也未答复。")
        shows = role_of(row.seen_by) not in ROLES_OF_DEPARTMENT
        return render_to_string("console/inquiry_thread.html", {"entries": entries, "shows_helped": shows})

    @admin.display(description=_("同一手机的其他咨询"))
    def earlier(self, row: Inquiry) -> Any:
        lines = [
            (self.page_of(other), other, f"{timezone.localtime(other.asked_at):%Y-%m-%d}", other.get_status_display())
            for other in earlier_of_same_mobile(row, row.seen_by)
        ]
        return format_html_join(LINE_BREAK, '<a href="{}">{}</a> {} {}', lines) or _("没有")

    @admin.display(description=_("时间"))
    def times(self, row: Inquiry) -> SafeString:
        moments = [(_("提问"), row.asked_at), (_("本轮起算"), row.opened_at), (_("办结"), row.closed_at)]
        lines = [(label, f"{timezone.localtime(at):%Y-%m-%d %H:%M}") for label, at in moments if at]
        return format_html_join(LINE_BREAK, "{} {}", lines)


def inquiry_queue(request: HttpRequest) -> list[Queue]:
    """What waits for an answer: at the window all, in a department what was passed to it."""
    if not request.user.has_perm("inquiries.answer_inquiry"):
        return []
    waiting = Inquiry.objects.visible_to(actor_of(request)).open()
    found = waiting.order_by().aggregate(n=Count("pk"), oldest=Min("opened_at"), due=Min("obligation__due_at"))
    return [
        Queue(
            label=_("窗口咨询待答复"),
            count=found["n"],
            url=f"{reverse('console:inquiries_inquiry_changelist')}?status__exact={InquiryStatus.OPEN}",
            oldest=found["oldest"],
            due=found["due"],
            empty=_("网上提问和窗口登记的咨询，将列在这里。"),
        )
    ]


queue_sources.append(inquiry_queue)
