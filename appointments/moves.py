from django.utils.translation import gettext_lazy as _

from appointments.enums import COMING, EXPECTED, RAN_OUT
from appointments.enums import BookingStatus as S
from appointments.enums import QueueStatus as Q
from appointments.enums import VerificationStatus as V
from core.transitions import Move

CONFIRM = Move("confirm_booking", _("提交信息表"), (S.HELD, S.OFFERED), S.CONFIRMED, "[3.3]")
CANCEL = Move("cancel_booking", _("取消预约"), (*COMING, S.CONTESTED), S.CANCELLED, "[3.3]")
EXPIRE = Move("hold_ran_out", _("取号超时"), (S.HELD,), S.EXPIRED, "[3.3]")
LAPSE = Move("offer_ran_out", _("递补超时"), (S.OFFERED,), S.LAPSED, "[3.3]")
OFFER = Move("offer_number", _("递补"), (S.WAITING,), S.OFFERED, "[3.3]")
RETAKE = Move("take_again", _("重新取号"), RAN_OUT, S.HELD, "[3.3]")
REJOIN = Move("wait_again", _("加入候补"), RAN_OUT, S.WAITING, "[3.3]")
END_OF_LINE = Move("line_ended", _("候补结束"), (S.WAITING, S.CONTESTED), S.LAPSED, "[3.3]")
UPHOLD_WITH_NUMBER = Move("uphold_claim", _("确认为本企业预约"), (S.CONTESTED,), S.OFFERED, "[3.3]")
UPHOLD_IN_LINE = Move("uphold_claim_in_line", _("确认为本企业候补"), (S.CONTESTED,), S.WAITING, "[3.3]")
DISMISS_CLAIM = Move("dismiss_claim", _("核实申请不成立"), (S.CONTESTED,), S.CANCELLED, "[3.3]")
ASK_CALL_BACK = Move("ask_call_back", _("请求回电"), (S.HELD, S.OFFERED), S.WAITING, "[3.3]")
SITTING_CANCELLED = Move("sitting_cancelled", _("坐诊取消"), COMING, S.SITTING_CANCELLED, "[3.3]")
ACCEPT = Move("accept_booking", _("受理"), (S.CONFIRMED, S.RETURNED), S.ACCEPTED, "[3.4]")
REFUSE = Move("refuse_booking", _("不予受理"), EXPECTED, S.REFUSED, "[4.2]")
SEND_BACK = Move("send_back_booking", _("退回补充"), (S.CONFIRMED,), S.RETURNED, "[3.4]")
ADD_FACTS = Move("add_facts", _("补充说明"), (S.RETURNED,), S.CONFIRMED, "[3.4]")
SOLVE = Move("confirm_solved", _("确认已解决"), (S.ACCEPTED,), S.SOLVED, "[3.3]")
ATTEND = Move("attend_booking", _("接诊"), (S.ACCEPTED,), S.ATTENDED, "[3.6]")
NOT_SEEN = Move("sitting_ended_unseen", _("坐诊结束，未能接诊"), EXPECTED, S.NOT_SEEN, "[3.3]")
MISS = Move("miss_booking", _("记为未到场"), (S.ACCEPTED,), S.ABSENT, "[3.3]")

RECORD_VERIFICATION = Move("record_verification", _("登记对接核实"), (V.OPEN,), V.DONE, "[3.4]")
VOID_VERIFICATION = Move("void_verification", _("不再需要核实"), (V.OPEN,), V.VOID, "[3.4]")
LEAVE_OUT = Move("leave_out_department", _("调出责任单位"), (V.OPEN, V.DONE), V.LEFT_OUT, "[3.4]")
REOPEN_VERIFICATION = Move("reopen_verification", _("重新对接核实"), (V.LEFT_OUT,), V.OPEN, "[3.4]")

CALL = Move("call_number", _("叫号"), (Q.WAITING,), Q.CALLED, "[3.6]")
CALL_AGAIN = Move("call_number_again", _("再次叫号"), (Q.CALLED,), Q.CALLED, "[3.6]")
PASS_OVER = Move("pass_over", _("过号"), (Q.CALLED,), Q.WAITING, "[3.6]")
START_CONSULTATION = Move("start_consultation", _("开始接诊"), (Q.CALLED,), Q.CONSULTING, "[3.6]")
FINISH_CONSULTATION = Move("finish_consultation", _("结束接诊"), (Q.CONSULTING,), Q.DONE, "[3.6]")
MARK_ABSENT = Move("mark_absent", _("记为未到"), (Q.WAITING, Q.CALLED), Q.ABSENT, "[3.3]")
BRING_BACK = Move("bring_back", _("恢复候诊"), (Q.ABSENT,), Q.WAITING, "[3.3]")

BOOKING_MOVES = [
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
    ASK_CALL_BACK,
    SITTING_CANCELLED,
    ACCEPT,
    REFUSE,
    SEND_BACK,
    ADD_FACTS,
    SOLVE,
    ATTEND,
    MISS,
    NOT_SEEN,
]
VERIFICATION_MOVES = [RECORD_VERIFICATION, VOID_VERIFICATION, LEAVE_OUT, REOPEN_VERIFICATION]
QUEUE_MOVES = [CALL, CALL_AGAIN, PASS_OVER, START_CONSULTATION, FINISH_CONSULTATION, MARK_ABSENT, BRING_BACK]
MOVES = [*BOOKING_MOVES, *VERIFICATION_MOVES, *QUEUE_MOVES]

# Entries of the audit trail that are no move of a status.
ACTIONS = {
    "booking_held": _("取号"),
    "booking_waiting": _("加入候补"),
    "booking_contested": _("申请核实"),
    "booking_offered": _("顺延保留号码"),
    "verify_mobile": _("验证手机"),
    "find_booking": _("查询预约"),
    "reveal_contact": _("查看联系方式"),
    "report_pressure": _("反映压制报复"),
    "move_sitting": _("调整坐诊日期"),
    "move_session": _("调整场次时间地点"),
    "call_off_session": _("取消场次"),
    "export_bookings": _("导出挂号清单"),
    "download_attachment": _("下载附件"),
    "assign_departments": _("分办"),
    "place_booking": _("排场"),
    "propose_solved": _("反馈对接中已解决"),
    "decline_solved": _("企业认为尚未解决"),
    "start_verification": _("交办对接核实"),
    "send_call_notice": _("叫号提醒"),
    "check_in": _("签到"),
    "withdraw_check_in": _("改期，签到作废"),
    "make_board": _("新增大屏"),
    "revoke_board": _("停用大屏"),
}
