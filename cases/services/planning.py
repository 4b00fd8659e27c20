"""承办: the plan of each department, and the division of a joint case. [3.7]"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases import guards, moves, permissions
from cases.models import Assignment, Case
from cases.selectors import parts_of
from cases.services import clocks
from core import audit
from core.constraints import last_line
from core.errors import Refused
from core.models import User
from core.transitions import lock, moving


@dataclass(frozen=True)
class Plan:
    """经办人、完成时限、工作措施; `why_later` where the day lies after the feedback's. [3.7]"""

    handler: int
    planned_on: date
    measures: str
    why_later: str = ""


def lock_part(assignment_id: int) -> Assignment:
    """The assignment under its case's lock and its own; a closed case, or an earlier round, has no work left.

    Refuses `gone`, `closed`, `past_round`.
    """
    found = Assignment.objects.only("case_id").filter(pk=assignment_id).first()
    case = lock(Case, found.case_id if found else None)
    guards.check_handling(case)
    assignment = lock(Assignment, assignment_id)
    assignment.case = case
    guards.check_present_round(assignment)
    return assignment


@last_line
def make_plan(*, assignment_id: int, plan: Plan, actor: User, now: datetime) -> Assignment:
    """Name handler, day and measures. A day beyond the feedback's is owed by itself from now on. [3.7]

    Refuses `no_measures`, `no_handler`, `not_of_the_department`, `too_early`, `no_reason`, `closed`,
    `already_done`, `wrong_status`.
    """
    guards.check_text(plan.measures, "no_measures", _("请填写工作措施。"), "measures")
    with transaction.atomic():
        permissions.check_can_handle(actor, lock_part(assignment_id))
        with moving(Assignment, assignment_id, moves.MAKE_PLAN, actor=actor) as assignment:
            _write(assignment, plan, actor, now)
            clocks.meet(assignment, clocks.PLAN, actor=actor, now=now)
    return assignment


def change_plan(*, assignment_id: int, plan: Plan, reason: str, actor: User, now: datetime) -> Assignment:
    """Another handler, day or measures, with the reason; the plan's own limit was met by the first one. [3.7]

    Refuses `no_measures`, `no_change_reason`, `no_handler`, `not_of_the_department`, `too_early`, `no_reason`,
    `closed`, `wrong_status`.
    """
    guards.check_text(plan.measures, "no_measures", _("请填写工作措施。"), "measures")
    guards.check_text(reason, "no_change_reason", _("请说明调整方案的理由。"), "reason")
    with transaction.atomic():
        assignment = lock_part(assignment_id)
        permissions.check_can_handle(actor, assignment)
        if assignment.status not in moves.GIVE_FEEDBACK.sources:
            raise Refused("wrong_status", _("该交办当前为“%s”，不能调整方案。") % assignment.get_status_display())
        before = assignment.planned_on
        _write(assignment, plan, actor, now)
        assignment.save(update_fields=["handler", "planned_on", "measures", "why_later", "planned_at"])
        audit.record(
            "change_plan",
            assignment,
            actor=actor,
            before=before,
            after=assignment.planned_on,
            reason=reason,
            clause="[3.7]",
        )
    return assignment


def _write(assignment: Assignment, plan: Plan, actor: User, now: datetime) -> None:
    handler = User.objects.filter(pk=plan.handler).first()
    if handler is None:
        raise Refused("no_handler", _("请选择经办人。"), field="handler")
    guards.check_handler(handler, assignment.department)
    feedback_due = clocks.feedback_due(assignment)
    guards.check_planned_day(
        plan.planned_on, assignment.case.start, timezone.localdate(now), feedback_due, plan.why_later
    )
    assignment.handler, assignment.planned_on, assignment.planned_at = handler, plan.planned_on, now
    assignment.measures = plan.measures.strip()
    assignment.why_later = plan.why_later.strip() if plan.planned_on > feedback_due else ""
    clocks.name_handler(assignment)
    clocks.promise(assignment, actor=actor, now=now)


def divide(*, assignment_id: int, shares: Mapping[int, str], actor: User, now: datetime) -> Case:
    """The lead of a joint case says what is whose: `shares` by department. [3.7]

    Refuses `not_the_lead`, `no_share` for who has none, `wrong_status` once it is withdrawn, `closed`.
    """
    with transaction.atomic():
        lead = lock_part(assignment_id)
        permissions.check_can_handle(actor, lead)
        guards.check_takes_part(lead)
        if not (lead.is_lead and lead.case.is_joint):
            raise Refused("not_the_lead", _("只有联办诉求的牵头单位进行责任分工。"))
        for part in parts_of(lead.case):
            share = shares.get(part.department_id, "").strip()
            guards.check_text(
                share, "no_share", _("请填写%s的分工。") % part.department, f"share_{part.department_id}"
            )
            part = lock(Assignment, part.pk)
            part.share = share
            part.save(update_fields=["share"])
        clocks.meet(lead, clocks.DIVISION, actor=actor, now=now)
        audit.record("divide_case", lead.case, actor=actor, clause="[3.7]")
    return lead.case
