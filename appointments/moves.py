from django.utils.translation import gettext_lazy as _

from appointments.enums import RAN_OUT
from appointments.enums import BookingStatus as S
from core.transitions import Move

CONFIRM = Move("confirm_booking", _("提交信息表"), (S.HELD, S.OFFERED), S.CONFIRMED, "[3.3]")
CANCEL = Move(
    "cancel_booking", _("取消预约"), (S.WAITING, S.CONTESTED, S.OFFERED, S.HELD, S.CONFIRMED), S.CANCELLED, "[3.3]"
)
EXPIRE = Move("hold_ran_out", _("取号超时"), (S.HELD,), S.EXPIRED, "[3.3]")
LAPSE = Move("offer_ran_out", _("递补超时"), (S.OFFERED,), S.LAPSED, "[3.3]")
OFFER = Move("offer_number", _("递补"), (S.WAITING,), S.OFFERED, "[3.3]")
RETAKE = Move("take_again", _("重新取号"), RAN_OUT, S.HELD, "[3.3]")
REJOIN = Move("wait_again", _("加入候补"), RAN_OUT, S.WAITING, "[3.3]")
END_OF_LINE = Move("line_ended", _("候补结束"), (S.WAITING, S.CONTESTED), S.LAPSED, "[3.3]")
UPHOLD_WITH_NUMBER = Move("uphold_claim", _("确认为本企业预约"), (S.CONTESTED,), S.OFFERED, "[3.3]")
UPHOLD_IN_LINE = Move("uphold_claim_in_line", _("确认为本企业候补"), (S.CONTESTED,), S.WAITING, "[3.3]")
DISMISS_CLAIM = Move("dismiss_claim", _("核实申请不成立"), (S.CONTESTED,), S.CANCELLED, "[3.3]")
SITTING_CANCELLED = Move(
    "sitting_cancelled",
    _("坐诊取消"),
    (S.WAITING, S.OFFERED, S.HELD, S.CONFIRMED),
    S.SITTING_CANCELLED,
    "[3.3]",
)

MOVES = [
    CONFIRM,
    CANCEL,
    EXPIRE,
    LAPSE,
    OFFER,
    RETAKE,
    REJOIN,
    END_OF_LINE,
    UPHOLD_WITH_NUMBER,
    UPHOLD_IN_LINE,
    DISMISS_CLAIM,
    SITTING_CANCELLED,
]

# Entries of the audit trail that are no move of a status.
ACTIONS = {
    "booking_held": _("取号"),
    "booking_waiting": _("加入候补"),
    "booking_contested": _("申请核实"),
    "booking_offered": _("顺延保留号码"),
    "find_booking": _("查询预约"),
    "reveal_contact": _("查看联系方式"),
    "report_pressure": _("反映压制报复"),
    "move_sitting": _("调整坐诊日期"),
    "move_session": _("调整场次时间地点"),
    "call_off_session": _("取消场次"),
    "export_bookings": _("导出挂号清单"),
    "download_attachment": _("下载附件"),
}
