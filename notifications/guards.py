"""May it happen now, to this message."""

from datetime import datetime

from django.utils.translation import gettext as _

from core.errors import AlreadyDone, Refused
from notifications.enums import NOT_REACHED, OUT, Channel, MessageStatus
from notifications.models import Message

# Tries before a person may end a call as unreachable (ours).
CALLS_MIN = 3


def check_can_be_sent(message: Message) -> None:
    if not message.recipient:
        raise Refused("no_recipient", _("没有可用的联系方式，请改为电话告知。"))
    if message.channel == Channel.PHONE:
        raise Refused("is_a_call", _("电话告知由人工完成，不能重新发送。"))


def check_call_is_due(message: Message, now: datetime) -> None:
    if message.not_before > now:
        raise Refused("too_early", _("尚未到告知时间。"))


def check_tried_often_enough(message: Message) -> None:
    if message.attempts < CALLS_MIN:
        raise Refused(
            "too_few_calls",
            _("已拨打 %(done)s 次。拨打满 %(needed)s 次仍联系不上的，方可结束告知。")
            % {"done": message.attempts, "needed": CALLS_MIN},
        )


def check_is_unknown(message: Message) -> None:
    """Only what nobody knows is settled by a person."""
    if message.status in OUT:
        raise AlreadyDone("already_done", _("该消息已确认发出，无需核对。"))
    if message.status != MessageStatus.UNKNOWN:
        raise Refused("wrong_status", _("该消息的结果无需核对。"))


def check_recipient_is_needed(message: Message) -> None:
    if message.status not in NOT_REACHED:
        raise Refused("not_needed", _("该消息无需人工联系，不显示完整的联系方式。"))
