"""Asking providers what became of the SMS they took, and of those that nobody knows about. [3.5]"""

import logging
import time
from datetime import datetime, timedelta

from django.db import transaction

from core import audit
from core.errors import Refused
from core.transitions import moving
from notifications import channels, moves
from notifications.channels import base
from notifications.enums import MessageStatus
from notifications.models import Message
from notifications.services.outbox import drop_call, queue_call

logger = logging.getLogger(__name__)
BATCH = 200
# After three days a provider answers no more.
ASKED_FOR = timedelta(hours=72)
PAUSE_MIN = timedelta(minutes=1)
# A provider that does not know a text an hour after it may have been handed over never had it.
LOST_AFTER = timedelta(hours=1)
WAITING = (MessageStatus.SENT, MessageStatus.UNKNOWN)


def ask_receipts(now: datetime) -> int:
    """Ask for every receipt whose time has come; returns how many fates became known."""
    began = time.monotonic()
    due = Message.objects.filter(ask_receipt_at__lte=now).order_by("ask_receipt_at", "pk")
    keys = list(due.values_list("pk", flat=True)[:BATCH])
    return sum(_ask_one(key, now + timedelta(seconds=time.monotonic() - began)) for key in keys)


def _ask_one(key: int, now: datetime) -> bool:
    """Put off the next question first, so that two sweeps ask once; the network is outside any transaction."""
    message = _take_question(key, now)
    if message is None:
        return False
    try:
        report = channels.adapter(message.provider).state_of(_inquiry(message))
    except (base.NotTaken, base.OutcomeUnknown) as silence:
        logger.info("receipt of message %s: %s", key, type(silence).__name__)
        return False
    except Exception:  # one answer that cannot be read must not stop the others
        logger.exception("receipt of message %s", key)
        return False
    try:
        return _settle(message, report, now)
    except Refused:
        # Settled meanwhile by a person.
        return False


def _take_question(key: int, now: datetime) -> Message | None:
    with transaction.atomic():
        waiting = Message.objects.select_for_update(skip_locked=True, of=("self",))
        message = waiting.filter(pk=key, ask_receipt_at__lte=now, status__in=WAITING).first()
        if message is None:
            return None
        message.ask_receipt_at = _next_question(message, now)
        message.save(update_fields=["ask_receipt_at"])
    return message


def _next_question(message: Message, now: datetime) -> datetime | None:
    """As long again as it has been under way, until three days are over."""
    under_way = now - _handed_over(message)
    pause = max(PAUSE_MIN, under_way)
    return now + pause if under_way + pause <= ASKED_FOR else None


def _handed_over(message: Message) -> datetime:
    return message.handed_over_at or message.created_at


def _inquiry(message: Message) -> base.Inquiry:
    return base.Inquiry(message.dedup_key, message.recipient, message.receipt_id, _handed_over(message))


def _settle(message: Message, report: base.Report, now: datetime) -> bool:
    """Write down what the provider says; True when its fate is now known."""
    if report.fate == base.Fate.DELIVERED:
        _arrived(message, report, now)
    elif report.fate == base.Fate.NOT_DELIVERED:
        _not_arrived(message, report.reason, now)
    elif message.status == MessageStatus.UNKNOWN and report.fate == base.Fate.UNDER_WAY:
        with moving(Message, message.pk, moves.TAKEN, actor=audit.SYSTEM) as taken:
            taken.sent_at, taken.receipt_id, taken.last_error = _handed_over(taken), report.receipt_id, ""
        return False
    elif message.status == MessageStatus.UNKNOWN and now - _handed_over(message) >= LOST_AFTER:
        _not_arrived(message, report.reason, now)
    else:
        return False
    return True


def _arrived(message: Message, report: base.Report, now: datetime) -> None:
    with moving(Message, message.pk, moves.ARRIVED, actor=audit.SYSTEM) as arrived:
        arrived.sent_at = arrived.sent_at or _handed_over(arrived)
        arrived.delivered_at = report.at or now
        arrived.receipt_id = report.receipt_id or arrived.receipt_id
        arrived.ask_receipt_at, arrived.last_error = None, ""
        drop_call(arrived)


def _not_arrived(message: Message, reason: str, now: datetime) -> None:
    with moving(Message, message.pk, moves.NOT_ARRIVED, actor=audit.SYSTEM) as failed:
        failed.ask_receipt_at, failed.last_error = None, reason[:300]
        queue_call(failed, now)
