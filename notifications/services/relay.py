"""Sending what is due: claim with a lease, send outside any transaction, mark. At most once to the channel. [3.5]"""

import logging
import time
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from core import audit
from core.errors import Refused
from core.transitions import moving
from notifications import channels, moves
from notifications.channels import base
from notifications.enums import Channel, MessageStatus
from notifications.models import Message
from notifications.services.outbox import drop_call, queue_call

logger = logging.getLogger(__name__)
# Longer than any channel waits for an answer.
LEASE = timedelta(minutes=2)
ATTEMPTS_MAX = 8
BATCH = 200
# First question for a receipt; see `receipts`.
RECEIPT_AFTER = timedelta(minutes=1)


def send_due(now: datetime) -> int:
    """Send every message whose time has come, one lease at a time; returns how many went out."""
    began = time.monotonic()
    keys = list(Message.objects.filter(_due(now)).order_by("not_before", "pk").values_list("pk", flat=True)[:BATCH])
    # A lease counts from its own claim: a slow channel before it must not eat it up.
    return sum(_send_one(key, now + timedelta(seconds=time.monotonic() - began)) for key in keys)


def _due(now: datetime) -> Q:
    open_lease = Q(leased_until__isnull=True) | Q(leased_until__lt=now)
    return Q(status__in=[MessageStatus.QUEUED, MessageStatus.SENDING], not_before__lte=now) & open_lease


def _send_one(key: int, now: datetime) -> bool:
    message = _claim(key, now)
    if message is None:
        return False
    provider = channels.provider_of(message.channel)
    try:
        carrier, outgoing = channels.adapter(provider), channels.outgoing_of(message)
    except Exception as error:  # nothing has left; one message that cannot be made must not stop the others
        logger.exception("message %s for %s", key, provider)
        _retry(message, base.TryLater(type(error).__name__), now)
        return False
    try:
        return _hand_over(message, provider, now) and _carry(carrier, outgoing, message, now)
    except Refused:
        # The lease ran out meanwhile and somebody else settled it.
        logger.warning("message %s was settled while its channel was asked", key)
        return False


def _carry(carrier: Any, outgoing: base.Outgoing, message: Message, now: datetime) -> bool:
    """The network, outside any transaction, and what its answer means for the row."""
    key = message.pk
    try:
        receipt_id = carrier.send(outgoing)
    except base.Refused as refusal:
        _fail(key, str(refusal), now)
    except base.TryLater as delay:
        _retry(message, delay, now)
    except base.OutcomeUnknown as silence:
        _lose_sight(key, str(silence), now)
    except Exception as error:  # a carrier's own mistake must not stop the others, nor be sent twice
        logger.exception("message %s over %s", key, carrier.__name__)
        _lose_sight(key, type(error).__name__, now)
    else:
        _mark_sent(key, receipt_id, now)
        return True
    return False


def _claim(key: int, now: datetime) -> Message | None:
    """The message under a lease; None when another worker holds it, or when it turned out to be no longer due."""
    with transaction.atomic():
        found = Message.objects.select_for_update(skip_locked=True, of=("self",)).filter(_due(now), pk=key).first()
        if found is None:
            return None
        if found.status == MessageStatus.SENDING and found.handed_over_at:
            # Its worker died after handing it over.
            _lose_sight(key, "", now)
            return None
        with moving(Message, key, moves.CLAIM, actor=audit.SYSTEM) as message:
            message.leased_until = now + LEASE
            message.attempts += 1
    return message


def _hand_over(message: Message, provider: str, now: datetime) -> bool:
    """Write down that from here on the channel may have it. False when the lease is no longer ours."""
    return bool(
        Message.objects.filter(pk=message.pk, status=MessageStatus.SENDING, leased_until=message.leased_until).update(
            handed_over_at=now, provider=provider
        )
    )


def _mark_sent(key: int, receipt_id: str, now: datetime) -> None:
    with moving(Message, key, moves.SENT, actor=audit.SYSTEM) as message:
        message.sent_at, message.leased_until, message.last_error = now, None, ""
        message.receipt_id = receipt_id
        message.ask_receipt_at = first_question(message, now)
        if message.status == MessageStatus.UNKNOWN:
            drop_call(message)


def _retry(message: Message, delay: base.TryLater, now: datetime) -> None:
    """Try again with growing pauses or the provider's own, and after the last attempt leave it to a person."""
    if message.attempts >= ATTEMPTS_MAX:
        _fail(message.pk, str(delay), now)
        return
    with moving(Message, message.pk, moves.RETRY, actor=audit.SYSTEM) as waiting:
        waiting.leased_until = waiting.handed_over_at = None
        waiting.last_error = str(delay)[:300]
        waiting.not_before = now + max(delay.pause or timedelta(0), timedelta(minutes=2**waiting.attempts))


def _fail(key: int, error: str, now: datetime) -> None:
    with moving(Message, key, moves.FAIL, actor=audit.SYSTEM) as failed:
        failed.leased_until = failed.handed_over_at = None
        failed.last_error = error[:300]
        queue_call(failed, now)


def _lose_sight(key: int, error: str, now: datetime) -> None:
    """Nobody knows: the provider is asked where it can be, else a person looks; meanwhile somebody phones. [3.5]"""
    with moving(Message, key, moves.LOSE_SIGHT, actor=audit.SYSTEM) as message:
        message.leased_until = None
        message.last_error = error[:300]
        message.ask_receipt_at = first_question(message, now)
        queue_call(message, now)


def first_question(message: Message, now: datetime) -> datetime | None:
    """When the provider is first asked for the receipt; None where there is nobody to ask."""
    if message.channel == Channel.SMS and message.provider in channels.ADAPTERS:
        return now + RECEIPT_AFTER
    return None
