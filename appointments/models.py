"""Enterprises and their bookings. [3.3] [4]"""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from appointments.enums import (
    HOLDING,
    LIVE,
    TIMED,
    BookingStatus,
    ChoiceKind,
    DemandKind,
    Elsewhere,
    EnterpriseKind,
    Origin,
    RepresentativeRole,
)
from core import secrets
from core.models import User
from departments.enums import ROLES_OF_DEPARTMENT
from departments.models import Department
from departments.selectors import membership_of
from sessions_app.models import Sitting, Slot


class Choice(models.Model):
    """An entry of a list that the bureau keeps: demand areas, districts and parks, industries."""

    kind = models.CharField(_("清单"), max_length=10, choices=ChoiceKind)
    name = models.CharField(_("名称"), max_length=40)
    position = models.PositiveSmallIntegerField(_("排序"), default=100)
    is_active = models.BooleanField(_("启用"), default=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("选项")
        verbose_name_plural = _("选项清单")
        ordering = ["kind", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "name"],
                name="a_choice_once_in_its_list",
                violation_error_message=_("清单中已有此项。"),
            )
        ]

    def __str__(self) -> str:
        return self.name


class RefusalGround(models.Model):
    """One of the five grounds on which a demand is not accepted, and where to turn instead. [4.2]"""

    clause = models.CharField(_("条款"), max_length=10, unique=True, editable=False)
    text = models.CharField(_("情形"), max_length=200, editable=False)
    turn_to = models.CharField(_("可向何处反映"), max_length=300)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("不予受理情形")
        verbose_name_plural = _("不予受理情形")
        ordering = ["clause"]

    def __str__(self) -> str:
        return self.text


class ConsentText(models.Model):
    """A version of what the enterprise agrees to; a booking keeps the version it saw."""

    text = models.TextField(_("告知内容"), max_length=2000)
    in_force_from = models.DateTimeField(_("启用时间"), default=timezone.now)

    class Meta:
        verbose_name = _("知情同意书")
        verbose_name_plural = _("知情同意书")
        ordering = ["-in_force_from", "-pk"]

    def __str__(self) -> str:
        return f"V{self.pk}"


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
        """The bureau and the inspection office see all; a department sees the bookings put to it."""
        membership = membership_of(user)
        if membership is None:
            return self.none()
        if membership.role in ROLES_OF_DEPARTMENT:
            return self.filter(status=BookingStatus.CONFIRMED, departments=membership.department_id)
        return self

    def in_line(self) -> "BookingQuerySet":
        """Who waits, in order. [3.3]"""
        return self.filter(status=BookingStatus.WAITING).order_by("queued_at", "pk")


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
                condition=~Q(status=BookingStatus.CONFIRMED) | Q(confirmed_at__isnull=False, consent__isnull=False),
                name="confirmed_booking_has_time_and_consent",
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
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.company_name}"

    @property
    def number(self) -> int | None:
        """1 to 5, above 5 with an extra session, or none for who waits."""
        return self.slot.number if self.slot else None

    @property
    def ticket_secret(self) -> str:
        return secrets.derive(secrets.TICKET, str(self.link_seed))

    @property
    def checkin_secret(self) -> str:
        return secrets.derive(secrets.CHECKIN, str(self.link_seed))

    def hold_has_run_out(self, now: datetime) -> bool:
        return self.held_until is not None and self.held_until < now


class BookingDraft(models.Model):
    """The form as it is typed, unchecked, until it is submitted. One row, no history: it changes every second."""

    booking = models.OneToOneField(Booking, on_delete=models.CASCADE, related_name="draft")
    # {"title": ["…"], "channels": ["sms", "email"]}: what a browser sends, as it sent it.
    answers = models.JSONField(default=dict)
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("信息表草稿")
        verbose_name_plural = _("信息表草稿")

    def __str__(self) -> str:
        return str(self.booking_id)


def attachment_path(attachment: "Attachment", filename: str) -> str:
    """A random name: nothing of what the visitor called the file reaches the disk."""
    return f"attachments/{uuid.uuid4().hex}"


class Attachment(models.Model):
    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="attachments", verbose_name=_("挂号"))
    name = models.CharField(_("文件名"), max_length=120)
    content_type = models.CharField(_("类型"), max_length=100)
    size = models.PositiveIntegerField(_("大小"))
    file = models.FileField(upload_to=attachment_path)
    uploaded_at = models.DateTimeField(_("上传时间"), default=timezone.now)

    class Meta:
        verbose_name = _("附件")
        verbose_name_plural = _("附件")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class PressureReport(models.Model):
    """An enterprise's word that it was pressed or retaliated against; for the inspection office alone. [5.2]"""

    booking = models.ForeignKey(Booking, on_delete=models.RESTRICT, related_name="+", verbose_name=_("挂号"))
    content = models.TextField(_("反映内容"), max_length=2000)
    contact = models.CharField(_("联系方式"), max_length=100, blank=True)
    reported_at = models.DateTimeField(_("反映时间"), default=timezone.now)

    class Meta:
        verbose_name = _("压制报复反映")
        verbose_name_plural = _("压制报复反映")
        ordering = ["-reported_at"]

    def __str__(self) -> str:
        return f"{timezone.localtime(self.reported_at):%Y-%m-%d %H:%M}"
