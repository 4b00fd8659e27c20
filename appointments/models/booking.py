"""Enterprises and their bookings. [3.3] [3.4] [4]"""

import uuid
from datetime import UTC, datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from appointments.enums import (
    DECIDED,
    EXPECTED,
    HOLDING,
    INVOLVED,
    LIVE,
    LOST,
    SUBMITTED,
    TIMED,
    UNDECIDED,
    BookingStatus,
    DemandKind,
    Elsewhere,
    EnterpriseKind,
    Origin,
    RepresentativeRole,
)
from appointments.models.lists import Choice, ConsentText, RefusalGround
from core import secrets
from core.history import HistoricalRecords
from core.models import User
from departments.enums import ROLES_OF_DEPARTMENT
from departments.models import Department
from departments.selectors import membership_of
from sessions_app.models import Session, Sitting, Slot


class Enterprise(models.Model):
    """Who books. `identity` is its credit code, or for an investor without one its mobile. [3.3] [4.1]"""

    identity = models.CharField(_("识别码"), max_length=30, unique=True)
    name = models.CharField(_("企业名称"), max_length=100)
    credit_code = models.CharField(_("统一社会信用代码"), max_length=18, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("企业")
        verbose_name_plural = _("企业")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class BookingQuerySet(models.QuerySet["Booking"]):
    def visible_to(self, user: User) -> "BookingQuerySet":
        """The bureau and the inspection office see all; a department sees what was submitted and is put to it.

        Until the bureau decides that is whom the enterprise named, from then on whom the bureau assigned. [3.4]
        """
        membership = membership_of(user)
        if membership is None:
            return self.none()
        if membership.role not in ROLES_OF_DEPARTMENT:
            return self
        unit = membership.department_id
        named = Booking.objects.filter(departments=unit)
        assigned = Booking.objects.filter(verifications__status__in=INVOLVED, verifications__department=unit)
        undecided = Q(status__in=UNDECIDED)
        decided = Q(status__in=SUBMITTED) & ~undecided
        return self.filter(undecided & Q(pk__in=named.values("pk")) | decided & Q(pk__in=assigned.values("pk")))

    def with_first_claim(self) -> "BookingQuerySet":
        """Who lost its consultation, and did not leave the bureau's question unanswered until it was over. [3.3]"""
        owing = Booking.objects.filter(supplements__isnull=False, supplements__added_at__isnull=True)
        return self.filter(status__in=LOST).exclude(status=BookingStatus.NOT_SEEN, pk__in=owing.values("pk"))

    def in_line(self) -> "BookingQuerySet":
        """Who waits and may be offered a number, in order. [3.3]"""
        reached = Q(call_back_at__isnull=True) | Q(mobile_verified_at__isnull=False)
        return self.filter(reached, status=BookingStatus.WAITING).order_by("queued_at", "pk")


class Booking(models.Model):
    """One enterprise's place in a sitting (挂号), from the waiting list or the held number on. [3.3]"""

    sitting = models.ForeignKey(Sitting, on_delete=models.RESTRICT, related_name="bookings", verbose_name=_("期次"))
    slot = models.ForeignKey(
        Slot, on_delete=models.RESTRICT, null=True, blank=True, related_name="bookings", verbose_name=_("号")
    )
    enterprise = models.ForeignKey(
        Enterprise, on_delete=models.RESTRICT, related_name="bookings", verbose_name=_("企业")
    )
    reference = models.CharField(_("预约编号"), max_length=16, unique=True)
    status = models.CharField(_("状态"), max_length=20, choices=BookingStatus)
    origin = models.CharField(_("来源"), max_length=10, choices=Origin, default=Origin.WEB)
    booked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, null=True, blank=True, verbose_name=_("帮办人")
    )
    carried_from = models.OneToOneField(
        "self", on_delete=models.RESTRICT, null=True, blank=True, related_name="carried_to", verbose_name=_("顺延自")
    )

    link_seed = models.UUIDField(default=uuid.uuid4, editable=False)
    ticket_digest = models.CharField(max_length=64, unique=True, editable=False)
    checkin_digest = models.CharField(max_length=64, unique=True, editable=False)
    submission_digest = models.CharField(max_length=64, unique=True, editable=False)

    queued_at = models.DateTimeField(_("进入时间"), default=timezone.now)
    held_until = models.DateTimeField(_("保留至"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("提交时间"), null=True, blank=True)
    # Asked to be called back for want of a code: in line, and offered nothing until the desk confirms. [3.3]
    call_back_at = models.DateTimeField(_("请求回电时间"), null=True, blank=True)
    mobile_verified_at = models.DateTimeField(_("手机验证时间"), null=True, blank=True)
    settle_by = models.DateField(_("核实时限"), null=True, blank=True)

    enterprise_kind = models.CharField(_("企业类别"), max_length=10, choices=EnterpriseKind)
    company_name = models.CharField(_("企业名称"), max_length=100)
    credit_code = models.CharField(_("统一社会信用代码"), max_length=18, blank=True)
    mobile = models.CharField(_("手机"), max_length=11)
    email = models.EmailField(_("邮箱"), blank=True)
    district = models.ForeignKey(
        Choice, on_delete=models.RESTRICT, null=True, blank=True, related_name="+", verbose_name=_("所属街道/园区")
    )
    industry = models.ForeignKey(
        Choice, on_delete=models.RESTRICT, null=True, blank=True, related_name="+", verbose_name=_("行业")
    )
    representative_name = models.CharField(_("企业负责人姓名"), max_length=50, blank=True)
    representative_role = models.CharField(_("负责人身份"), max_length=12, choices=RepresentativeRole, blank=True)
    channels = models.JSONField(_("通知方式"), default=list, blank=True)
    departments = models.ManyToManyField(Department, blank=True, verbose_name=_("诉求对象部门"))
    demand_kind = models.CharField(_("诉求类型"), max_length=12, choices=DemandKind, blank=True)
    demand_area = models.ForeignKey(
        Choice, on_delete=models.RESTRICT, null=True, blank=True, related_name="+", verbose_name=_("诉求领域")
    )
    title = models.CharField(_("诉求标题"), max_length=30, blank=True)
    facts = models.TextField(_("事实与理由"), max_length=2000, blank=True)
    request = models.TextField(_("具体请求"), max_length=1000, blank=True)
    elsewhere = models.CharField(_("是否已向其他渠道反映"), max_length=12, choices=Elsewhere, blank=True)
    elsewhere_reference = models.CharField(_("反映渠道的编号或说明"), max_length=100, blank=True)
    attendees = models.PositiveSmallIntegerField(_("到场人数"), null=True, blank=True)
    consent = models.ForeignKey(
        ConsentText, on_delete=models.RESTRICT, null=True, blank=True, verbose_name=_("知情同意书版本")
    )

    # What the bureau decided about it, as the enterprise reads it. [3.4] [4.2]
    decided_at = models.DateTimeField(_("受理决定时间"), null=True, blank=True)
    refusal_ground = models.ForeignKey(
        RefusalGround,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("不予受理情形"),
    )
    explanation = models.TextField(_("不予受理说明"), max_length=1000, blank=True)

    # Its place on the day (排场): a session and a time there, told in the call notice. [3.5]
    session = models.ForeignKey(
        Session, on_delete=models.RESTRICT, null=True, blank=True, related_name="bookings", verbose_name=_("场次")
    )
    meet_at = models.DateTimeField(_("接诊时间"), null=True, blank=True)
    # The place that the enterprise was last told; what differs from the present one is told again. [3.5]
    told_place = models.CharField(_("已告知的时间地点"), max_length=200, blank=True, editable=False)

    # The lead department's word that it is solved already; it counts when the enterprise confirms it. [3.3]
    solution = models.TextField(_("对接中解决的情况"), max_length=1000, blank=True)
    solution_at = models.DateTimeField(_("反馈已解决时间"), null=True, blank=True)

    objects = BookingQuerySet.as_manager()
    history = HistoricalRecords(m2m_fields=[departments])

    class Meta:
        verbose_name = _("挂号")
        verbose_name_plural = _("挂号")
        constraints = [
            # The proof that a number is given once, whatever the code above it does. [3.3]
            models.UniqueConstraint(
                fields=["slot"],
                condition=Q(status__in=HOLDING),
                name="one_live_booking_for_a_number",
                violation_error_message=_("该号已被占用。"),
            ),
            models.UniqueConstraint(
                fields=["sitting", "enterprise"],
                condition=Q(status__in=LIVE),
                name="one_live_booking_for_an_enterprise",
                violation_error_message=_("该企业本期已有预约。"),
            ),
            models.UniqueConstraint(
                fields=["sitting", "enterprise", "mobile"],
                condition=Q(status=BookingStatus.CONTESTED),
                name="one_claim_for_a_mobile",
                violation_error_message=_("该手机号已提交核实申请，请等候窗口联系。"),
            ),
            models.CheckConstraint(
                condition=~Q(status__in=HOLDING) | Q(slot__isnull=False), name="who_holds_a_number_has_one"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[BookingStatus.WAITING, BookingStatus.CONTESTED]) | Q(slot__isnull=True),
                name="who_waits_has_no_number",
            ),
            models.CheckConstraint(
                condition=Q(status__in=TIMED, held_until__isnull=False)
                | (~Q(status__in=TIMED) & Q(held_until__isnull=True)),
                name="held_number_has_its_end",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=SUBMITTED) | Q(confirmed_at__isnull=False, consent__isnull=False),
                name="confirmed_booking_has_time_and_consent",
            ),
            models.CheckConstraint(
                condition=Q(status=BookingStatus.REFUSED, refusal_ground__isnull=False) & ~Q(explanation="")
                | ~Q(status=BookingStatus.REFUSED) & Q(refusal_ground__isnull=True, explanation=""),
                name="refusal_has_its_ground_and_explanation",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=DECIDED) | Q(decided_at__isnull=False),
                name="decided_booking_has_its_time",
            ),
            models.CheckConstraint(
                condition=Q(session__isnull=True, meet_at__isnull=True)
                | Q(session__isnull=False, meet_at__isnull=False),
                name="placed_booking_has_session_and_time",
            ),
            models.UniqueConstraint(
                fields=["session", "meet_at"],
                condition=Q(status=BookingStatus.ACCEPTED),
                name="one_booking_at_a_time_of_a_session",
                violation_error_message=_("该场次的这一时间已安排给其他企业。"),
            ),
            models.CheckConstraint(
                condition=~Q(status=BookingStatus.SOLVED) | ~Q(solution=""), name="solved_booking_says_how"
            ),
            models.CheckConstraint(
                condition=~Q(status=BookingStatus.CONTESTED) | Q(settle_by__isnull=False),
                name="claim_has_its_limit",
            ),
        ]
        indexes = [
            # Read by the sweep of holds and offers.
            models.Index(fields=["held_until"], condition=Q(status__in=TIMED), name="booking_hold_due"),
            # Read when a number is passed on.
            models.Index(
                fields=["sitting", "queued_at"], condition=Q(status=BookingStatus.WAITING), name="booking_in_line"
            ),
            # Read by the triage desk, oldest first.
            models.Index(
                fields=["confirmed_at"], condition=Q(status=BookingStatus.CONFIRMED), name="booking_to_triage"
            ),
            # Read by the sweep of sittings that are over, and by the placing board.
            models.Index(fields=["sitting"], condition=Q(status__in=EXPECTED), name="booking_expected"),
            # Read by the sweep of call notices and by a session's list.
            models.Index(
                fields=["session", "meet_at"], condition=Q(status=BookingStatus.ACCEPTED), name="booking_placed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.company_name}"

    @property
    def number(self) -> int | None:
        """1 to 5, above 5 with an extra session, or none for who waits."""
        return self.slot.number if self.slot else None

    @property
    def comes_first_next(self) -> bool:
        """It has first claim in the next sitting. [3.3]"""
        return Booking.objects.filter(pk=self.pk).with_first_claim().exists()

    @property
    def place_key(self) -> str:
        """Session, time and place as one value: what differs from it was told otherwise. "" without a place."""
        if self.session is None or self.meet_at is None:
            return ""
        return f"{self.session_id}|{self.meet_at.astimezone(UTC):%Y-%m-%dT%H:%MZ}|{self.session.place}"

    @property
    def ticket_secret(self) -> str:
        return secrets.derive(secrets.TICKET, str(self.link_seed))

    @property
    def checkin_secret(self) -> str:
        return secrets.derive(secrets.CHECKIN, str(self.link_seed))

    def hold_has_run_out(self, now: datetime) -> bool:
        return self.held_until is not None and self.held_until < now
