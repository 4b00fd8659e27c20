from django.utils.translation import gettext_lazy as _

from core.transitions import Move
from notifications.enums import MessageStatus as S

CLAIM = Move("claim_message", _("发送"), (S.QUEUED, S.SENDING), S.SENDING, "[3.5]")
SENT = Move("message_sent", _("送达通道"), (S.SENDING,), S.SENT, "[3.5]")
RETRY = Move("message_retry", _("稍后重发"), (S.SENDING,), S.QUEUED, "[3.5]")
FAIL = Move("message_failed", _("发送失败"), (S.SENDING,), S.FAILED, "[3.5]")
SEND_AGAIN = Move("send_again", _("重新发送"), (S.FAILED,), S.QUEUED, "[3.5]")

MOVES = [CLAIM, SENT, RETRY, FAIL, SEND_AGAIN]
