from django.utils.translation import gettext_lazy as _

from cases.enums import AT_WORK, CommonStatus, Ruling, TieStatus, Verdict
from cases.enums import AssignmentStatus as A
from cases.enums import CaseStatus as C
from core.transitions import Move

CLOSE = Move("close_case", _("销号"), (C.HANDLING,), C.CLOSED, "[3.7]")
# A new round of the same demand, after a follow-up.
REOPEN = Move("reopen_case", _("重新办理"), (C.CLOSED,), C.HANDLING, "[3.9]")

MAKE_PLAN = Move("make_plan", _("确定办理方案"), (A.PLANNING,), A.HANDLING, "[3.7]")
GIVE_FEEDBACK = Move("give_feedback", _("反馈办理情况"), (A.HANDLING,), A.CHECKING, "[3.7]")
# What was promised for a day after the feedback's is done now, and checked like the feedback. [3.7]
REPORT_COMPLETION = Move("report_completion", _("反馈承诺事项"), (A.DONE,), A.CHECKING, "[3.7]")
ACCEPT_FEEDBACK = Move("accept_feedback", _("审核通过"), (A.CHECKING,), A.DONE, "[3.7]")
RETURN_FEEDBACK = Move("return_feedback", _("退回补办"), (A.CHECKING,), A.HANDLING, "[3.7]")
WITHDRAW = Move("withdraw_assignment", _("撤回交办"), AT_WORK, A.WITHDRAWN, "[3.7]")

FEEDBACK_ACCEPTED = Move("feedback_accepted", _("反馈通过"), (Verdict.PENDING,), Verdict.ACCEPTED, "[3.7]")
FEEDBACK_RETURNED = Move("feedback_returned", _("反馈退回"), (Verdict.PENDING,), Verdict.RETURNED, "[3.7]")

UPHOLD_OBJECTION = Move("uphold_objection", _("异议成立"), (Ruling.PENDING,), Ruling.GRANTED, "[3.7]")
DISMISS_OBJECTION = Move("dismiss_objection", _("异议不成立"), (Ruling.PENDING,), Ruling.REFUSED, "[3.7]")
GRANT_EXTENSION = Move("grant_extension", _("同意延期"), (Ruling.PENDING,), Ruling.GRANTED, "[3.7]")
REFUSE_EXTENSION = Move("refuse_extension", _("不同意延期"), (Ruling.PENDING,), Ruling.REFUSED, "[3.7]")

UNDO_LINK = Move("undo_link", _("撤销关联"), (TieStatus.STANDING,), TieStatus.UNDONE, "[3.7]")
UNDO_MERGER = Move("undo_merger", _("撤销并案"), (TieStatus.STANDING,), TieStatus.UNDONE, "[3.7]")
SETTLE_COMMON = Move("settle_common", _("共性诉求办结"), (CommonStatus.OPEN,), CommonStatus.SETTLED, "[5.3]")
REOPEN_COMMON = Move("reopen_common", _("共性诉求重新推进"), (CommonStatus.SETTLED,), CommonStatus.OPEN, "[5.3]")

CASE_MOVES = [CLOSE, REOPEN]
ASSIGNMENT_MOVES = [MAKE_PLAN, GIVE_FEEDBACK, REPORT_COMPLETION, ACCEPT_FEEDBACK, RETURN_FEEDBACK, WITHDRAW]
FEEDBACK_MOVES = [FEEDBACK_ACCEPTED, FEEDBACK_RETURNED]
OBJECTION_MOVES = [UPHOLD_OBJECTION, DISMISS_OBJECTION]
EXTENSION_MOVES = [GRANT_EXTENSION, REFUSE_EXTENSION]
LINK_MOVES = [UNDO_LINK]
MERGER_MOVES = [UNDO_MERGER]
COMMON_MOVES = [SETTLE_COMMON, REOPEN_COMMON]
MOVES = [
    *CASE_MOVES,
    *ASSIGNMENT_MOVES,
    *FEEDBACK_MOVES,
    *OBJECTION_MOVES,
    *EXTENSION_MOVES,
    *LINK_MOVES,
    *MERGER_MOVES,
    *COMMON_MOVES,
]

# Entries of the audit trail that are no move of a status.
ACTIONS = {
    "open_case": _("交办"),
    "case_closed_at_once": _("现场办结"),
    "assign_case": _("交办责任单位"),
    "divide_case": _("责任分工"),
    "change_plan": _("调整办理方案"),
    "object_to_assignment": _("提出异议"),
    "ask_extension": _("申请延期"),
    "override_limit": _("适用法定时限"),
    "make_joint": _("转为联办"),
    "urge": _("催办"),
    "submit_feedback": _("提交反馈"),
    "add_to_case": _("企业补充情况"),
    "download_case_file": _("下载补充材料"),
    "link_cases": _("关联诉求"),
    "merge_cases": _("并案办理"),
    "join_merger": _("并入"),
    "leave_merger": _("撤销并案"),
    "open_common": _("列为共性诉求"),
    "add_to_common": _("列入共性诉求"),
    "take_out_of_common": _("移出共性诉求"),
    "change_common": _("修改共性诉求"),
}
