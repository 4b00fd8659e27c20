from django.utils.translation import gettext_lazy as _

from core.transitions import Move
from deadlines.enums import ObligationStatus as S
from deadlines.enums import TimerStatus as T

MEET = Move("meet_obligation", _("办结"), (S.OPEN,), S.MET, "[3.7]")
REOPEN = Move("reopen_obligation", _("退回继续计时"), (S.MET,), S.OPEN, "[3.7]")
VOID = Move("void_obligation", _("终止计时"), (S.OPEN,), S.VOID, "[3.7]")
FIRE = Move("fire_timer", _("提醒"), (T.PENDING,), T.FIRED, "[3.7]")
SUPERSEDE = Move("supersede_timer", _("不再提醒"), (T.PENDING,), T.SUPERSEDED, "[3.7]")

MOVES = [MEET, REOPEN, VOID, FIRE, SUPERSEDE]

# Entries of the audit trail that are no move of a status.
ACTIONS = {
    "open_obligation": _("开始计时"),
    "revise_obligation": _("调整期限"),
    "would_move_earlier": _("日历调整后应提前，待决定"),
    "escalate": _("时限提醒"),
    "acknowledge_escalation": _("签收提醒"),
}
