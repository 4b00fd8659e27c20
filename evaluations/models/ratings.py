"""诊后评价: that an enterprise was asked about a round, and what it said. Silence is a date, never a row. [3.8]"""

import uuid
from datetime import date

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.models import Case
from core import policy, secrets
from departments.models import Department
from evaluations.enums import IN_TIME, VERDICTS


class Invitation(models.Model):
    """One closed round that its enterprise may rate, by a link of its own. [3.8]

    A rating is in time up to and with `silent_on`; once that day is over, silence counts as satisfied. The day was
    reckoned when the round was taken up, and a later change of the setting moves no old one.
    """

    case = models.ForeignKey(Case, on_delete=models.RESTRICT, related_name="invitations", verbose_name=_("诉求"))
    round = models.PositiveSmallIntegerField(_("办理轮次"))
    closed_at = models.DateTimeField(_("销号时间"))
    silent_on = models.DateField(_("评价期满日"))
    # Whom the round's rating counts for, in sums: who led it, or the consultation where nothing was handed over.
    unit = models.ForeignKey(
        Department, on_delete=models.RESTRICT, null=True, blank=True, related_name="+", verbose_name=_("责任单位")
    )

    link_seed = models.UUIDField(default=uuid.uuid4, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)

    reminded = models.PositiveSmallIntegerField(_("已提醒次数"), default=0)
    # When the sweeps look at it next: emptied by its rating, or when there is nothing more to do.
    remind_on = models.DateField(null=True, blank=True, editable=False)
    draw_on = models.DateField(null=True, blank=True, editable=False)
    # The sample of those that nobody rated: decided once, by chance. [3.9]
    drawn_at = models.DateTimeField(_("抽样时间"), null=True, blank=True)
    drawn = models.BooleanField(_("抽中回访"), default=False)

    class Meta:
        verbose_name = _("评价邀请")
        verbose_name_plural = _("评价邀请")
        ordering = ["case", "round"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "round"],
                name="a_round_is_asked_about_once",
                violation_error_message=_("本轮已邀请评价。"),
            ),
            models.CheckConstraint(condition=Q(drawn=False) | Q(drawn_at__isnull=False), name="drawn_says_when"),
        ]
        indexes = [
            # Read by the two sweeps: what is due, the oldest first.
            models.Index(fields=["remind_on"], condition=Q(remind_on__isnull=False), name="invitation_to_remind"),
            models.Index(fields=["draw_on"], condition=Q(draw_on__isnull=False), name="invitation_to_draw"),
            # Read by figures and sums of a quarter.
            models.Index(fields=["closed_at", "case"], name="invitation_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.round}"

    @property
    def secret(self) -> str:
        return secrets.derive(secrets.RATING, str(self.link_seed))

    def is_over(self, today: date) -> bool:
        """What is said from now on is late."""
        return today > self.silent_on


class Rating(models.Model):
    """What the enterprise said about a round, by its own link. The database refuses change, removal and a second one.
    [3.8] [5.2]
    """

    case = models.ForeignKey(Case, on_delete=models.RESTRICT, related_name="ratings", verbose_name=_("诉求"))
    round = models.PositiveSmallIntegerField(_("办理轮次"))
    # True: satisfied.
    consultation = models.BooleanField(_("坐诊服务"), choices=VERDICTS)
    handling = models.BooleanField(_("办理情况"), choices=VERDICTS)
    reasons = models.JSONField(_("不满意的原因"), default=list, blank=True)
    comment = models.TextField(_("意见"), max_length=policy.RATING_COMMENT_CHARACTERS_MAX, blank=True)
    call_back = models.BooleanField(_("愿意接听回访电话"), default=False)
    rated_at = models.DateTimeField(_("评价时间"), default=timezone.now)
    is_late = models.BooleanField(_("评价期"), choices=IN_TIME)

    class Meta:
        verbose_name = _("评价")
        verbose_name_plural = _("评价")
        ordering = ["-rated_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "round"],
                name="a_round_is_rated_once",
                violation_error_message=_("本轮已经评价，评价不能更改。"),
            ),
        ]
        indexes = [
            # Read by the inspection office's list, the newest first.
            models.Index(fields=["-rated_at", "-id"], name="rating_newest_first"),
        ]

    def __str__(self) -> str:
        return f"{self.case.reference} {_('评价')}"

    @property
    def is_satisfied(self) -> bool:
        """With both. A round is followed up when not. [3.9]"""
        return self.consultation and self.handling
