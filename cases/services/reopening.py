"""重新办理: a follow-up sends a closed demand back, and a new round begins with the day of that decision. [3.9]

What the round before ended with stays in its `Closing`; its parts, feedbacks and obligations stay as they are. The new
round has its own departments, limits, close-out and rating, and is no part of a merger; a common demand that the case
shows it goes on showing.
"""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from cases import guards, moves, notices, permissions
from cases.models import Assignment, Case, Reopening
from cases.selectors import parts_of
from cases.services.indexing import index_case
from cases.services.opening import Parts, assign, feedback_day
from cases.services.together import leave_merger
from core.constraints import last_line
from core.errors import Refused
from core.models import User
from core.transitions import moving


@last_line
def reopen_case(
    *,
    case_id: int,
    finding: str,
    actor: User,
    now: datetime,
    parts: Parts | None = None,
    keeps_legal_limit: bool = False,
) -> Case:
    """Handle a closed demand again: by these departments, or those of the last round; every limit counts from today.
    Another limit that a law set for the last round goes with it, unless it is kept. [3.9]

    Departments and enterprise are told what was found. Refuses `no_finding`, `no_department`, `already_done`.
    """
    guards.check_text(finding, "no_finding", _("请填写核实情况。"), "finding")
    with moving(Case, case_id, moves.REOPEN, actor=actor, reason=finding) as case:
        permissions.check_can_reopen(actor, case)
        before = parts_of(case)
        leave_merger(case, actor=actor, now=now)
        _begin_round(case, keeps_legal_limit, now)
        Reopening.objects.create(case=case, round=case.round, finding=finding.strip(), at=now, by=actor)
        _hand_over_again(case, parts or _as_before(before), actor, now)
        index_case(case)
        notices.opened(case, parts_of(case), feedback_day(case))
        notices.taken_elsewhere(case, before, parts_of(case))
    return case


def _begin_round(case: Case, keeps_legal_limit: bool, now: datetime) -> None:
    """What the last round left on the case stands in its closing."""
    case.round += 1
    case.start = timezone.localdate(now)
    case.result = case.answer = ""
    case.closed_at = case.closed_by = case.next_report_on = None
    if not keeps_legal_limit:
        case.legal_working_days, case.legal_basis = None, ""


def _as_before(before: list[Assignment]) -> Parts:
    """What was closed at the table was nobody's: its departments must be named."""
    lead = next((part for part in before if part.is_lead), None)
    if lead is None:
        raise Refused("no_department", _("请选择责任单位。"), field="lead")
    return Parts(lead.department_id, tuple(part.department_id for part in before if part.pk != lead.pk))


def _hand_over_again(case: Case, parts: Parts, actor: User, now: datetime) -> None:
    case.is_joint = len(parts.departments) > 1
    assign(case, parts, actor=actor, now=now)
