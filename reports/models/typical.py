"""典型案例: what one good case teaches others, rewritten so that it names nobody, checked, approved, published.
[5.3] [5.4]
"""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from appointments.models import Choice
from cases.models import Case
from departments.models import Department
from reports.enums import TYPICAL_IN_WORK, TypicalNewsKind, TypicalStatus
from reports.models.reports import person

S = TypicalStatus
TITLE_MAX, WORDS_MAX, KEYWORDS_LENGTH_MAX = 40, 2000, 60


def words(label: Any) -> models.TextField:
    return models.TextField(label, max_length=WORDS_MAX, blank=True)


def dated(name: str) -> Q:
    """That a step has both its time and its person."""
    return Q(**{f"{name}_at__isnull": False, f"{name}_by__isnull": False})


def undated(name: str) -> Q:
    return Q(**{f"{name}_at__isnull": True, f"{name}_by__isnull": True})


class TypicalCaseQuerySet(models.QuerySet["TypicalCase"]):
    def published(self) -> "TypicalCaseQuerySet":
        return self.filter(status=TypicalStatus.PUBLISHED)

    def newest_first(self) -> "TypicalCaseQuerySet":
        return self.order_by("-published_at", "-pk")

    def without_words(self) -> "TypicalCaseQuerySet":
        """For lists: four texts of two thousand characters each."""
        return self.defer("handling", "outcome", "lessons")


