"""督办回访: why a round of a case is looked at again, whom was phoned, what was found, what follows. [3.9]"""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.models import Case
from core.history import HistoricalRecords
from core.models import User
from deadlines.models import Obligation
from departments.enums import ROLES_OF_BUREAU, ROLES_OF_INSPECTION
from departments.selectors import membership_of
from evaluations.enums import CallOutcome, FollowUpStatus, Office, Origin, ReferralStatus


class FollowUpQuerySet(models.QuerySet["FollowUp"]):
    def visible_to(self, user: User) -> "FollowUpQuerySet":
        """The bureau and the inspection office see that there is one; a department never does. [5.2]"""
        membership = membership_of(user)
        seen = membership is not None and membership.role in ROLES_OF_BUREAU | ROLES_OF_INSPECTION
        return self if seen else self.none()

    def open(self) -> "FollowUpQuerySet":
        return self.filter(status=FollowUpStatus.OPEN)


class FollowUp(models.Model):
    """One look at a round of a case by the bureau or the inspection office: at most one open for a round. [3.9]

    `origin` is the first reason; each that came later is a `FollowUpReason` too. Who `assigned_to` is may see how the
    enterprise rated.
    """

    case = models.ForeignKey(Case, on_delete=models.RESTRICT, related_name="follow_ups", verbose_name=_("诉求"))
    round = models.PositiveSmallIntegerField(_("办理轮次"))
    origin = models.CharField(_("回访原因"), max_length=11, choices=Origin)
    status = models.CharField(_("状态"), max_length=11, choices=FollowUpStatus)
    office = models.CharField(_("回访单位"), max_length=10, choices=Office)
    opened_at = models.DateTimeField(_("发起时间"), default=timezone.now)
    # None: by rule, or by the enterprise.
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("发起人"),
    )
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("回访人"),
    )
    assigned_at = models.DateTimeField(_("指派时间"), null=True, blank=True)
    # Agreed on the phone; before it the list does not ask to call.
    call_again_at = models.DateTimeField(_("约定再拨时间"), null=True, blank=True)
    obligation = models.ForeignKey(
        Obligation, on_delete=models.RESTRICT, null=True, blank=True, related_name="+", verbose_name=_("回访时限")
    )
    finding = models.TextField(_("核实情况"), max_length=2000, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("核实人"),
    )
    decided_at = models.DateTimeField(_("核实时间"), null=True, blank=True)

    objects = FollowUpQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("回访")
        verbose_name_plural = _("回访")
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "round"],
                condition=Q(status=FollowUpStatus.OPEN),
                name="one_open_follow_up_of_a_round",
                violation_error_message=_("本轮已有回访正在核实。"),
            ),
            models.CheckConstraint(
                condition=Q(status=FollowUpStatus.OPEN, decided_at__isnull=True, decided_by__isnull=True, finding="")
                | ~Q(status=FollowUpStatus.OPEN)
                & Q(decided_at__isnull=False, decided_by__isnull=False, assigned_to__isnull=False)
                & ~Q(finding=""),
                name="decided_follow_up_says_who_when_and_what",
                violation_error_message=_("回访结论须记明核实情况、核实人和时间。"),
            ),
            models.CheckConstraint(
                condition=Q(assigned_to__isnull=True, assigned_at__isnull=True)
                | Q(assigned_to__isnull=False, assigned_at__isnull=False),
                name="assigned_follow_up_says_when",
                violation_error_message=_("指派回访须记明回访人和时间。"),
            ),
        ]
        indexes = [
            # Read by the call list and the front page: what is open.
            models.Index(fields=["office", "assigned_to"], condition=Q(status="open"), name="follow_up_open"),
            # Read by figures of a time.
            models.Index(fields=["opened_at", "id"], name="follow_up_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.case.reference} {_('回访')}"

    @property
    def is_open(self) -> bool:
        return self.status == FollowUpStatus.OPEN

    @property
    def due(self) -> date | None:
        return self.obligation.last_day if self.obligation else None


class FollowUpReason(models.Model):
    """Why it was opened, or what came to it while it was open. Never changed. [3.9]"""

    follow_up = models.ForeignKey(FollowUp, on_delete=models.RESTRICT, related_name="reasons", verbose_name=_("回访"))
    origin = models.CharField(_("原因"), max_length=11, choices=Origin)
    note = models.TextField(_("说明"), max_length=1000, blank=True)
    at = models.DateTimeField(_("时间"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("记录人"),
    )
    # Of the page that an enterprise sent it from: a second press finds it again.
    submission_digest = models.CharField(max_length=64, null=True, unique=True, editable=False)

    class Meta:
        verbose_name = _("回访原因")
        verbose_name_plural = _("回访原因")
        ordering = ["follow_up", "at", "pk"]

    def __str__(self) -> str:
        return f"{self.follow_up_id} {self.get_origin_display()}"


class FollowUpCall(models.Model):
    """One call to the enterprise, and what came of it. [3.9]"""

    follow_up = models.ForeignKey(FollowUp, on_delete=models.RESTRICT, related_name="calls", verbose_name=_("回访"))
    outcome = models.CharField(_("结果"), max_length=12, choices=CallOutcome)
    note = models.CharField(_("记录"), max_length=500, blank=True)
    again_at = models.DateTimeField(_("约定再拨时间"), null=True, blank=True)
    at = models.DateTimeField(_("时间"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name=_("拨打人")
    )

    class Meta:
        verbose_name = _("回访电话")
        verbose_name_plural = _("回访电话")
        ordering = ["follow_up", "at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome=CallOutcome.CALL_AGAIN, again_at__isnull=False)
                | ~Q(outcome=CallOutcome.CALL_AGAIN) & Q(again_at__isnull=True),
                name="call_again_says_when",
                violation_error_message=_("约定再拨须写明时间。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.follow_up_id} {self.get_outcome_display()}"


class Referral(models.Model):
    """报市纪委市监委: of a follow-up that found no rectification, proposed by one and approved by another. [3.9]"""

    follow_up = models.ForeignKey(
        FollowUp, on_delete=models.RESTRICT, related_name="referrals", verbose_name=_("回访")
    )
    status = models.CharField(_("状态"), max_length=8, choices=ReferralStatus)
    facts = models.TextField(_("基本情况"), max_length=2000)
    opinion = models.TextField(_("报送理由和建议"), max_length=2000)
    proposed_at = models.DateTimeField(_("提请时间"))
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name=_("提请人")
    )
    decided_at = models.DateTimeField(_("审批时间"), null=True, blank=True)
    decided_by = models.ForeignKey(
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
        verbose_name = _("报市纪委市监委")
        verbose_name_plural = _("报市纪委市监委")
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["follow_up"],
                condition=~Q(status=ReferralStatus.REJECTED),
                name="one_standing_referral_of_a_follow_up",
                violation_error_message=_("本次回访已提请报送。"),
            ),
            models.CheckConstraint(
                condition=Q(status=ReferralStatus.PROPOSED, decided_at__isnull=True, decided_by__isnull=True)
                | ~Q(status=ReferralStatus.PROPOSED) & Q(decided_at__isnull=False, decided_by__isnull=False),
                name="decided_referral_says_who_and_when",
                violation_error_message=_("审批须记明审批人和时间。"),
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="nobody_approves_their_own_referral",
                violation_error_message=_("提请人不能审批自己的提请。"),
            ),
            models.CheckConstraint(
                condition=~Q(status=ReferralStatus.REJECTED) | ~Q(note=""),
                name="rejected_referral_says_why",
                violation_error_message=_("不同意报送须写明理由。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.follow_up_id} {self.get_status_display()}"
