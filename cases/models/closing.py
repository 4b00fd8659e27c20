"""What a round of handling ended with, and why there was another; the case itself shows the latest. [3.7] [3.9]"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.enums import Result
from cases.models.case import Case


class Closing(models.Model):
    """One 销号: result and answer of a round, which stay when the demand is handled again.

    `taken_up_at`: when the round was handed on to its evaluation, which the case knows nothing of.
    """

    case = models.ForeignKey(Case, on_delete=models.RESTRICT, related_name="closings", verbose_name=_("诉求"))
    round = models.PositiveSmallIntegerField(_("办理轮次"))
    # The day from which the round's limits counted: of the first round the consultation's.
    start = models.DateField(_("起算日"))
    result = models.CharField(_("办理结果"), max_length=9, choices=Result)
    answer = models.TextField(_("答复企业"), max_length=2000)
    next_report_on = models.DateField(_("下次报告日期"), null=True, blank=True)
    closed_at = models.DateTimeField(_("销号时间"))
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("销号人"),
    )
    taken_up_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("销号记录")
        verbose_name_plural = _("销号记录")
        ordering = ["case", "round"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "round"],
                name="a_round_is_closed_once",
                violation_error_message=_("本轮已销号。"),
            ),
        ]
        indexes = [
            # Read by the sweep: what was closed and not yet handed on, the oldest first.
            models.Index(fields=["closed_at"], condition=Q(taken_up_at__isnull=True), name="closing_to_take_up"),
            # Read by figures of a time.
            models.Index(fields=["closed_at", "case"], name="closing_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.round}"


class Reopening(models.Model):
    """Why a demand is handled again: what a follow-up found. `round` is the new one. Never changed. [3.9]"""

    case = models.ForeignKey(Case, on_delete=models.RESTRICT, related_name="reopenings", verbose_name=_("诉求"))
    round = models.PositiveSmallIntegerField(_("办理轮次"))
    finding = models.TextField(_("核实情况"), max_length=2000)
    at = models.DateTimeField(_("决定时间"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name=_("决定人")
    )

    class Meta:
        verbose_name = _("重新办理")
        verbose_name_plural = _("重新办理")
        ordering = ["case", "round"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "round"],
                name="a_round_is_begun_once",
                violation_error_message=_("本轮重新办理已经开始。"),
            ),
            models.CheckConstraint(
                condition=Q(round__gt=1) & ~Q(finding=""),
                name="reopening_says_what_was_found",
                violation_error_message=_("重新办理须写明核实情况。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.round}"
