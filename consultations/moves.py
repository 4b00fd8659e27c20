from django.utils.translation import gettext_lazy as _

from consultations.enums import RecordStatus as R
from core.transitions import Move

SIGN_OFF = Move("sign_off_consultation", _("签办"), (R.DRAFT,), R.SIGNED, "[3.6]")

RECORD_MOVES = [SIGN_OFF]
MOVES = RECORD_MOVES

# Entries of the audit trail that are no move of a status.
ACTIONS = {
    "open_record": _("开始记录"),
    "take_over_record": _("接手记录"),
    "sign_by_hand": _("手写签名"),
    "correct_record": _("更正记录"),
    "export_record": _("导出记录表"),
}
