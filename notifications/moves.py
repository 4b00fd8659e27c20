from django.utils.translation import gettext_lazy as _

from core.transitions import Move
from notifications.enums import MessageStatus as S

CLAIM = Move("claim_message", _("发送"), (S.QUEUED, S.SENDING), S.SENDING, "[3.5]")
# An answer may come after the lease has run out and the outcome was taken for unknown.
SENT = Move("message_sent", _("送达通道"), (S.SENDING, S.UNKNOWN), S.SENT, "[3.5]")
RETRY = Move("message_retry", _("稍后重发"), (S.SENDING,), S.QUEUED, "[3.5]")
FAIL = Move("message_failed", _("发送失败"), (S.SENDING,), S.FAILED, "[3.5]")
# The channel may have taken it: never sent again without somebody who knows that it did not.
LOSE_SIGHT = Move("message_unknown", _("结果不明"), (S.SENDING,), S.UNKNOWN, "[3.5]")

# What the provider's receipt says later.
ARRIVED = Move("message_delivered", _("确认送达"), (S.SENT, S.UNKNOWN), S.DELIVERED, "[3.5]")
TAKEN = Move("message_taken", _("确认已发出"), (S.UNKNOWN,), S.SENT, "[3.5]")
NOT_ARRIVED = Move("message_not_delivered", _("确认未送达"), (S.SENT, S.UNKNOWN), S.FAILED, "[3.5]")

# What people do.
SEND_AGAIN = Move("send_again", _("重新发送"), (S.FAILED,), S.QUEUED, "[3.5]")
WITHHOLD = Move("withhold_message", _("不再发送"), (S.QUEUED, S.TO_CALL), S.WITHHELD, "[3.5]")
REACHED = Move("call_reached", _("电话已告知"), (S.TO_CALL,), S.SENT, "[3.5]")
NOT_REACHED = Move("call_missed", _("电话未接通"), (S.TO_CALL,), S.TO_CALL, "[3.5]")
GIVE_UP = Move("give_up_call", _("联系不上，结束告知"), (S.TO_CALL,), S.FAILED, "[3.5]")

MOVES = [
    *(CLAIM, SENT, RETRY, FAIL, LOSE_SIGHT),
    *(ARRIVED, TAKEN, NOT_ARRIVED),
    *(SEND_AGAIN, WITHHOLD, REACHED, NOT_REACHED, GIVE_UP),
]
ACTIONS = {"reveal_recipient": _("查看联系方式"), "queue_call": _("转为电话告知")}
