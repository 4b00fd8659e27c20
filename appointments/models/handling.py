"""What a department does about an accepted booking before the sitting: contact and verification. [3.4]"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from appointments.enums import INVOLVED, ContactWay, VerificationStatus
from appointments.models.booking import Booking
from core.history import HistoricalRecords
from departments.models import Department


class VerificationQuerySet(models.QuerySet["Verification"]):
    def active(self) -> "VerificationQuerySet":
        """Those of departments that have to do with the booking, or had when it ended."""
        return self.filter(status__in=INVOLVED)


class Verification(models.Model):
    """One department's contact with the enterprise (对接核实). The lead department answers for the whole. [3.4]"""

    booking = models.ForeignKey(
        Booking, on_delete=models.RESTRICT, related_name="verifications", verbose_name=_("挂号")
    )
    department = models.ForeignKey(
        Department, on_delete=models.RESTRICT, related_name="verifications", verbose_name=_("部门")
    )
    is_lead = models.BooleanField(_("责任单位"), default=False)
    status = models.CharField(_("状态"), max_length=8, choices=VerificationStatus)
    passed_at = models.DateTimeField(_("交办对接时间"), default=timezone.now)
    way = models.CharField(_("对接方式"), max_length=8, choices=ContactWay, blank=True)
    spoke_with = models.CharField(_("对接企业人员"), max_length=50, blank=True)
    finding = models.TextField(_("核实情况"), max_length=1000, blank=True)
    verified_at = models.DateTimeField(_("核实时间"), null=True, blank=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, null=True, blank=True, verbose_name=_("对接核实人")
    )

    objects = VerificationQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("对接核实")
        verbose_name_plural = _("对接核实")
        ordering = ["-is_lead", "department__position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["booking", "department"],
                name="a_department_verifies_a_booking_once",
                violation_error_message=_("该部门已在对接名单中。"),
            ),
            models.UniqueConstraint(
                fields=["booking"],
                condition=Q(is_lead=True),
                name="one_lead_department_of_a_booking",
                violation_error_message=_("一件诉求只能有一个责任单位。"),
            ),
            models.CheckConstraint(
                condition=Q(status=VerificationStatus.DONE, verified_at__isnull=False, verified_by__isnull=False)
                & ~Q(finding="")
                | (~Q(status=VerificationStatus.DONE) & Q(verified_at__isnull=True, verified_by__isnull=True)),
                name="done_verification_says_who_when_and_what",
            ),
        ]
        indexes = [
            # Read by a department's list of what it has to verify.
            models.Index(
                fields=["department", "passed_at"],
                condition=Q(status=VerificationStatus.OPEN),
                name="verification_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.booking_id} {self.department}"


class Supplement(models.Model):
    """Facts that the bureau asked for before deciding, and what the enterprise added. [3.4]"""

    booking = models.ForeignKey(Booking, on_delete=models.RESTRICT, related_name="supplements", verbose_name=_("挂号"))
    question = models.TextField(_("需补充的内容"), max_length=500)
    asked_at = models.DateTimeField(_("退回时间"), default=timezone.now)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, verbose_name=_("退回人"))
    answer_by = models.DateField(_("补充期限（含当日）"))
    text = models.TextField(_("补充说明"), max_length=2000, blank=True)
    added_at = models.DateTimeField(_("补充时间"), null=True, blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.RESTRICT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("代为登记的人"),
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("补充说明")
        verbose_name_plural = _("补充说明")
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["booking"],
                condition=Q(added_at__isnull=True),
                name="one_open_question_about_a_booking",
                violation_error_message=_("已退回补充，正等待企业回复。"),
            ),
            models.CheckConstraint(
                condition=Q(added_at__isnull=True, text="") | Q(added_at__isnull=False) & ~Q(text=""),
                name="supplement_has_text_and_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.booking_id} {timezone.localtime(self.asked_at):%m-%d %H:%M}"
