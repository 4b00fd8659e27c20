"""The verbs of lists, reports and exports; those of typical cases by their own module's name: `typical.publish`."""

from reports.services import typical
from reports.services.common import dismiss_proposal, join_proposal, name_proposal, take_up_again
from reports.services.exports import ask_export, forget_exports, run_exports
from reports.services.finding import ask_finding, run_findings
from reports.services.published import (
    approve_results,
    count_results_again,
    make_results,
    publish_results,
    send_back_results,
    withdraw_results,
)
from reports.services.reports import (
    approve_report,
    correct_report,
    drop_report,
    edit_head,
    edit_section,
    issue_report,
    make_figures,
    make_report,
    send_back_report,
)
from reports.services.service_items import make_list, send_list

__all__ = [
    "approve_report",
    "approve_results",
    "ask_export",
    "ask_finding",
    "correct_report",
    "count_results_again",
    "dismiss_proposal",
    "drop_report",
    "edit_head",
    "edit_section",
    "forget_exports",
    "issue_report",
    "join_proposal",
    "make_figures",
    "make_list",
    "make_report",
    "make_results",
    "name_proposal",
    "publish_results",
    "run_exports",
    "run_findings",
    "send_back_report",
    "send_back_results",
    "send_list",
    "take_up_again",
    "typical",
    "withdraw_results",
]
