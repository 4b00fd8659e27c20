"""What people who work with cases leave behind: urgings, and filters they come back to. [3.7]"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.enums import FilterPage
from cases.models.case import Assignment


class Urging(models.Model):
    """催办: a department that still owed something was told so, in these words. [3.7]"""

    assignment = models.ForeignKey(
        Assignment, on_delete=models.RESTRICT, related_name="urgings", verbose_name=_("交办")
    )
    note = models.CharField(_("催办内容"), max_length=500)
    # Keys of users.
    recipients = models.JSONField(_("告知对象"), default=list)
    day = models.DateField(_("日期"))
    at = models.DateTimeField(_("催办时间"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name=_("催办人")
    )

    class Meta:
        verbose_name = _("催办")
        verbose_name_plural = _("催办")
        ordering = ["-at", "-pk"]
        indexes = [
            # Read by the supervision page: what was sent last.
            models.Index(fields=["-at", "-id"], name="urging_by_time"),
        ]
        constraints = [
            # A press that comes twice is one urging.
            models.UniqueConstraint(
                fields=["assignment", "by", "day", "note"],
                name="urged_once_a_day_in_the_same_words",
                violation_error_message=_("今日已用相同内容催办过该部门。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assignment_id} {self.day:%Y-%m-%d}"


class SavedFilter(models.Model):
    """A person's own name for a way to look at the cases. Nobody else sees it."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", editable=False)
    page = models.CharField(_("页面"), max_length=12, choices=FilterPage)
    name = models.CharField(_("名称"), max_length=20)
    # What stands behind the question mark of the page's address.
    query = models.CharField(max_length=500, editable=False)

    class Meta:
        verbose_name = _("常用筛选")
        verbose_name_plural = _("常用筛选")
        ordering = ["owner", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "name"],
                name="one_filter_of_a_name_for_a_person",
                violation_error_message=_("您已有同名的常用筛选。"),
            ),
        ]

    def __str__(self) -> str:
        return self.name
