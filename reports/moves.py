from django.utils.translation import gettext_lazy as _

from core.transitions import Move
from reports.enums import EXPORT_AHEAD
from reports.enums import ExportStatus as E
from reports.enums import ListStatus as S
from reports.enums import ReportStatus as R
from reports.enums import ResultsStatus as P

SEND_LIST = Move("send_list", _("发送清单"), (S.DRAFT,), S.SENT, "[3.4]")

APPROVE_REPORT = Move("approve_report", _("审定"), (R.DRAFT,), R.APPROVED, "[3.10]")
SEND_BACK_REPORT = Move("send_back_report", _("退回修改"), (R.DRAFT, R.APPROVED), R.DRAFT, "[3.10]")
ISSUE_REPORT = Move("issue_report", _("印发"), (R.APPROVED,), R.ISSUED, "[3.10]")
DROP_REPORT = Move("drop_report", _("作废"), (R.DRAFT, R.APPROVED), R.DROPPED, "[3.10]")

APPROVE_RESULTS = Move("approve_results", _("审定"), (P.DRAFT,), P.APPROVED, "[5.4]")
SEND_BACK_RESULTS = Move("send_back_results", _("退回"), (P.APPROVED,), P.DRAFT, "[5.4]")
PUBLISH_RESULTS = Move("publish_results", _("公布"), (P.APPROVED,), P.PUBLISHED, "[5.4]")
WITHDRAW_RESULTS = Move("withdraw_results", _("撤下"), (P.DRAFT, P.APPROVED, P.PUBLISHED), P.WITHDRAWN, "[5.4]")

# Machines move these; what was asked for and fetched stands in the audit trail. [3.10]
CLAIM_EXPORT = Move("claim_export", _("开始生成"), EXPORT_AHEAD, E.WORKING, "[3.10]")
FINISH_EXPORT = Move("finish_export", _("生成完毕"), (E.WORKING,), E.DONE, "[3.10]")
FAIL_EXPORT = Move("fail_export", _("未能生成"), (E.WORKING,), E.FAILED, "[3.10]")
EXPIRE_EXPORT = Move("expire_export", _("过期"), (E.DONE, E.FAILED), E.EXPIRED, "[3.10]")

REPORT_MOVES = [APPROVE_REPORT, SEND_BACK_REPORT, ISSUE_REPORT, DROP_REPORT]
EXPORT_MOVES = [CLAIM_EXPORT, FINISH_EXPORT, FAIL_EXPORT, EXPIRE_EXPORT]
RESULTS_MOVES = [APPROVE_RESULTS, SEND_BACK_RESULTS, PUBLISH_RESULTS, WITHDRAW_RESULTS]
MOVES = [SEND_LIST, *REPORT_MOVES, *EXPORT_MOVES, *RESULTS_MOVES]
ACTIONS = {
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
}
