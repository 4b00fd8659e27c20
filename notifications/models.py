"""The outbox: every message to a person is a row first."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.history import HistoricalRecords
from notifications.enums import FREE_TEXT_CHANNELS, OUT, Channel, MessageStatus, SmsProvider


class Message(models.Model):
    """One message to one recipient over one channel. `subject` is an opaque key, e.g. "appointments.booking:412".

    `text` may hold placeholders such as {{ticket}}: the secret is filled in while sending and stands nowhere.
    """

    kind = models.CharField(_("类别"), max_length=40)
    channel = models.CharField(_("渠道"), max_length=10, choices=Channel)
    recipient = models.CharField(_("接收方"), max_length=200)
    subject = models.CharField(_("对象"), max_length=80, db_index=True)
    # Who of the staff may see it: "" for the bureau, else an opaque key of a department, e.g. "department:3".
    audience = models.CharField(max_length=40, blank=True, editable=False)
    heading = models.CharField(_("标题"), max_length=100)
    text = models.TextField(_("内容"))
    # For SMS: the provider's approved template, and its variables in order, as pairs of name and value.
    template_code = models.CharField(_("模板编号"), max_length=40, blank=True)
    signature = models.CharField(_("短信签名"), max_length=40, blank=True)
    variables = models.JSONField(_("模板变量"), default=list, blank=True)
    # Whose link the placeholders stand for; without the server's key it opens nothing.
    link_seed = models.CharField(max_length=36, blank=True, editable=False)
    # Number to be phoned when it finally fails or nobody knows whether it arrived; "" for none.
    phone_fallback = models.CharField(_("改为电话告知的号码"), max_length=20, blank=True)
    dedup_key = models.CharField(max_length=120, unique=True)
    status = models.CharField(_("状态"), max_length=10, choices=MessageStatus, default=MessageStatus.QUEUED)
    created_at = models.DateTimeField(_("生成时间"), default=timezone.now)
    not_before = models.DateTimeField(_("最早发送时间"), default=timezone.now)
    leased_until = models.DateTimeField(null=True, blank=True)
    # Written just before the channel is asked: from here on nobody knows until it has answered.
    handed_over_at = models.DateTimeField(_("交付渠道时间"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("次数"), default=0)
    last_error = models.CharField(_("失败原因"), max_length=300, blank=True)
    provider = models.CharField(_("服务商"), max_length=20, blank=True)
    receipt_id = models.CharField(_("服务商回执号"), max_length=120, blank=True)
    # When the provider is next asked what became of it; None when it is not to be asked.
    ask_receipt_at = models.DateTimeField(null=True, blank=True, editable=False)
    sent_at = models.DateTimeField(_("发送时间"), null=True, blank=True)
    delivered_at = models.DateTimeField(_("送达时间"), null=True, blank=True)

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
            ),
            # Read by the list of calls: what waits for a person.
            models.Index(
                fields=["not_before"],
                condition=Q(status=MessageStatus.TO_CALL),
                name="message_to_call",
            ),
            # Read by the sweep of receipts: what the provider is to be asked now.
            models.Index(
                fields=["ask_receipt_at"],
                condition=Q(ask_receipt_at__isnull=False),
                name="message_receipt_due",
            ),
        ]
        constraints = [
            # What failed after it was sent keeps the time.
            models.CheckConstraint(
                condition=Q(status__in=OUT, sent_at__isnull=False)
                | Q(status=MessageStatus.FAILED)
                | (~Q(status__in=[*OUT, MessageStatus.FAILED]) & Q(sent_at__isnull=True)),
                name="sent_message_has_time",
            ),
            models.CheckConstraint(
                condition=Q(status=MessageStatus.DELIVERED, delivered_at__isnull=False)
                | (~Q(status=MessageStatus.DELIVERED) & Q(delivered_at__isnull=True)),
                name="delivered_message_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} {self.kind} {self.subject}"


class SmsTemplate(models.Model):
    """One wording of one kind, as one provider approved it. A new wording is a new row that waits for its code.

    In force is the newest approved one of a kind and provider; an approved wording is never changed.
    """

    kind = models.CharField(_("类别"), max_length=40)
    provider = models.CharField(_("服务商"), max_length=20, choices=SmsProvider)
    text = models.TextField(_("模板内容"), max_length=500)
    signature = models.CharField(_("短信签名"), max_length=40)
    code = models.CharField(_("模板编号"), max_length=40, blank=True)
    approved = models.BooleanField(_("服务商已审核通过"), default=False)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("短信模板")
        verbose_name_plural = _("短信模板")
        ordering = ["kind", "provider", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(approved=False) | ~Q(code=""),
                name="approved_template_has_code",
                violation_error_message=_("审核通过的模板须填写模板编号。"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_provider_display()} {self.code or _('待审核')}"


class MessageText(models.Model):
    """The bureau's own words of a kind where no approval is needed; empty words mean those of the file."""

    kind = models.CharField(_("类别"), max_length=40)
    channel = models.CharField(_("渠道"), max_length=10, choices=FREE_TEXT_CHANNELS)
    heading = models.CharField(_("标题"), max_length=100, blank=True)
    text = models.TextField(_("内容"), max_length=2000, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("邮件和电话文本")
        verbose_name_plural = _("邮件和电话文本")
        ordering = ["kind", "channel"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "channel"],
                name="one_text_for_kind_and_channel",
                violation_error_message=_("该类别在该渠道已有文本，请直接修改。"),
            )
        ]

    def __str__(self) -> str:
        return str(self.get_channel_display())
