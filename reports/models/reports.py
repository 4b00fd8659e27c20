"""The quarterly bulletin and the two reports beside it: written, approved by another, issued, never changed. [3.10]"""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reports.enums import ReportKind, ReportStatus

NOT_DROPPED = ~Q(status=ReportStatus.DROPPED)


def person(label: Any, *, optional: bool = True) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.RESTRICT,
        null=optional,
        blank=optional,
        related_name="+",
        verbose_name=label,
    )


class ReportQuerySet(models.QuerySet["Report"]):
    def without_contents(self) -> "ReportQuerySet":
        """For lists: what is written and counted can be long."""
        return self.defer("sections", "figures", "cases")


class Report(models.Model):
    """One version of a bulletin or report. Issued, it is read from its `IssuedReport`, and the row stays as it is.

    `sections`: [{"key": "overall", "heading": "总体情况", "made": "…", "text": null, "seen": "…"}]: what the figures
    said, what a person wrote instead, and what the figures had said when it was written.
    `figures`: {"tables": […], "charts": […]} as `reports.content` reads them; `cases`: the lines that they count.
    """

    kind = models.CharField(_("种类"), max_length=9, choices=ReportKind)
    year = models.PositiveSmallIntegerField(_("年份"), null=True, blank=True)
    quarter = models.PositiveSmallIntegerField(_("季度"), null=True, blank=True)
    version = models.PositiveSmallIntegerField(_("版次"), default=1)
    status = models.CharField(_("状态"), max_length=8, choices=ReportStatus)
    title = models.CharField(_("标题"), max_length=80)
    number = models.CharField(_("发文字号"), max_length=40, blank=True)
    addressee = models.CharField(_("主送机关"), max_length=120)
    sections = models.JSONField(_("正文"), default=list)
    figures = models.JSONField(_("数据"), default=dict)
    cases = models.JSONField(_("办件清单"), default=list)
    # Counts every change, so that nobody overwrites or approves what they have not read.
    revision = models.PositiveIntegerField(default=0, editable=False)
    made_at = models.DateTimeField(_("起草时间"), default=timezone.now)
    made_by = person(_("起草人"), optional=False)
    writers = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", verbose_name=_("执笔人"))
    figures_at = models.DateTimeField(_("数据时间"), null=True, blank=True)
    returned_at = models.DateTimeField(_("退回时间"), null=True, blank=True)
    returned_by = person(_("退回人"))
    returned_reason = models.CharField(_("修改意见"), max_length=500, blank=True)
    approved_at = models.DateTimeField(_("审定时间"), null=True, blank=True)
    approved_by = person(_("审定人"))
    issued_at = models.DateTimeField(_("印发时间"), null=True, blank=True)
    issued_by = person(_("印发人"))
    corrects = models.OneToOneField(
        "self", on_delete=models.RESTRICT, null=True, blank=True, related_name="corrected_by", verbose_name=_("更正")
    )
    why = models.CharField(_("更正理由"), max_length=500, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("通报和报告")
        verbose_name_plural = _("通报和报告")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "year", "quarter", "version"],
                condition=Q(kind=ReportKind.BULLETIN) & NOT_DROPPED,
                name="a_version_of_a_bulletin_once",
                violation_error_message=_("该季度通报已有这一版，请在列表中查看。"),
            ),
            models.CheckConstraint(
                condition=Q(year__isnull=True, quarter__isnull=True) & ~Q(kind=ReportKind.BULLETIN)
                | Q(year__isnull=False, quarter__gte=1, quarter__lte=4),
                name="bulletin_has_a_quarter",
                violation_error_message=_("通报须注明年份和季度。"),
            ),
            models.CheckConstraint(
                condition=Q(version=1, corrects__isnull=True, why="")
                | Q(version__gt=1) & (Q(corrects__isnull=False) | Q(status=ReportStatus.DROPPED)) & ~Q(why=""),
                name="later_version_corrects_and_says_why",
                violation_error_message=_("新的一版须写明更正的是哪一版、为何更正。"),
            ),
            models.CheckConstraint(
                condition=Q(status=ReportStatus.DRAFT, approved_at__isnull=True, issued_at__isnull=True)
                | Q(status=ReportStatus.APPROVED, approved_at__isnull=False, issued_at__isnull=True)
                | Q(status=ReportStatus.ISSUED, approved_at__isnull=False, issued_at__isnull=False)
                | Q(status=ReportStatus.DROPPED, issued_at__isnull=True),
                name="report_status_agrees_with_its_dates",
                violation_error_message=_("状态与审定、印发时间不一致。"),
            ),
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True, approved_by__isnull=True)
                | Q(approved_at__isnull=False, approved_by__isnull=False) & ~Q(approved_by=F("made_by")),
                name="report_is_approved_by_another",
                violation_error_message=_("起草人不能审定自己的文稿。"),
            ),
            models.CheckConstraint(
                condition=Q(issued_at__isnull=True, issued_by__isnull=True)
                | Q(issued_at__isnull=False, issued_by__isnull=False),
                name="issued_report_says_by_whom",
                violation_error_message=_("印发须记明印发人。"),
            ),
        ]

    def __str__(self) -> str:
        if self.version == 1:
            return self.title
        return str(_("%(title)s（第%(version)s版）")) % {"title": self.title, "version": self.version}

    @property
    def is_issued(self) -> bool:
        return self.status == ReportStatus.ISSUED


class IssuedReport(models.Model):
    """A report as it was issued, whole. The database refuses changes. [3.10]"""

    report = models.OneToOneField(
        Report, on_delete=models.RESTRICT, related_name="issued", verbose_name=_("通报和报告")
    )
    title = models.CharField(_("标题"), max_length=80)
    number = models.CharField(_("发文字号"), max_length=40, blank=True)
    addressee = models.CharField(_("主送机关"), max_length=120)
    # [{"heading": "总体情况", "key": "overall", "text": "…"}]
    sections = models.JSONField(_("正文"))
    figures = models.JSONField(_("数据"))
    cases = models.JSONField(_("办件清单"))
    figures_at = models.DateTimeField(_("数据时间"), null=True, blank=True)
    issued_at = models.DateTimeField(_("印发时间"))

    class Meta:
        verbose_name = _("印发文稿")
        verbose_name_plural = _("印发文稿")

    def __str__(self) -> str:
        return self.title
