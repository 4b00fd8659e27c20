"""What hangs on a booking: the form as it is typed, files, reports of pressure. [3.3] [5.2]"""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from appointments.models.booking import Booking


class BookingDraft(models.Model):
    """The form as it is typed, unchecked, until it is submitted. One row, no history: it changes every second."""

    booking = models.OneToOneField(Booking, on_delete=models.CASCADE, related_name="draft")
    # {"title": ["…"], "channels": ["sms", "email"]}: what a browser sends, as it sent it.
    answers = models.JSONField(default=dict)
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("信息表草稿")
        verbose_name_plural = _("信息表草稿")

    def __str__(self) -> str:
        return str(self.booking_id)


def attachment_path(attachment: "Attachment", filename: str) -> str:
    """A random name: nothing of what the visitor called the file reaches the disk."""
    return f"attachments/{uuid.uuid4().hex}"


class Attachment(models.Model):
    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="attachments", verbose_name=_("挂号"))
    name = models.CharField(_("文件名"), max_length=120)
    content_type = models.CharField(_("类型"), max_length=100)
    size = models.PositiveIntegerField(_("大小"))
    file = models.FileField(upload_to=attachment_path)
    uploaded_at = models.DateTimeField(_("上传时间"), default=timezone.now)

    class Meta:
        verbose_name = _("附件")
        verbose_name_plural = _("附件")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class PressureReport(models.Model):
    """An enterprise's word that it was pressed or retaliated against; for the inspection office alone. [5.2]"""

    booking = models.ForeignKey(Booking, on_delete=models.RESTRICT, related_name="+", verbose_name=_("挂号"))
    content = models.TextField(_("反映内容"), max_length=2000)
    contact = models.CharField(_("联系方式"), max_length=100, blank=True)
    reported_at = models.DateTimeField(_("反映时间"), default=timezone.now)

    class Meta:
        verbose_name = _("压制报复反映")
        verbose_name_plural = _("压制报复反映")
        ordering = ["-reported_at"]

    def __str__(self) -> str:
        return f"{timezone.localtime(self.reported_at):%Y-%m-%d %H:%M}"
