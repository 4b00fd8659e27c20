from django.utils.translation import gettext_lazy as _

from core.transitions import Move
from inquiries.enums import CAN_REOPEN
from inquiries.enums import InquiryStatus as S

ANSWER = Move("answer_inquiry", _("答复"), (S.OPEN,), S.ANSWERED, "[3.1]")
POINT_ON = Move("point_on", _("指引"), (S.OPEN,), S.POINTED_ON, "[3.1]")
BOOK = Move("book_for_asker", _("帮办预约"), (S.OPEN,), S.BOOKED, "[3.1]")
WITHDRAW = Move("withdraw_inquiry", _("撤回咨询"), (S.OPEN,), S.WITHDRAWN, "[3.1]")
ASK_AGAIN = Move("ask_again", _("追问"), CAN_REOPEN, S.OPEN, "[3.1]")

MOVES = [ANSWER, POINT_ON, BOOK, WITHDRAW, ASK_AGAIN]

# Entries of the audit trail that are no move of a status.
ACTIONS = {
    "ask": _("提问"),
    "add_to_question": _("补充问题"),
    "correct_reply": _("更正答复"),
    "send_link_again": _("重发链接"),
    "pass_inquiry": _("转部门答复"),
    "hand_back_inquiry": _("退回窗口"),
    "start_booking": _("帮办取号"),
    "judge_reply": _("评价答复"),
    "reveal_asker": _("查看提问人联系方式"),
}
