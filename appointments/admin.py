"""The bureau's console on bookings. [3.3] [3.4]"""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from appointments import (
    admin_day,
    admin_handling,
    admin_lists,
    admin_sittings,
    console_placing,
    console_triage,
    console_views,
    permissions,
)
from appointments.admin_desk import DESK_BUTTONS
from appointments.enums import FILLING, LOST, RAN_OUT, UNDECIDED, BookingStatus, Origin
from appointments.models import Booking, PressureReport, Supplement
from core.console import NavGroup, Queue, ReadOnlyAdmin, Tone, actor_of, badge, queue_sources
from core.console_search import SearchedAdmin
from core.masks import mask_email, mask_mobile, mask_name
from core.templatetags.cn import cn_datetime, cn_short
from sessions_app.enums import SittingStatus
from sessions_app.models import Sitting

# They register themselves.
__all__ = ["admin_day", "admin_handling", "admin_lists", "admin_sittings"]

LINE_BREAK = SafeString("<br>")
TONES = {
    BookingStatus.CONFIRMED: Tone.NEAR,
    BookingStatus.RETURNED: Tone.NEAR,
    BookingStatus.ACCEPTED: Tone.ON_TRACK,
    BookingStatus.SOLVED: Tone.ON_TRACK,
    BookingStatus.ATTENDED: Tone.ON_TRACK,
    BookingStatus.HELD: Tone.NEAR,
    BookingStatus.OFFERED: Tone.NEAR,
    BookingStatus.CONTESTED: Tone.LATE,
    BookingStatus.NOT_SEEN: Tone.LATE,
}


class WhenHeld(admin.SimpleListFilter):
    """Sittings still to come, or those that are over."""

    title = _("坐诊时间")
    parameter_name = "when"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("ahead", _("即将坐诊")), ("past", _("往期"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Booking]) -> QuerySet[Booking]:
        if self.value() == "ahead":
            return ahead(queryset)
        return queryset.filter(sitting__day__lt=timezone.localdate()) if self.value() == "past" else queryset


def ahead(bookings: QuerySet[Booking]) -> QuerySet[Booking]:
    return bookings.filter(sitting__day__gte=timezone.localdate(), sitting__status=SittingStatus.PUBLISHED)


