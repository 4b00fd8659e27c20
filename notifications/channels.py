"""How a message leaves. Secrets are filled in here, at the last moment, and nowhere else."""

import re

from django.conf import settings
from django.utils.translation import gettext as _

from core import secrets
from notifications.enums import Channel
from notifications.models import Message

PLACEHOLDER = re.compile(r"\{\{(ticket|checkin)\}\}")
PATHS = {secrets.TICKET: "b", secrets.CHECKIN: "c"}


class DeliveryFailed(Exception):
    """The channel did not take the message; it may be tried again."""


def fill(message: Message) -> str:
    """The text as the recipient reads it. Whatever somebody typed into it, only the message's own links appear."""

    def address(match: re.Match[str]) -> str:
        secret = secrets.derive(match[1], message.link_seed)
        return f"{settings.PUBLIC_BASE_URL}/{PATHS[match[1]]}/{secret}/"

    return PLACEHOLDER.sub(address, message.text) if message.link_seed else message.text


def deliver(message: Message) -> None:
    """Hand the message to its channel. The embedded profile prints it on the server's own terminal.

    That terminal is the only place where a link may be read by another than its owner.
    """
    if message.channel == Channel.CONSOLE:
        return  # the console shows the row itself
    if not settings.MESSAGES_TO_TERMINAL:
        raise DeliveryFailed(_("尚未配置该渠道的发送服务"))
    print(f"[{message.get_channel_display()}] {message.recipient}: {fill(message)}", flush=True)
