"""Groups of alike demands as the machine finds them, for a person to name or to dismiss. [5.3]"""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from cases.models import Case, CommonDemand
from reports.enums import FINDING_AHEAD, FindingStatus, ProposalKind, ProposalStatus

P = ProposalStatus
UNDECIDED = (P.PROPOSED, P.GONE)


class CommonProposal(models.Model):
    """Demands that several enterprises put in like words: why they belong together, and what became of them. [5.3]

    What is counted is of the day of `found_at`: keys of departments, areas and districts with their numbers of cases,
    and of quarters ("2026-3"). The cases themselves are its `entries`.
    """

    kind = models.CharField(_("建议"), max_length=4, choices=ProposalKind)
    status = models.CharField(_("状态"), max_length=9, choices=ProposalStatus)
    title = models.CharField(_("相似诉求"), max_length=60)
    terms = models.JSONField(_("共同的词"), default=list)
    alike_percent = models.PositiveSmallIntegerField(_("相似度"))
    case_count = models.PositiveIntegerField(_("诉求"))
    enterprise_count = models.PositiveIntegerField(_("企业"))
    departments: Any = models.JSONField(default=dict)
    areas: Any = models.JSONField(default=dict)
    districts: Any = models.JSONField(default=dict)
    quarters: Any = models.JSONField(default=dict)
    # The common demand that the others of the group are listed in: an open one is to be joined, a settled one told of.
    akin = models.ForeignKey(
        CommonDemand,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("相近的共性诉求"),
    )
    akin_count = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField(_("首次找到"), default=timezone.now)
    found_at = models.DateTimeField(_("最近找到"), default=timezone.now)
    item = models.ForeignKey(
        CommonDemand, on_delete=models.RESTRICT, null=True, blank=True, related_name="+", verbose_name=_("共性诉求")
    )
    decided_at = models.DateTimeField(_("处理时间"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("处理人"),
    )
    reason = models.CharField(_("不作共性诉求的理由"), max_length=500, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("相似诉求")
        verbose_name_plural = _("发现共性诉求")
        ordering = ["-enterprise_count", "-case_count", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=UNDECIDED, decided_at__isnull=True, decided_by__isnull=True)
                | ~Q(status__in=UNDECIDED) & Q(decided_at__isnull=False, decided_by__isnull=False),
                name="decided_proposal_says_who_and_when",
                violation_error_message=_("处理须记明处理人和时间。"),
            ),
            models.CheckConstraint(
                condition=Q(status=P.NAMED, item__isnull=False) | ~Q(status=P.NAMED) & Q(item__isnull=True),
                name="named_proposal_has_its_common_demand",
                violation_error_message=_("已列入的须记明共性诉求。"),
            ),
            models.CheckConstraint(
                condition=Q(status=P.DISMISSED) & ~Q(reason="") | ~Q(status=P.DISMISSED) & Q(reason=""),
                name="dismissed_proposal_says_why",
                violation_error_message=_("请说明不作共性诉求的理由。"),
            ),
            models.CheckConstraint(
                condition=~Q(kind=ProposalKind.JOIN) | Q(akin__isnull=False),
                name="joining_proposal_says_whom_it_joins",
                violation_error_message=_("须记明可并入哪一项共性诉求。"),
            ),
        ]
        indexes = [
            # Read by the list and by the job: what waits for a person.
            models.Index(fields=["-enterprise_count", "-case_count"], condition=Q(status="proposed"), name="proposed"),
        ]

    def __str__(self) -> str:
        return self.title


class CommonProposalCase(models.Model):
    """A case of the group, and how like the others it is."""

    proposal = models.ForeignKey(
        CommonProposal, on_delete=models.CASCADE, related_name="entries", verbose_name=_("相似诉求")
    )
    case = models.ForeignKey(Case, on_delete=models.RESTRICT, related_name="+", verbose_name=_("诉求"))
    alike_percent = models.PositiveSmallIntegerField(_("相似度"))

    class Meta:
        verbose_name = _("相似诉求所含诉求")
        verbose_name_plural = _("相似诉求所含诉求")
        ordering = ["-alike_percent", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "case"],
                name="a_case_stands_in_a_proposal_once",
                violation_error_message=_("该诉求已在这一组中。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.case_id}"


class CommonFinding(models.Model):
    """One look through the cases for what is alike: by the day's job, or because somebody asked. [5.3]"""

    # The same for all: one is ahead at a time, whoever asks.
    key = models.CharField(max_length=3, default="all", editable=False)
    status = models.CharField(_("状态"), max_length=7, choices=FindingStatus)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("申请人"),
    )
    asked_at = models.DateTimeField(_("申请时间"), default=timezone.now)
    lease_until = models.DateTimeField(null=True, blank=True, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    finished_at = models.DateTimeField(_("完成时间"), null=True, blank=True)
    cases_read = models.PositiveIntegerField(_("查看诉求"), default=0)
    groups_found = models.PositiveIntegerField(_("找到组数"), default=0)

    class Meta:
        verbose_name = _("共性诉求查找")
        verbose_name_plural = _("共性诉求查找")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["key"],
                condition=Q(status__in=FINDING_AHEAD),
                name="one_finding_at_a_time",
                violation_error_message=_("正在查找，请稍候。"),
            ),
            models.CheckConstraint(
                condition=Q(status__in=FINDING_AHEAD) | Q(finished_at__isnull=False),
                name="ended_finding_says_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.asked_at:%Y-%m-%d %H:%M}"
