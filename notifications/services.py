"""Writing a message beside what it tells, and sending what is due."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from core import audit
from core.errors import Refused
from core.models import User
from core.permissions import require
from core.transitions import moving
from notifications import channels, moves
from notifications.enums import Channel, MessageStatus
from notifications.models import Message

LEASE = timedelta(minutes=2)
ATTEMPTS_MAX = 8
BATCH = 200


def link_placeholder(purpose: str) -> str:
    """What a text holds instead of the address of a link; `link_seed` says whose."""
    return f"{{{{{purpose}}}}}"


def enqueue(
    *,
    kind: str,
    channel: Channel,
    recipient: str,
    subject: str,
    heading: str,
    text: str,
    dedup_key: str,
    link_seed: str = "",
) -> None:
    """Queue one message with what it tells. Only inside a transaction; a second one with the same key is nothing."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("A message is written in the transaction of what it tells.")
    Message.objects.bulk_create(
        [
            Message(
                kind=kind,
                channel=channel,
                recipient=recipient,
                subject=subject,
                heading=heading,
                text=text,
                dedup_key=dedup_key,
                link_seed=link_seed,
            )
        ],
        ignore_conflicts=True,
    )


def send_due(now: datetime) -> int:
    """Send every message whose time has come, a lease at a time; returns how many went out."""
    due = Q(status=MessageStatus.QUEUED) | Q(status=MessageStatus.SENDING, leased_until__lt=now)
    keys = list(
        Message.objects.filter(due, not_before__lte=now).order_by("not_before").values_list("pk", flat=True)[:BATCH]
    )
    return sum(_send_one(key, now) for key in keys)


def _send_one(key: int, now: datetime) -> bool:
    """Claim, send outside any transaction, mark. What another worker holds or has sent is left alone."""
    try:
        with moving(Message, key, moves.CLAIM, actor=audit.SYSTEM) as message:
            if message.leased_until and message.leased_until > now:
                return False
            message.leased_until = now + LEASE
            message.attempts += 1
    except Refused:
        return False
    try:
        channels.deliver(message)
    except channels.DeliveryFailed as failure:
        _mark_failed(message, str(failure), now)
        return False
    with moving(Message, key, moves.SENT, actor=audit.SYSTEM) as sent:
        sent.sent_at, sent.leased_until, sent.last_error = now, None, ""
    return True


def _mark_failed(message: Message, error: str, now: datetime) -> None:
    """Try again with growing pauses, and after the last attempt leave it to a person."""
    move = moves.RETRY if message.attempts < ATTEMPTS_MAX else moves.FAIL
    with moving(Message, message.pk, move, actor=audit.SYSTEM) as failed:
        failed.leased_until = None
        failed.last_error = error[:300]
        failed.not_before = now + timedelta(minutes=2**message.attempts)


def send_again(*, message_id: int, actor: User, now: datetime) -> Message:
    """Queue a failed message once more."""
    require(actor, "notifications.send_again")
    with moving(Message, message_id, moves.SEND_AGAIN, actor=actor) as message:
        if not message.recipient:
            raise Refused("no_recipient", _("没有可用的联系方式，请改为电话告知。"))
        message.attempts = 0
        message.not_before = now
    return message