class TypicalCase(models.Model):
    """One version of what is told of a case. Which case it is stays inside; what was published does not change.

    A correction is a new version of the same case that goes the same way: published, it takes the old one's place.
    `judged`: why what the check found doubtful tells nothing, in the checker's words.
    """

    case = models.ForeignKey(Case, on_delete=models.RESTRICT, related_name="+", verbose_name=_("诉求"))
    status = models.CharField(_("状态"), max_length=9, choices=TypicalStatus)
    title = models.CharField(_("标题"), max_length=TITLE_MAX)
    area = models.ForeignKey(
        Choice, on_delete=models.RESTRICT, null=True, blank=True, related_name="+", verbose_name=_("诉求领域")
    )
    department = models.ForeignKey(
        Department, on_delete=models.RESTRICT, null=True, blank=True, related_name="+", verbose_name=_("牵头单位")
    )
    year = models.PositiveSmallIntegerField(_("年份"))
    quarter = models.PositiveSmallIntegerField(_("季度"))
    situation = words(_("企业遇到的问题"))
    handling = words(_("怎么办的"))
    outcome = words(_("办成什么样"))
    lessons = words(_("可推广的做法"))
    keywords = models.CharField(_("关键词"), max_length=KEYWORDS_LENGTH_MAX, blank=True)
    # Counts every change, so that nobody overwrites or passes what they have not read.
    revision = models.PositiveIntegerField(default=0, editable=False)
    written_at = models.DateTimeField(_("选定时间"), default=timezone.now)
    written_by = person(_("编写人"), optional=False)
    writers = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", verbose_name=_("执笔人"))
    returned_at = models.DateTimeField(_("退回时间"), null=True, blank=True)
    returned_by = person(_("退回人"))
    returned_reason = models.CharField(_("修改意见"), max_length=500, blank=True)
    checked_at = models.DateTimeField(_("核对时间"), null=True, blank=True)
    checked_by = person(_("核对人"))
    judged = models.CharField(_("核对说明"), max_length=500, blank=True)
    approved_at = models.DateTimeField(_("审定时间"), null=True, blank=True)
    approved_by = person(_("审定人"))
    published_at = models.DateTimeField(_("发布时间"), null=True, blank=True)
    published_by = person(_("发布人"))
    withdrawn_at = models.DateTimeField(_("撤下时间"), null=True, blank=True)
    withdrawn_by = person(_("撤下人"))
    withdrawn_reason = models.CharField(_("撤下理由"), max_length=500, blank=True)

    objects = TypicalCaseQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("典型案例")
        verbose_name_plural = _("典型案例")
        ordering = ["-written_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(status__in=TYPICAL_IN_WORK),
                name="one_typical_case_in_work_of_a_case",
                violation_error_message=_("该诉求的典型案例正在编写，请在列表中打开。"),
            ),
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(status=TypicalStatus.PUBLISHED),
                name="one_published_typical_case_of_a_case",
                violation_error_message=_("该诉求的典型案例已发布。"),
            ),
            models.CheckConstraint(
                condition=Q(quarter__gte=1, quarter__lte=4),
                name="typical_case_has_a_quarter",
                violation_error_message=_("季度为一至四。"),
            ),
            models.CheckConstraint(
                condition=Q(status=S.DRAFT) & undated("checked") & undated("approved") & undated("published")
                | Q(status=S.CHECKED) & dated("checked") & undated("approved") & undated("published")
                | Q(status=S.APPROVED) & dated("checked") & dated("approved") & undated("published")
                | Q(status=S.PUBLISHED) & dated("checked") & dated("approved") & dated("published")
                | Q(status=S.WITHDRAWN),
                name="typical_case_status_agrees_with_its_steps",
                violation_error_message=_("状态与核对、审定、发布的记录不一致。"),
            ),
            models.CheckConstraint(
                condition=Q(status=S.WITHDRAWN) & dated("withdrawn") & ~Q(withdrawn_reason="")
                | ~Q(status=S.WITHDRAWN) & undated("withdrawn") & Q(withdrawn_reason=""),
                name="withdrawn_typical_case_says_why",
                violation_error_message=_("撤下须记明撤下人、时间和理由。"),
            ),
            models.CheckConstraint(
                condition=(Q(checked_by__isnull=True) | ~Q(checked_by=F("written_by")))
                & (Q(approved_by__isnull=True) | ~Q(approved_by=F("written_by")) & ~Q(approved_by=F("checked_by"))),
                name="typical_case_is_seen_by_three_people",
                violation_error_message=_("编写、核对、审定须是三个人。"),
            ),
            models.CheckConstraint(
                condition=Q(status__in=[S.DRAFT, S.WITHDRAWN])
                | Q(area__isnull=False, department__isnull=False)
                & ~Q(title="")
                & ~Q(situation="")
                & ~Q(handling="")
                & ~Q(outcome="")
                & ~Q(lessons=""),
                name="checked_typical_case_is_whole",
                violation_error_message=_("各项填写完整后才能核对。"),
            ),
        ]
        indexes = [
            # Read by the library: the newest first, in whole, of an area, of a department.
            models.Index(fields=["-published_at", "-id"], condition=Q(status="published"), name="typical_newest"),
            models.Index(
                fields=["area", "-published_at", "-id"], condition=Q(status="published"), name="typical_of_an_area"
            ),
            models.Index(
                fields=["department", "-published_at", "-id"],
                condition=Q(status="published"),
                name="typical_of_a_unit",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("portal:typical_case", args=[self.pk])

    @property
    def in_work(self) -> bool:
        return self.status in TYPICAL_IN_WORK

    @property
    def key_words(self) -> list[str]:
        return [word for word in self.keywords.split("、") if word]


class TypicalNews(models.Model):
    """What came to the case of a published typical case since it was checked, and was told once to who can take it
    down. On no page and in no history: that there was something is itself not everybody's to know. [5.2]
    """

    typical = models.ForeignKey(TypicalCase, on_delete=models.RESTRICT, related_name="+", verbose_name=_("典型案例"))
    kind = models.CharField(_("情况"), max_length=8, choices=TypicalNewsKind)
    # The key of the row that says it.
    row = models.PositiveBigIntegerField()
    told_at = models.DateTimeField(_("告知时间"))

    class Meta:
        verbose_name = _("典型案例新情况")
        verbose_name_plural = _("典型案例新情况")
        constraints = [
            models.UniqueConstraint(
                fields=["typical", "kind", "row"],
                name="news_of_a_typical_case_are_told_once",
                violation_error_message=_("该情况已告知。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.typical_id} {self.kind} {self.row}"
