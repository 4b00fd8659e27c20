"""No provider is set: fails visibly at once, so that a person can phone instead."""

from django.utils.translation import gettext as _

from notifications.channels.base import Outgoing, Refused


def send(outgoing: Outgoing) -> str:
    raise Refused(_("尚未配置该渠道的发送服务"))
