"""What a person does with a message: phone, send again, say what became of it, look up the number. [3.5]"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.errors import Refused
from core.models import User
from core.transitions import lock, moving
from notifications import guards, moves, permissions
from notifications.models import Message
from notifications.services.outbox import drop_call, queue_call
from notifications.services.texts import refresh_template


def send_again(*, message_id: int, actor: User, now: datetime) -> Message:
    """Queue a failed message once more, by the SMS template that is approved now.

    Refuses `no_recipient` and `is_a_call`.
    """
    with moving(Message, message_id, moves.SEND_AGAIN, actor=actor) as message:
        permissions.check_can_send_again(actor)
        guards.check_can_be_sent(message)
        message.attempts = 0
        message.not_before = now
        message.sent_at = message.handed_over_at = message.ask_receipt_at = None
        message.receipt_id = ""
        refresh_template(message)
    return message


def record_call(*, message_id: int, reached: bool, note: str, actor: User, now: datetime) -> Message:
    """Tick off a call: told, or not reached and to be tried again. [3.5]

    The note stays in the trail. Refuses `too_early` before the call's time.
    """
    move = moves.REACHED if reached else moves.NOT_REACHED
    with moving(Message, message_id, move, actor=actor, reason=note) as message:
        permissions.check_can_call(actor, message)
        guards.check_call_is_due(message, now)
        message.attempts += 1
        message.last_error = "" if reached else note[:300]
        if reached:
            message.sent_at = now
    return message


def give_up_call(*, message_id: int, note: str, actor: User) -> Message:
    """End a call that reached nobody. [3.5] Refuses `too_few_calls` before the third try."""
    with moving(Message, message_id, moves.GIVE_UP, actor=actor, reason=note) as message:
        permissions.check_can_call(actor, message)
        guards.check_tried_often_enough(message)
        message.last_error = note[:300]
    return message


def settle_unknown(*, message_id: int, arrived: bool, note: str, actor: User, now: datetime) -> Message:
    """A person found out what became of a message whose outcome nobody knew. Refuses `wrong_status`."""
    move = moves.TAKEN if arrived else moves.NOT_ARRIVED
    with transaction.atomic():
        guards.check_is_unknown(lock(Message, message_id))
        with moving(Message, message_id, move, actor=actor, reason=note) as message:
            permissions.check_can_send_again(actor)
            message.ask_receipt_at = None
            message.last_error = "" if arrived else note[:300]
            if arrived:
                message.sent_at = message.handed_over_at or now
                drop_call(message)
            else:
                queue_call(message, now)
    return message


def reveal_recipient(*, message_id: int, actor: User, reason: str) -> Message:
    """A look at the whole number, which the trail keeps. [3.5] Refuses `not_needed` once the message is out."""
    with transaction.atomic():
        message = lock(Message, message_id)
        permissions.check_can_reveal(actor, message)
        guards.check_recipient_is_needed(message)
        audit.record("reveal_recipient", message, actor=actor, reason=reason, clause="[3.5]")
    if not message.recipient:
        raise Refused("no_recipient", _("没有可用的联系方式。"))
    return message