@admin.register(Booking)
class BookingAdmin(SearchedAdmin, ReadOnlyAdmin):
    nav_group = NavGroup.BOOKING
    nav_order = 10
    change_list_template = "console/booking_list.html"
    change_form_template = "console/object_with_messages.html"
    list_display = [
        "number_or_line",
        "reference",
        "demand",
        "sitting",
        "state",
        "put_to",
        "entered",
    ]
    list_display_links = ["reference", "demand"]
    list_filter = ["status", WhenHeld, "origin", "sitting__year", "departments", "demand_kind"]
    search_fields = ["reference"]
    search_help_text = _("按预约编号、企业名称、信用代码、诉求内容查找，两个字以上，可用空格分隔多个词")
    list_select_related = ["sitting", "slot"]
    ordering = ["-sitting__day", "slot__number", "queued_at"]
    verb_buttons = (*admin_handling.HANDLING_BUTTONS, *DESK_BUTTONS)
    fieldsets = [
        (None, {"fields": ["reference", "sitting", "number_or_line", "state", "origin", "booked_by", "times"]}),
        (
            _("企业"),
            {
                "fields": [
                    "company_name",
                    "credit_code",
                    "enterprise_kind",
                    "district",
                    "industry",
                    "masked_name",
                    "representative_role",
                    "masked_mobile",
                    "masked_email",
                    "attendees",
                ]
            },
        ),
        (
            _("诉求"),
            {
                "fields": [
                    "title",
                    "demand_kind",
                    "demand_area",
                    "put_to",
                    "facts",
                    "request",
                    "elsewhere",
                    "elsewhere_reference",
                    "files",
                    "supplements",
                ]
            },
        ),
        (_("受理与排场"), {"fields": ["decision", "assigned", "place", "solution"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Booking]:
        bookings = super().get_queryset(request).visible_to(request.user)
        return bookings.select_related("slot", "sitting", "session").prefetch_related("departments")

    def search_parts(self, request: HttpRequest) -> tuple[str, ...]:
        return permissions.searchable_parts(actor_of(request))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [name for _title, options in self.fieldsets for name in options["fields"]]

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("triage/", view(console_triage.queue), name="appointments_booking_triage_queue"),
            path("triage/<key:pk>/", view(console_triage.desk), name="appointments_booking_triage"),
            path("placing/", view(console_placing.next_board), name="appointments_booking_placing_next"),
            path("placing/<key:sitting_id>/", view(console_placing.board), name="appointments_booking_placing"),
            path("desk/", view(console_views.desk_take), name="appointments_booking_desk"),
            path("<key:pk>/answers/", view(console_views.desk_answers), name="appointments_booking_answers"),
            path("export/<key:sitting_id>/", view(console_views.export), name="appointments_booking_export"),
            path("files/<key:pk>/", view(console_views.attachment), name="appointments_attachment"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        # A literal few: the announced sittings that are not long over, for the buttons above the list.
        recent = Sitting.objects.announced().order_by("-day")[:6]
        can_export = request.user.has_perm("appointments.export_bookings")
        context = {
            "export_sittings": list(recent) if can_export else [],
            "can_book": request.user.has_perm("appointments.book_at_desk"),
            "can_triage": request.user.has_perm("appointments.triage_booking"),
            "can_place": request.user.has_perm("appointments.place_booking"),
            "can_export_contacts": request.user.has_perm("appointments.export_contacts"),
        }
        return super().changelist_view(request, context | (extra_context or {}))

    def buttons_for(self, request: HttpRequest, row: Booking) -> list[dict[str, Any]]:
        """A booking that is still being filled in leads back to its form at the desk. [3.1]"""
        buttons = super().buttons_for(request, row)
        if row.origin == Origin.DESK and row.status in FILLING and request.user.has_perm("appointments.book_at_desk"):
            url = reverse("console:appointments_booking_answers", args=[row.pk])
            buttons.insert(0, {"verb": {"label": _("帮办填写信息表")}, "url": url})
        if row.status in UNDECIDED and request.user.has_perm("appointments.triage_booking"):
            url = reverse("console:appointments_booking_triage", args=[row.pk])
            buttons.insert(0, {"verb": {"label": _("受理审核")}, "url": url})
        return buttons

    @admin.display(description=_("号"), ordering="slot__number")
    def number_or_line(self, row: Booking) -> Any:
        lost = (*RAN_OUT, *LOST, BookingStatus.CANCELLED)
        return row.number if row.number and row.status not in lost else "—"

    @admin.display(description=_("诉求"), ordering="company_name")
    def demand(self, row: Booking) -> str:
        """Before the form is filled in there is only the enterprise."""
        if not row.title:
            return row.company_name
        return format_html('{}<span class="beneath">{}</span>', row.title, row.company_name)

    @admin.display(description=_("状态"), ordering="status")
    def state(self, row: Booking) -> SafeString:
        return badge(row.get_status_display(), TONES.get(row.status, Tone.NEUTRAL))

    @admin.display(description=_("诉求对象部门"))
    def put_to(self, row: Booking) -> str:
        return "、".join(department.name for department in row.departments.all()) or "—"

    @admin.display(description=_("进入时间"), ordering="queued_at")
    def entered(self, row: Booking) -> SafeString:
        moment = f"{timezone.localtime(row.queued_at):%m-%d %H:%M}"
        return format_html(
            '<span class="nowrap">{}</span><span class="beneath">{}</span>', moment, row.get_origin_display()
        )

    @admin.display(description=_("时间"))
    def times(self, row: Booking) -> SafeString:
        moments = [
            (_("进入"), row.queued_at),
            (_("保留至"), row.held_until),
            (_("提交"), row.confirmed_at),
        ]
        lines = [(label, f"{timezone.localtime(at):%Y-%m-%d %H:%M:%S}") for label, at in moments if at]
        if row.settle_by:
            lines.append((_("核实时限"), f"{row.settle_by:%Y-%m-%d}"))
        return format_html_join(LINE_BREAK, "{} {}", lines)

    @admin.display(description=_("企业负责人"))
    def masked_name(self, row: Booking) -> str:
        return mask_name(row.representative_name) or "—"

    @admin.display(description=_("手机"))
    def masked_mobile(self, row: Booking) -> str:
        return mask_mobile(row.mobile)

    @admin.display(description=_("邮箱"))
    def masked_email(self, row: Booking) -> str:
        return mask_email(row.email) if row.email else "—"

    @admin.display(description=_("受理决定"))
    def decision(self, row: Booking) -> Any:
        if row.decided_at is None:
            return _("待受理")
        said = f"{cn_datetime(row.decided_at)} {row.get_status_display()}"
        return f"{said}：{row.refusal_ground}。{row.explanation}" if row.refusal_ground else said

    @admin.display(description=_("责任与协办单位"))
    def assigned(self, row: Booking) -> Any:
        rows = row.verifications.select_related("department").active()
        lines = [
            (
                reverse("console:appointments_verification_change", args=[unit.pk]),
                unit.department,
                _("责任单位") if unit.is_lead else _("协办单位"),
                unit.get_status_display(),
            )
            for unit in rows
        ]
        return format_html_join(LINE_BREAK, '<a href="{}">{}</a>（{}）{}', lines) or "—"

    @admin.display(description=_("时间和场次"))
    def place(self, row: Booking) -> Any:
        if row.session is None:
            return _("尚未排场")
        told = _("已告知企业") if row.told_place == row.place_key else _("待告知企业")
        return f"{row.session.get_kind_display()} {cn_datetime(row.meet_at)}，{row.session.place}（{told}）"

    @admin.display(description=_("补充说明"))
    def supplements(self, row: Booking) -> Any:
        asked = row.supplements.select_related("added_by")
        lines = [(_("问：%s") % one.question, said_to(one)) for one in asked]
        return format_html_join(LINE_BREAK, "{}<br>{}", lines) or "—"

    @admin.display(description=_("附件"))
    def files(self, row: Booking) -> Any:
        links = [
            (reverse("console:appointments_attachment", args=[file.pk]), file.name) for file in row.attachments.all()
        ]
        return format_html_join(LINE_BREAK, '<a href="{}">{}</a>', links) or "—"


def said_to(asked: Supplement) -> Any:
    """What the enterprise answered, and who wrote it down for it."""
    if asked.added_at is None:
        return _("待企业补充，期限 %s") % cn_short(asked.answer_by)
    if asked.added_by is None:
        return _("答：%s") % asked.text
    return _("答：%(text)s（%(who)s代为登记）") % {"text": asked.text, "who": asked.added_by}


@admin.register(PressureReport)
class PressureReportAdmin(ReadOnlyAdmin):
    """For the inspection office alone. [5.2]"""

    nav_group = NavGroup.EVALUATION
    nav_order = 20
    list_display = ["reported_at", "booking", "content"]
    list_select_related = ["booking"]
    fields = ["reported_at", "booking", "content", "contact"]


def booking_queues(request: HttpRequest) -> list[Queue]:
    """What came in and what must be settled, for who works with bookings."""
    if not request.user.has_perm("appointments.settle_claim"):
        return []
    listing = reverse("console:appointments_booking_changelist")
    desk = reverse("console:appointments_booking_triage_queue")
    triages = request.user.has_perm("appointments.triage_booking")
    queues = []
    for status, label, empty in (
        (BookingStatus.CONFIRMED, _("待受理"), _("企业提交信息表后，将列在这里。")),
        (BookingStatus.RETURNED, _("待企业补充"), _("退回企业补充情况的预约，将列在这里。")),
        (BookingStatus.CONTESTED, _("重复预约待核实"), _("有企业申请核实时，将列在这里。")),
        (BookingStatus.WAITING, _("候补企业"), _("号满后加入候补的企业，将列在这里。")),
    ):
        found = ahead(Booking.objects.filter(status=status))
        first = found.order_by("queued_at").first()
        at_desk = triages and status == BookingStatus.CONFIRMED
        queues.append(
            Queue(
                label=label,
                count=found.count(),
                url=desk if at_desk else f"{listing}?status__exact={status}&when=ahead",
                oldest=first.queued_at if first else None,
                empty=empty,
            )
        )
    return queues


def pressure_queue(request: HttpRequest) -> list[Queue]:
    if not request.user.has_perm("appointments.view_pressurereport"):
        return []
    newest = PressureReport.objects.order_by("reported_at")
    first = newest.first()
    url = reverse("console:appointments_pressurereport_changelist")
    return [
        Queue(
            label=_("压制报复反映"),
            count=newest.count(),
            url=url,
            oldest=first.reported_at if first else None,
            empty=_("企业的反映只有督查科能看到，将列在这里。"),
        )
    ]


queue_sources.extend([booking_queues, pressure_queue])
