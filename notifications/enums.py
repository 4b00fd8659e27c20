from django.db import models
from django.utils.translation import gettext_lazy as _


class MessageStatus(models.TextChoices):
    """`sent` is what the channel took, `delivered` what its receipt confirms, `unknown` what it may have taken."""

    QUEUED = "queued", _("待发送")
    SENDING = "sending", _("发送中")
    SENT = "sent", _("已发送")
    DELIVERED = "delivered", _("已送达")
    UNKNOWN = "unknown", _("结果待核对")
    TO_CALL = "to_call", _("待电话告知")
    FAILED = "failed", _("发送失败")
    WITHHELD = "withheld", _("不再发送")


# What left the house, and what has not left it yet.
OUT = (MessageStatus.SENT, MessageStatus.DELIVERED)
PENDING = (MessageStatus.QUEUED, MessageStatus.TO_CALL)
# What a person must look after.
NOT_REACHED = (MessageStatus.UNKNOWN, MessageStatus.TO_CALL, MessageStatus.FAILED)


class Channel(models.TextChoices):
    SMS = "sms", _("短信")
    EMAIL = "email", _("邮件")
    PHONE = "phone", _("电话")
    ROBOT = "robot", _("工作群机器人")
    CONSOLE = "console", _("工作台")


# Channels whose words need nobody's approval: e-mail, and what a person says on the phone.
FREE_TEXT_CHANNELS = [(channel.value, channel.label) for channel in (Channel.EMAIL, Channel.PHONE)]


class SmsProvider(models.TextChoices):
    ALIYUN = "aliyun", _("阿里云")
    TENCENT = "tencent", _("腾讯云")
