"""The outbox: every message to a person is a row first."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from notifications.enums import Channel, MessageStatus


class Message(models.Model):
    """One message to one recipient over one channel. `subject` is an opaque key, e.g. "appointments.booking:412".

    `text` may hold placeholders such as {{ticket}}: the secret is filled in while sending and stands nowhere.
    """

    kind = models.CharField(_("类别"), max_length=40)
    channel = models.CharField(_("渠道"), max_length=10, choices=Channel)
    recipient = models.CharField(_("接收方"), max_length=200)
    subject = models.CharField(_("对象"), max_length=80, db_index=True)
    heading = models.CharField(_("标题"), max_length=100)
    text = models.TextField(_("内容"))
    # Whose link the placeholders stand for; without the server's key it opens nothing.
    link_seed = models.CharField(max_length=36, blank=True, editable=False)
    dedup_key = models.CharField(max_length=120, unique=True)
    status = models.CharField(_("状态"), max_length=10, choices=MessageStatus, default=MessageStatus.QUEUED)
    created_at = models.DateTimeField(_("生成时间"), default=timezone.now)
    not_before = models.DateTimeField(_("最早发送时间"), default=timezone.now)
    leased_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("次数"), default=0)
    last_error = models.CharField(_("失败原因"), max_length=300, blank=True)
    sent_at = models.DateTimeField(_("发送时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("消息")
        verbose_name_plural = _("消息")
        ordering = ["-id"]
        indexes = [
            # Read by the relay: what is due now.
            models.Index(
                fields=["not_before"],
                condition=Q(status__in=[MessageStatus.QUEUED, MessageStatus.SENDING]),
                name="message_due",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status=MessageStatus.SENT, sent_at__isnull=False)
                | (~Q(status=MessageStatus.SENT) & Q(sent_at__isnull=True)),
                name="sent_message_has_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} {self.kind} {self.subject}"
