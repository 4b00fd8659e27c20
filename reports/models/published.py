"""A quarter's results for everybody: counted, approved by another, published, never changed, withdrawn. [5.4]"""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.templatetags.cn import NUMERALS
from reports.enums import ResultsStatus
from reports.models.reports import person

STANDING = ~Q(status=ResultsStatus.WITHDRAWN)


class PublishedResults(models.Model):
    """One version of a quarter's results. Published, it is read from its `PublishedFigures`.

    `content`: what `reports.public_results` made of the figures: sums and sentences, nobody's name.
    """

    year = models.PositiveSmallIntegerField(_("年份"))
    quarter = models.PositiveSmallIntegerField(_("季度"))
    version = models.PositiveSmallIntegerField(_("版次"), default=1)
    status = models.CharField(_("状态"), max_length=9, choices=ResultsStatus)
    content = models.JSONField(_("数据"), default=dict)
    # Counts every new counting, so that nobody approves what they have not read.
    revision = models.PositiveIntegerField(default=0, editable=False)
    made_at = models.DateTimeField(_("统计时间"), default=timezone.now)
    made_by = person(_("统计人"), optional=False)
    approved_at = models.DateTimeField(_("审定时间"), null=True, blank=True)
    approved_by = person(_("审定人"))
    published_at = models.DateTimeField(_("公布时间"), null=True, blank=True)
    published_by = person(_("公布人"))
    # Why it is published although an issued bulletin says otherwise.
    differs_why = models.CharField(_("与通报不一致的说明"), max_length=500, blank=True)
    withdrawn_at = models.DateTimeField(_("撤下时间"), null=True, blank=True)
    withdrawn_by = person(_("撤下人"))
    withdrawn_reason = models.CharField(_("撤下理由"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("季度成效")
        verbose_name_plural = _("季度成效")
        ordering = ["-year", "-quarter", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "quarter"],
                condition=STANDING,
                name="one_standing_results_of_a_quarter",
                violation_error_message=_("该季度成效已生成，请在列表中打开；要重做的，先撤下。"),
            ),
            models.UniqueConstraint(
                fields=["year", "quarter", "version"],
                name="a_version_of_results_once",
                violation_error_message=_("该季度成效已有这一版，请在列表中查看。"),
            ),
            models.CheckConstraint(condition=Q(quarter__gte=1, quarter__lte=4), name="results_have_a_quarter"),
            models.CheckConstraint(
                condition=Q(
                    status=ResultsStatus.DRAFT,
                    approved_at__isnull=True,
                    published_at__isnull=True,
                    withdrawn_at__isnull=True,
                )
                | Q(
                    status=ResultsStatus.APPROVED,
                    approved_at__isnull=False,
                    published_at__isnull=True,
                    withdrawn_at__isnull=True,
                )
                | Q(
                    status=ResultsStatus.PUBLISHED,
                    approved_at__isnull=False,
                    published_at__isnull=False,
                    withdrawn_at__isnull=True,
                )
                | Q(status=ResultsStatus.WITHDRAWN, withdrawn_at__isnull=False),
                name="results_status_agrees_with_its_dates",
                violation_error_message=_("状态与审定、公布、撤下时间不一致。"),
            ),
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True, approved_by__isnull=True)
                | Q(approved_at__isnull=False, approved_by__isnull=False) & ~Q(approved_by=F("made_by")),
                name="results_are_approved_by_another",
                violation_error_message=_("统计人不能审定自己生成的季度成效。"),
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True, published_by__isnull=True)
                | Q(published_at__isnull=False, published_by__isnull=False, approved_at__isnull=False),
                name="published_results_say_by_whom",
                violation_error_message=_("公布须先审定，并记明公布人。"),
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True, withdrawn_reason="")
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawn_reason=""),
                name="withdrawn_results_say_by_whom_and_why",
                violation_error_message=_("撤下须写明理由，并记明撤下人。"),
            ),
        ]

    def __str__(self) -> str:
        said = {"year": self.year, "quarter": NUMERALS[self.quarter], "version": self.version}
        if self.version == 1:
            return str(_("%(year)s年第%(quarter)s季度成效")) % said
        return str(_("%(year)s年第%(quarter)s季度成效（第%(version)s版）")) % said

    def get_absolute_url(self) -> str:
        """/results/2026Q3/, whichever version stands there."""
        return reverse("portal:results_of", args=[self.year, self.quarter])

    @property
    def was_published(self) -> bool:
        return self.published_at is not None


class PublishedFigures(models.Model):
    """A quarter's results as they were published, whole. The database refuses changes. [5.4]"""

    results = models.OneToOneField(
        PublishedResults, on_delete=models.RESTRICT, related_name="published", verbose_name=_("季度成效")
    )
    content: Any = models.JSONField(_("数据"))
    counted_at = models.DateTimeField(_("统计时间"))

    class Meta:
        verbose_name = _("公布的成效")
        verbose_name_plural = _("公布的成效")

    def __str__(self) -> str:
        return str(self.results)
