"""The departments' work before the sitting: contact, verification, and what may be solved by it. [3.4] [3.3]"""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from appointments import services
from appointments.console_forms import AssignForm, SolvedForm, VerificationForm
from appointments.enums import BookingStatus, VerificationStatus
from appointments.models import Booking, Verification
from appointments.permissions import department_bound
from core.console import NavGroup, Queue, ReadOnlyAdmin, Tone, VerbButton, badge, queue_sources
from core.templatetags.cn import cn_short, cn_time
from departments.enums import ROLES_OF_DEPARTMENT
from departments.selectors import membership_of

TONES = {VerificationStatus.OPEN: Tone.NEAR, VerificationStatus.DONE: Tone.ON_TRACK}


def _record(row: Verification, actor: Any, data: dict[str, Any]) -> Any:
    services.record_verification(verification_id=row.pk, actor=actor, now=timezone.now(), **data)
    return _("对接核实情况已登记。")


def _solved(row: Booking, actor: Any, data: dict[str, Any]) -> Any:
    services.propose_solved(booking_id=row.pk, actor=actor, now=timezone.now(), **data)
    return _("已通知企业确认；企业确认前，预约仍然有效。")


def _assign(row: Booking, actor: Any, data: dict[str, Any]) -> Any:
    assignment = services.Assignment(data["lead"].pk, tuple(unit.pk for unit in data["assisting"]))
    services.assign_departments(
        booking_id=row.pk, assignment=assignment, reason=data["reason"], actor=actor, now=timezone.now()
    )
    return _("责任单位已调整，已通知新分办的部门。")


def _assigned(row: Booking) -> dict[str, Any]:
    rows = list(row.verifications.active())
    return {
        "lead": next((unit.department_id for unit in rows if unit.is_lead), None),
        "assisting": [unit.department_id for unit in rows if not unit.is_lead],
    }


def _leads(row: Booking, user: Any) -> bool:
    """Only the lead department, or the bureau in its place, calls a demand solved. [3.3]"""
    unit = department_bound(user)
    return unit is None or unit == services.lead_of(row)


def _accepted(row: Booking) -> bool:
    return row.status == BookingStatus.ACCEPTED


HANDLING_BUTTONS = (
    VerbButton(
        name="assign",
        label=_("调整责任单位"),
        run=_assign,
        explain=_("新分办的部门重新计算 7 个工作日；保留的部门期限不变；移出的部门不再需要核实。"),
        permission="appointments.triage_booking",
        offered=_accepted,
        form=AssignForm,
        initial=_assigned,
    ),
    VerbButton(
        name="solved",
        label=_("反馈已解决"),
        run=_solved,
        explain=_("对接中已经解决的，写明情况，请企业确认。企业确认后不再坐诊，号码让给候补；未确认的仍按安排坐诊。"),
        permission="appointments.verify_booking",
        offered=lambda row: _accepted(row) and not row.solution,
        offered_to=_leads,
        form=SolvedForm,
    ),
)


@admin.register(Verification)
class VerificationAdmin(ReadOnlyAdmin):
    """What is to be verified, the oldest first; a department sees its own. [3.4]"""

    nav_group = NavGroup.BOOKING
    nav_order = 20
    empty_text = _("受理后分办到部门的对接核实任务，将列在这里。")
    list_display = ["demand", "company", "sitting", "department", "part", "state", "passed", "verified"]
    list_display_links = ["demand"]
    list_filter = ["status", "department", "is_lead"]
    list_select_related = ["booking__sitting", "department", "verified_by"]
    ordering = ["passed_at"]
    search_fields = ["booking__reference", "booking__company_name", "booking__title"]
    search_help_text = _("按预约编号、企业名称、诉求标题查找")
    fields = [
        "booking_link",
        "company",
        "sitting",
        "department",
        "part",
        "state",
        "passed",
        "way",
        "spoke_with",
        "finding",
        "verified",
        "verified_by",
    ]
    verb_buttons = (
        VerbButton(
            name="record",
            label=_("登记对接核实"),
            run=_record,
            explain=_("与企业联系核实后，登记核实人、时间和情况；结果列入当月服务事项清单。"),
            permission="appointments.verify_booking",
            offered=lambda row: row.status == VerificationStatus.OPEN,
            form=VerificationForm,
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Verification]:
        """A department's people see what is put to them."""
        rows = super().get_queryset(request).select_related("booking__sitting", "department", "verified_by")
        membership = membership_of(request.user)
        if membership is not None and membership.role in ROLES_OF_DEPARTMENT:
            return rows.active().filter(department=membership.department_id)
        return rows

    def title_of(self, row: Verification) -> str:
        return f"{row.booking.reference} {row.booking.title}"

    @admin.display(description=_("诉求"))
    def demand(self, row: Verification) -> str:
        return row.booking.title

    @admin.display(description=_("预约"))
    def booking_link(self, row: Verification) -> SafeString:
        url = reverse("console:appointments_booking_change", args=[row.booking_id])
        return format_html('<a href="{}">{} {}</a>', url, row.booking.reference, row.booking.title)

    @admin.display(description=_("企业名称"))
    def company(self, row: Verification) -> str:
        return row.booking.company_name

    @admin.display(description=_("期次"), ordering="booking__sitting__day")
    def sitting(self, row: Verification) -> str:
        return str(row.booking.sitting)

    @admin.display(description=_("分工"), ordering="-is_lead")
    def part(self, row: Verification) -> Any:
        return _("责任单位") if row.is_lead else _("协办单位")

    @admin.display(description=_("状态"), ordering="status")
    def state(self, row: Verification) -> SafeString:
        return badge(row.get_status_display(), TONES.get(row.status, Tone.NEUTRAL))

    @admin.display(description=_("分办时间"), ordering="passed_at")
    def passed(self, row: Verification) -> str:
        return f"{cn_short(row.passed_at)} {cn_time(row.passed_at)}"

    @admin.display(description=_("核实时间"), ordering="verified_at")
    def verified(self, row: Verification) -> str:
        return f"{cn_short(row.verified_at)} {cn_time(row.verified_at)}" if row.verified_at else "—"


def verification_queue(request: HttpRequest) -> list[Queue]:
    """What is still to be verified, for who does it."""
    if not request.user.has_perm("appointments.verify_booking"):
        return []
    rows = Verification.objects.filter(status=VerificationStatus.OPEN)
    membership = membership_of(request.user)
    if membership is not None and membership.role in ROLES_OF_DEPARTMENT:
        rows = rows.filter(department=membership.department_id)
    first = rows.order_by("passed_at").first()
    listing = reverse("console:appointments_verification_changelist")
    return [
        Queue(
            label=_("待对接核实"),
            count=rows.count(),
            url=f"{listing}?status__exact={VerificationStatus.OPEN}",
            oldest=first.passed_at if first else None,
            empty=_("分办到部门的对接核实任务，将列在这里。"),
        )
    ]


queue_sources.append(verification_queue)
