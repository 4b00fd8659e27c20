from django.utils.translation import gettext_lazy as _

from core.transitions import Move
from evaluations.enums import FollowUpStatus as F
from evaluations.enums import ReferralStatus as R

CONFIRM = Move("confirm_follow_up", _("核实无误"), (F.OPEN,), F.CONFIRMED, "[3.9]")
SEND_BACK = Move("send_case_back", _("重新办理"), (F.OPEN,), F.SENT_BACK, "[3.9]")
FIND_UNRECTIFIED = Move("find_unrectified", _("认定无整改成效"), (F.OPEN,), F.UNRECTIFIED, "[3.9]")

APPROVE_REFERRAL = Move("approve_referral", _("同意报送"), (R.PROPOSED,), R.APPROVED, "[3.9]")
REJECT_REFERRAL = Move("reject_referral", _("不同意报送"), (R.PROPOSED,), R.REJECTED, "[3.9]")

FOLLOW_UP_MOVES = [CONFIRM, SEND_BACK, FIND_UNRECTIFIED]
REFERRAL_MOVES = [APPROVE_REFERRAL, REJECT_REFERRAL]
MOVES = [*FOLLOW_UP_MOVES, *REFERRAL_MOVES]

# Entries of the audit trail that are no move of a status.
ACTIONS = {
    # None of these says how anybody rated. [5.2]
    "invite_rating": _("邀请评价"),
    "remind_rating": _("提醒评价"),
    "send_rating_link": _("重发评价链接"),
    "rate": _("企业评价"),
    "draw_sample": _("抽取未评价诉求"),
    "look_at_ratings": _("查看评价"),
    "open_follow_up": _("发起回访"),
    "join_follow_up": _("并入回访"),
    "assign_follow_up": _("指派回访"),
    "record_follow_up_call": _("登记回访电话"),
    "reveal_for_follow_up": _("查看联系方式"),
    "look_at_author": _("查看评价情况"),
    "print_referral": _("打印签批单"),
    "propose_referral": _("提请报送市纪委市监委"),
}
