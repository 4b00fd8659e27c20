"""What the enterprise adds while its demand is handled: facts and files. [3.7]"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case


class CaseSupplement(models.Model):
    """Words, files or both. Without `added_at` it is what was typed and not yet sent: one for a case.

    It keeps no history of its own: once sent it is never changed, and before that it changes every second.
    """

    case = models.ForeignKey(Case, on_delete=models.RESTRICT, related_name="supplements", verbose_name=_("诉求"))
    round = models.PositiveSmallIntegerField(_("办理轮次"), default=1)
    text = models.TextField(_("补充内容"), max_length=2000, blank=True)
    saved_at = models.DateTimeField(_("保存时间"), default=timezone.now)
    added_at = models.DateTimeField(_("补充时间"), null=True, blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("代为登记的人"),
    )
    # Of the page it was sent from, with what was sent: a second press finds it again.
    submission_digest = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        verbose_name = _("企业补充")
        verbose_name_plural = _("企业补充")
        ordering = ["added_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(added_at__isnull=True),
                name="one_unsent_supplement_of_a_case",
                violation_error_message=_("本件诉求已有未提交的补充。"),
            ),
            models.UniqueConstraint(
                fields=["case", "submission_digest"],
                condition=Q(added_at__isnull=False),
                name="one_supplement_of_a_submission",
                violation_error_message=_("此前已提交，无需重复操作。"),
            ),
            models.CheckConstraint(
                condition=Q(added_at__isnull=True, submission_digest="")
                | Q(added_at__isnull=False) & ~Q(submission_digest=""),
                name="sent_supplement_knows_its_submission",
            ),
        ]
        indexes = [
            # Read by the sweep of what was never sent.
            models.Index(fields=["saved_at"], condition=Q(added_at__isnull=True), name="supplement_unsent"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {timezone.localtime(self.added_at or self.saved_at):%m-%d %H:%M}"


def case_file_path(file: "CaseFile", filename: str) -> str:
    """A random name: nothing of what the visitor called the file reaches the disk."""
    return f"cases/{uuid.uuid4().hex}"


class CaseFile(models.Model):
    supplement = models.ForeignKey(
        CaseSupplement, on_delete=models.CASCADE, related_name="files", verbose_name=_("企业补充")
    )
    name = models.CharField(_("文件名"), max_length=120)
    content_type = models.CharField(_("类型"), max_length=100)
    size = models.PositiveIntegerField(_("大小"))
    file = models.FileField(upload_to=case_file_path)
    uploaded_at = models.DateTimeField(_("上传时间"), default=timezone.now)

    class Meta:
        verbose_name = _("补充材料")
        verbose_name_plural = _("补充材料")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name
