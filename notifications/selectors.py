"""Named reads of the outbox."""

from datetime import datetime

from django.conf import settings
from django.db.models import Q, QuerySet

from core.models import User
from notifications import permissions
from notifications.enums import Channel, MessageStatus, SmsProvider
from notifications.models import Message

SHOWN_AT_MOST = 100


def sms_gateway() -> str:
    """The configured SMS provider's name; "" where no text message leaves this house. [3.3]"""
    return settings.SMS_PROVIDER if settings.SMS_PROVIDER in SmsProvider.values else ""


def visible_to(user: User, messages: QuerySet[Message]) -> QuerySet[Message]:
    """What is told to one member of staff in the console is for that one alone; calls are their department's. [5.2]"""
    others = ~Q(channel=Channel.CONSOLE)
    if not user.has_perm(permissions.VIEW_ALL):
        others &= Q(audience__in=permissions.audiences_of(user))
    return messages.filter(others | Q(channel=Channel.CONSOLE, recipient=user.get_username()))


def calls_due(messages: QuerySet[Message], now: datetime) -> QuerySet[Message]:
    """Of these, the calls whose time has come. [3.5]"""
    return messages.filter(status=MessageStatus.TO_CALL, not_before__lte=now)


def messages_about(user: User, *subjects: str) -> list[Message]:
    """What was said about these objects, newest first, as far as this person may see it: at most 100."""
    return list(visible_to(user, Message.objects.filter(subject__in=subjects)).order_by("-pk")[:SHOWN_AT_MOST])
