"""The bureau's console on bookings. [3.3] [3.4]"""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from appointments import admin_lists, admin_sittings, console_views, services
from appointments.console_forms import SettleForm
from appointments.enums import FILLING, RAN_OUT, BookingStatus, Origin
from appointments.models import Booking, PressureReport
from appointments.moves import CANCEL
from core.console import NavGroup, Queue, ReadOnlyAdmin, ReasonForm, Tone, VerbButton, badge, queue_sources
from core.masks import mask_email, mask_mobile, mask_name
from sessions_app.enums import SittingStatus
from sessions_app.models import Sitting

# Both register themselves.
__all__ = ["admin_lists", "admin_sittings"]

LINE_BREAK = SafeString("<br>")
TONES = {
    BookingStatus.CONFIRMED: Tone.ON_TRACK,
    BookingStatus.HELD: Tone.NEAR,
    BookingStatus.OFFERED: Tone.NEAR,
    BookingStatus.CONTESTED: Tone.LATE,
}


def _cancel(row: Booking, actor: Any, data: dict[str, Any]) -> Any:
    services.cancel_booking(booking_id=row.pk, actor=actor, now=timezone.now(), reason=data["reason"])
    return _("预约已取消，号码已按候补顺序处理，并已通知企业。")


def _settle(row: Booking, actor: Any, data: dict[str, Any]) -> Any:
    services.settle_claim(booking_id=row.pk, actor=actor, now=timezone.now(), **data)
    return _("核实结果已登记，并已通知双方。") if data["upheld"] else _("核实结果已登记，并已通知申请人。")


def _reveal(row: Booking, actor: Any, data: dict[str, Any]) -> Any:
    booking = services.reveal_contact(booking_id=row.pk, actor=actor, reason=data["reason"])
    return _("%(name)s，手机 %(mobile)s，邮箱 %(email)s。本次查看已记录。") % {
        "name": booking.representative_name or _("（未填姓名）"),
        "mobile": booking.mobile,
        "email": booking.email or _("未填"),
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
class BookingAdmin(ReadOnlyAdmin):
    nav_group = NavGroup.BOOKING
    nav_order = 10
    change_list_template = "console/booking_list.html"
    list_display = [
        "number_or_line",
        "reference",
        "company",
        "sitting",
        "state",
        "title",
        "put_to",
        "entered",
        "origin",
    ]
    list_display_links = ["reference", "company"]
    list_filter = ["status", WhenHeld, "origin", "sitting__year", "departments", "demand_kind"]
    search_fields = ["reference", "company_name", "credit_code", "title"]
    search_help_text = _("按预约编号、企业名称、信用代码、诉求标题查找")
    list_select_related = ["sitting", "slot"]
    ordering = ["-sitting__day", "slot__number", "queued_at"]
    verb_buttons = (
        VerbButton(
            name="settle",
            label=_("登记核实结果"),
            run=_settle,
            explain=_("请先致电原预约和申请人双方。申请成立的，原预约取消，号码或候补顺序归申请人。"),
            permission="appointments.settle_claim",
            offered=lambda row: row.status == BookingStatus.CONTESTED,
            form=SettleForm,
        ),
        VerbButton(
            name="reveal",
            label=_("查看联系方式"),
            run=_reveal,
            explain=_("完整联系方式仅供办理本事项使用，每次查看都会留下记录。"),
            permission="appointments.reveal_contact",
            form=ReasonForm,
        ),
        VerbButton(
            name="cancel",
            label=_("取消预约"),
            run=_cancel,
            explain=_("取消后号码由候补第一位递补；无人候补的，重新开放预约。企业会收到通知。"),
            permission="appointments.cancel_booking",
            offered=lambda row: row.status in CANCEL.sources,
            form=ReasonForm,
            danger=True,
        ),
    )
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
                ]
            },
        ),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Booking]:
        bookings = super().get_queryset(request).visible_to(request.user)
        return bookings.select_related("slot", "sitting").prefetch_related("departments")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [name for _title, options in self.fieldsets for name in options["fields"]]

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
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
            "can_export_contacts": request.user.has_perm("appointments.export_contacts"),
        }
        return super().changelist_view(request, context | (extra_context or {}))

    def buttons_for(self, request: HttpRequest, row: Booking) -> list[dict[str, Any]]:
        """A booking that is still being filled in leads back to its form at the desk. [3.1]"""
        buttons = super().buttons_for(request, row)
        if row.origin == Origin.DESK and row.status in FILLING and request.user.has_perm("appointments.book_at_desk"):
            url = reverse("console:appointments_booking_answers", args=[row.pk])
            buttons.insert(0, {"verb": {"label": _("帮办填写信息表")}, "url": url})
        return buttons

    @admin.display(description=_("号"), ordering="slot__number")
    def number_or_line(self, row: Booking) -> Any:
        lost = (*RAN_OUT, BookingStatus.CANCELLED, BookingStatus.SITTING_CANCELLED)
        return row.number if row.number and row.status not in lost else "—"

    @admin.display(description=_("企业名称"), ordering="company_name")
    def company(self, row: Booking) -> str:
        return row.company_name

    @admin.display(description=_("状态"), ordering="status")
    def state(self, row: Booking) -> SafeString:
        return badge(row.get_status_display(), TONES.get(row.status, Tone.NEUTRAL))

    @admin.display(description=_("诉求对象部门"))
    def put_to(self, row: Booking) -> str:
        return "、".join(department.name for department in row.departments.all()) or "—"

    @admin.display(description=_("进入时间"), ordering="queued_at")
    def entered(self, row: Booking) -> str:
        return f"{timezone.localtime(row.queued_at):%m-%d %H:%M}"

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

    @admin.display(description=_("附件"))
    def files(self, row: Booking) -> Any:
        links = [
            (reverse("console:appointments_attachment", args=[file.pk]), file.name) for file in row.attachments.all()
        ]
        return format_html_join(LINE_BREAK, '<a href="{}">{}</a>', links) or "—"


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
    queues = []
    for status, label, empty in (
        (BookingStatus.CONTESTED, _("重复预约待核实"), _("有企业申请核实时，将列在这里。")),
        (BookingStatus.CONFIRMED, _("预约成功"), _("企业提交信息表后，将列在这里。")),
        (BookingStatus.WAITING, _("候补企业"), _("号满后加入候补的企业，将列在这里。")),
    ):
        found = ahead(Booking.objects.filter(status=status))
        first = found.order_by("queued_at").first()
        queues.append(
            Queue(
                label=label,
                count=found.count(),
                url=f"{listing}?status__exact={status}&when=ahead",
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
