"""Files that take longer than a page may: asked for, made in the background, fetched by who asked. [3.10]"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from departments.models import Department
from reports.enums import EXPORT_AHEAD, ExportStatus


def export_path(job: "ExportJob", filename: str) -> str:
    """A random name, as of every file that is kept."""
    return f"exports/{uuid.uuid4().hex}"


class ExportJob(models.Model):
    """`key` says what is made of what: "report_cases:3". `lease_until`: when another may take up what stands still."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name=_("申请人")
    )
    key = models.CharField(max_length=60, editable=False)
    name = models.CharField(_("文件"), max_length=120)
    status = models.CharField(_("状态"), max_length=7, choices=ExportStatus)
    lines_done = models.PositiveIntegerField(_("已写行数"), default=0)
    lines_all = models.PositiveIntegerField(_("总行数"), default=0)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    lease_until = models.DateTimeField(null=True, blank=True, editable=False)
    asked_at = models.DateTimeField(_("申请时间"), default=timezone.now)
    finished_at = models.DateTimeField(_("完成时间"), null=True, blank=True)
    kept_until = models.DateTimeField(_("保留至"), null=True, blank=True)
    file = models.FileField(upload_to=export_path, blank=True)
    # Whose lines are in it; None: all. Who is by now of another unit does not get it.
    unit = models.ForeignKey(
        Department, on_delete=models.RESTRICT, null=True, blank=True, related_name="+", verbose_name=_("部门")
    )
    error = models.CharField(_("原因"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("导出任务")
        verbose_name_plural = _("导出任务")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "key"],
                condition=Q(status__in=EXPORT_AHEAD),
                name="one_export_of_a_kind_at_a_time",
                violation_error_message=_("该文件正在生成，请稍候。"),
            ),
            models.CheckConstraint(
                condition=~Q(status=ExportStatus.DONE)
                | Q(finished_at__isnull=False, kept_until__isnull=False) & ~Q(file=""),
                name="finished_export_has_a_file",
                violation_error_message=_("导出文件缺失。"),
            ),
        ]
        indexes = [
            # Read by the sweep: what is still to be made, and what is to be forgotten.
            models.Index(fields=["asked_at"], condition=Q(status__in=EXPORT_AHEAD), name="export_ahead"),
            models.Index(fields=["kept_until"], condition=~Q(status=ExportStatus.EXPIRED), name="export_kept"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def percent(self) -> int:
        return min(100, 100 * self.lines_done // self.lines_all) if self.lines_all else 0
