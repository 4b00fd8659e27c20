from django.utils.translation import gettext_lazy as _

from core.transitions import Move
from reports.enums import EXPORT_AHEAD, FINDING_AHEAD, TYPICAL_IN_WORK
from reports.enums import ExportStatus as E
from reports.enums import FindingStatus as F
from reports.enums import ListStatus as S
from reports.enums import ProposalStatus as P
from reports.enums import ReportStatus as R
from reports.enums import ResultsStatus as Q
from reports.enums import TypicalStatus as T

SEND_LIST = Move("send_list", _("发送清单"), (S.DRAFT,), S.SENT, "[3.4]")

APPROVE_REPORT = Move("approve_report", _("审定"), (R.DRAFT,), R.APPROVED, "[3.10]")
SEND_BACK_REPORT = Move("send_back_report", _("退回修改"), (R.DRAFT, R.APPROVED), R.DRAFT, "[3.10]")
ISSUE_REPORT = Move("issue_report", _("印发"), (R.APPROVED,), R.ISSUED, "[3.10]")
DROP_REPORT = Move("drop_report", _("作废"), (R.DRAFT, R.APPROVED), R.DROPPED, "[3.10]")

APPROVE_RESULTS = Move("approve_results", _("审定"), (Q.DRAFT,), Q.APPROVED, "[5.4]")
SEND_BACK_RESULTS = Move("send_back_results", _("退回"), (Q.APPROVED,), Q.DRAFT, "[5.4]")
PUBLISH_RESULTS = Move("publish_results", _("公布"), (Q.APPROVED,), Q.PUBLISHED, "[5.4]")
WITHDRAW_RESULTS = Move("withdraw_results", _("撤下"), (Q.DRAFT, Q.APPROVED, Q.PUBLISHED), Q.WITHDRAWN, "[5.4]")

# Machines move these; what was asked for and fetched stands in the audit trail. [3.10]
CLAIM_EXPORT = Move("claim_export", _("开始生成"), EXPORT_AHEAD, E.WORKING, "[3.10]")
FINISH_EXPORT = Move("finish_export", _("生成完毕"), (E.WORKING,), E.DONE, "[3.10]")
FAIL_EXPORT = Move("fail_export", _("未能生成"), (E.WORKING,), E.FAILED, "[3.10]")
EXPIRE_EXPORT = Move("expire_export", _("过期"), (E.DONE, E.FAILED), E.EXPIRED, "[3.10]")

NAME_PROPOSAL = Move("name_proposal", _("列为共性诉求"), (P.PROPOSED,), P.NAMED, "[5.3]")
JOIN_PROPOSAL = Move("join_proposal", _("并入共性诉求"), (P.PROPOSED,), P.NAMED, "[5.3]")
DISMISS_PROPOSAL = Move("dismiss_proposal", _("不作共性诉求"), (P.PROPOSED,), P.DISMISSED, "[5.3]")
TAKE_UP_PROPOSAL = Move("take_up_proposal", _("重新研究"), (P.DISMISSED,), P.PROPOSED, "[5.3]")
# Found otherwise, or no longer, by the job that looks for likeness.
LOSE_PROPOSAL = Move("lose_proposal", _("不再成组"), (P.PROPOSED,), P.GONE, "[5.3]")

CLAIM_FINDING = Move("claim_finding", _("开始查找"), FINDING_AHEAD, F.WORKING, "[5.3]")
FINISH_FINDING = Move("finish_finding", _("查找完毕"), (F.WORKING,), F.DONE, "[5.3]")
FAIL_FINDING = Move("fail_finding", _("未能完成"), (F.WORKING,), F.FAILED, "[5.3]")

CHECK_TYPICAL = Move("check_typical", _("核对"), (T.DRAFT,), T.CHECKED, "[5.4]")
APPROVE_TYPICAL = Move("approve_typical", _("审定"), (T.CHECKED,), T.APPROVED, "[5.4]")
PUBLISH_TYPICAL = Move("publish_typical", _("发布"), (T.APPROVED,), T.PUBLISHED, "[5.4]")
SEND_BACK_TYPICAL = Move("send_back_typical", _("退回修改"), TYPICAL_IN_WORK, T.DRAFT, "[5.4]")
WITHDRAW_TYPICAL = Move("withdraw_typical", _("撤下"), (*TYPICAL_IN_WORK, T.PUBLISHED), T.WITHDRAWN, "[5.4]")

TYPICAL_MOVES = [CHECK_TYPICAL, APPROVE_TYPICAL, PUBLISH_TYPICAL, SEND_BACK_TYPICAL, WITHDRAW_TYPICAL]
REPORT_MOVES = [APPROVE_REPORT, SEND_BACK_REPORT, ISSUE_REPORT, DROP_REPORT]
EXPORT_MOVES = [CLAIM_EXPORT, FINISH_EXPORT, FAIL_EXPORT, EXPIRE_EXPORT]
PROPOSAL_MOVES = [NAME_PROPOSAL, JOIN_PROPOSAL, DISMISS_PROPOSAL, TAKE_UP_PROPOSAL, LOSE_PROPOSAL]
FINDING_MOVES = [CLAIM_FINDING, FINISH_FINDING, FAIL_FINDING]
RESULTS_MOVES = [APPROVE_RESULTS, SEND_BACK_RESULTS, PUBLISH_RESULTS, WITHDRAW_RESULTS]
MOVES = [
    SEND_LIST,
    *REPORT_MOVES,
    *EXPORT_MOVES,
    *PROPOSAL_MOVES,
    *FINDING_MOVES,
    *TYPICAL_MOVES,
    *RESULTS_MOVES,
]
ACTIONS = {
    "choose_typical": _("选为典型案例"),
    "save_typical": _("修改典型案例"),
    "make_list": _("生成清单"),
    "export_quarter": _("导出季度数据"),
    "export_list": _("导出服务事项清单"),
    "make_report": _("起草"),
    "make_figures": _("重新生成数据"),
    "edit_report": _("修改文稿"),
    "correct_report": _("更正"),
    "export_report": _("下载文稿"),
    "make_results": _("生成季度成效"),
    "count_results_again": _("重新统计"),
    "ask_export": _("申请导出"),
    "fetch_export": _("下载导出文件"),
    "find_common": _("查找共性诉求"),
    "propose_common": _("找到相似诉求"),
}
