"""What a department answers or asks for in a case, and somebody else decides. [3.7]"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.enums import Result, Ruling, Verdict
from cases.models.case import Assignment
from core.history import HistoricalRecords


class Feedback(models.Model):
    """What a department answered, and the bureau's check of it. Returned, it is done again. [3.7]"""

    assignment = models.ForeignKey(
        Assignment, on_delete=models.RESTRICT, related_name="feedbacks", verbose_name=_("交办")
    )
    status = models.CharField(_("审核"), max_length=8, choices=Verdict)
    result = models.CharField(_("办理结果"), max_length=9, choices=Result)
    text = models.TextField(_("办理情况"), max_length=2000)
    # For what is not solved: the explanation is not enough, what help was offered belongs to it. [3.7]
    help_offered = models.TextField(_("协助支持"), max_length=1000, blank=True)
    sent_at = models.DateTimeField(_("反馈时间"))
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name=_("反馈人")
    )
    checked_at = models.DateTimeField(_("审核时间"), null=True, blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("审核人"),
    )
    note = models.CharField(_("审核意见"), max_length=500, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("办理反馈")
        verbose_name_plural = _("办理反馈")
        ordering = ["assignment", "sent_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["assignment"],
                condition=Q(status=Verdict.PENDING),
                name="one_feedback_to_check_of_an_assignment",
                violation_error_message=_("已有反馈待审核。"),
            ),
            models.CheckConstraint(
                condition=Q(status=Verdict.PENDING, checked_at__isnull=True, checked_by__isnull=True)
                | ~Q(status=Verdict.PENDING) & Q(checked_at__isnull=False, checked_by__isnull=False),
                name="checked_feedback_says_who_and_when",
                violation_error_message=_("审核须记明审核人和时间。"),
            ),
            models.CheckConstraint(
                condition=~Q(status=Verdict.RETURNED) | ~Q(note=""),
                name="returned_feedback_says_why",
                violation_error_message=_("退回须写明理由。"),
            ),
            models.CheckConstraint(
                condition=Q(result__in=[Result.SOLVED, Result.PARTLY]) | ~Q(help_offered=""),
                name="unsolved_feedback_offers_help",
                violation_error_message=_("没有解决的，须写明给予的协助支持。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assignment_id} {timezone.localtime(self.sent_at):%m-%d %H:%M}"


class Objection(models.Model):
    """A department says once, with its law, that the demand is another's; the clock runs on meanwhile. [3.7]"""

    assignment = models.OneToOneField(
        Assignment, on_delete=models.RESTRICT, related_name="objection", verbose_name=_("交办")
    )
    status = models.CharField(_("裁定"), max_length=7, choices=Ruling)
    reason = models.TextField(_("理由"), max_length=1000)
    legal_basis = models.CharField(_("依据"), max_length=200)
    asked_at = models.DateTimeField(_("提出时间"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name=_("提出人")
    )
    ruled_at = models.DateTimeField(_("裁定时间"), null=True, blank=True)
    ruled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("裁定人"),
    )
    note = models.CharField(_("裁定意见"), max_length=500, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("交办异议")
        verbose_name_plural = _("交办异议")
        ordering = ["-asked_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status=Ruling.PENDING, ruled_at__isnull=True, ruled_by__isnull=True)
                | ~Q(status=Ruling.PENDING) & Q(ruled_at__isnull=False, ruled_by__isnull=False) & ~Q(note=""),
                name="ruled_objection_says_who_when_and_why",
                violation_error_message=_("裁定须记明裁定人、时间和意见。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assignment_id} {self.get_status_display()}"


class Extension(models.Model):
    """More time for the feedback: asked for with a reason and a day, decided by somebody else. [3.7]"""

    assignment = models.ForeignKey(
        Assignment, on_delete=models.RESTRICT, related_name="extensions", verbose_name=_("交办")
    )
    status = models.CharField(_("审批"), max_length=7, choices=Ruling)
    reason = models.TextField(_("延期说明"), max_length=1000)
    asked_day = models.DateField(_("申请延至"))
    asked_at = models.DateTimeField(_("申请时间"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name=_("申请人")
    )
    # Asked for after the day had passed: counts as late. [3.7]
    was_late = models.BooleanField(_("逾期后申请"), default=False)
    day_before = models.DateField(_("原期限"))
    granted_day = models.DateField(_("同意延至"), null=True, blank=True)
    ruled_at = models.DateTimeField(_("审批时间"), null=True, blank=True)
    ruled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("审批人"),
    )
    note = models.CharField(_("审批意见"), max_length=500, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("延期")
        verbose_name_plural = _("延期")
        ordering = ["assignment", "asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["assignment"],
                condition=Q(status=Ruling.PENDING),
                name="one_pending_extension_of_an_assignment",
                violation_error_message=_("已有延期申请待审批。"),
            ),
            models.CheckConstraint(
                condition=Q(status=Ruling.PENDING, ruled_at__isnull=True, ruled_by__isnull=True)
                | ~Q(status=Ruling.PENDING) & Q(ruled_at__isnull=False, ruled_by__isnull=False),
                name="ruled_extension_says_who_and_when",
                violation_error_message=_("审批须记明审批人和时间。"),
            ),
            models.CheckConstraint(
                condition=Q(ruled_by__isnull=True) | ~Q(ruled_by=models.F("asked_by")),
                name="nobody_grants_an_extension_to_themselves",
                violation_error_message=_("申请人不能审批自己的延期。"),
            ),
            models.CheckConstraint(
                condition=Q(status=Ruling.GRANTED, granted_day__isnull=False, granted_day__gt=models.F("day_before"))
                | ~Q(status=Ruling.GRANTED) & Q(granted_day__isnull=True),
                name="granted_extension_ends_later",
                violation_error_message=_("同意延至的日期应晚于原期限。"),
            ),
            models.CheckConstraint(
                condition=Q(granted_day__isnull=True) | Q(granted_day__lte=models.F("asked_day")),
                name="granted_extension_ends_no_later_than_asked",
                violation_error_message=_("同意延至的日期不应晚于申请的日期。"),
            ),
            models.CheckConstraint(
                condition=~Q(status=Ruling.REFUSED) | ~Q(note=""),
                name="refused_extension_says_why",
                violation_error_message=_("不同意延期须写明理由。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assignment_id} {self.asked_day:%Y-%m-%d}"
