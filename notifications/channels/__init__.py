"""How a message leaves. Secrets are filled in here, at the last moment, and nowhere else."""

import re
from importlib import import_module
from typing import Any

from django.conf import settings

from core import secrets
from notifications.channels.base import Outgoing
from notifications.enums import Channel
from notifications.models import Message

PLACEHOLDER = re.compile(r"\{\{(ticket|checkin|question|rating|code)\}\}")
PATHS = {secrets.TICKET: "b", secrets.CHECKIN: "c", secrets.QUESTION: "q", secrets.RATING: "r"}
CODE = "code"
# Providers with a record of what became of each SMS.
ADAPTERS = {"aliyun": "sms_aliyun", "tencent": "sms_tencent"}


def fill(message: Message) -> str:
    """The text as the recipient reads it. Whatever somebody typed into it, only the message's own links appear."""
    return with_links(message.text, message.link_seed)


def with_links(text: str, link_seed: str) -> str:
    """Addresses in place of their placeholders; "" for `link_seed` leaves them."""

    def address(match: re.Match[str]) -> str:
        if match[1] == CODE:
            return secrets.one_time_code(link_seed)
        secret = secrets.derive(match[1], link_seed)
        return f"{settings.PUBLIC_BASE_URL}/{PATHS[match[1]]}/{secret}/"

    return PLACEHOLDER.sub(address, text) if link_seed else text


def outgoing_of(message: Message) -> Outgoing:
    return Outgoing(
        key=message.dedup_key,
        recipient=message.recipient,
        heading=message.heading,
        text=fill(message),
        template_code=message.template_code,
        signature=message.signature,
        variables=tuple((name, with_links(value, message.link_seed)) for name, value in message.variables),
    )


def provider_of(channel: str) -> str:
    """The name of what carries this channel, by the settings."""
    if channel == Channel.CONSOLE:
        return "console"
    by_channel = {
        Channel.SMS: settings.SMS_PROVIDER,
        Channel.EMAIL: "email" if settings.EMAIL_URL else "",
        Channel.ROBOT: "robot" if settings.STAFF_ROBOT else "",
    }
    return by_channel.get(Channel(channel), "") or ("terminal" if settings.MESSAGES_TO_TERMINAL else "none")


def adapter(provider: str) -> Any:
    """The module that carries it. Loaded by name: the providers' packages are optional extras."""
    return import_module(f"notifications.channels.{ADAPTERS.get(provider, provider)}")
