"""The monthly service-items list (服务事项清单): made from the month's bookings, kept as it was sent. [3.4]"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reports.enums import ListStatus


class ServiceItemsList(models.Model):
    """One version of a month's list. A draft is made again in its place; what was sent stays, and a new one follows.

    `rows` are the lines as they are written, each with the keys of the departments that it concerns:
    {"departments": [3, 7], "cells": ["26-24-7KQ4A", …]}.
    """

    year = models.PositiveSmallIntegerField(_("年份"))
    month = models.PositiveSmallIntegerField(_("月份"))
    version = models.PositiveSmallIntegerField(_("版次"), default=1)
    status = models.CharField(_("状态"), max_length=8, choices=ListStatus)
    rows = models.JSONField(default=list)
    refused_rows = models.JSONField(default=list)
    made_at = models.DateTimeField(_("生成时间"), default=timezone.now)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name=_("生成人")
    )
    sent_at = models.DateTimeField(_("发送时间"), null=True, blank=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("发送人"),
    )

    class Meta:
        verbose_name = _("服务事项清单")
        verbose_name_plural = _("服务事项清单")
        ordering = ["-year", "-month", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "month", "version"],
                name="a_version_of_a_month_once",
                violation_error_message=_("该月清单已有这一版。"),
            ),
            models.UniqueConstraint(
                fields=["year", "month"],
                condition=Q(status=ListStatus.DRAFT),
                name="one_draft_for_a_month",
                violation_error_message=_("该月清单已有草稿。"),
            ),
            models.CheckConstraint(condition=Q(month__gte=1, month__lte=12), name="month_of_the_year"),
            models.CheckConstraint(
                condition=Q(status=ListStatus.SENT, sent_at__isnull=False, sent_by__isnull=False)
                | Q(status=ListStatus.DRAFT, sent_at__isnull=True, sent_by__isnull=True),
                name="sent_list_says_when_and_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """2026年11月“局长坐诊接诉”服务事项清单"""
        return str(_("%(year)s年%(month)s月“局长坐诊接诉”服务事项清单")) % {"year": self.year, "month": self.month}
