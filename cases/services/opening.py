"""A demand becomes a case with the consultation that ended it: handed over, or closed on that very day. [3.6] [3.7]"""

from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from appointments.models import Booking

# A lead and those who assist: said of a case as it is said at triage.
from appointments.services import Assignment as Parts
from cases import guards, moves, notices, permissions
from cases.enums import AT_WORK, AssignmentStatus, CaseStatus, Outcome, Result
from cases.models import Assignment, Case
from cases.selectors import lead_of, parts_of
from cases.services import clocks
from cases.services.closing import record_closing
from cases.services.indexing import index_case
from core import audit
from core.constraints import last_line
from core.errors import AlreadyDone, Refused
from core.models import User
from core.transitions import lock, moving, start
from departments.enums import DepartmentKind
from departments.models import Department

# What an outcome that needs no handing over leaves as the result.
RESULTS = {Outcome.SOLVED: Result.SOLVED, Outcome.EXPLAINED: Result.EXPLAINED}


@last_line
def close_at_once(
    *, booking_id: int, outcome: Outcome, points: str, answer: str, day: date, actor: User, now: datetime
) -> Case:
    """Solved on the spot, or explained: 销号 on the day of the consultation, nobody owes anything; the enterprise is
    sent what it was answered. [3.7]

    Refuses `no_answer`, `already_done`, `not_seen`, `day_ahead`.
    """
    guards.check_text(answer, "no_answer", _("请填写现场答复的措施、方式和结果。"), "answer")
    with transaction.atomic():
        case = _new_case(booking_id, outcome, points, day, actor, now)
        case.answer, case.result = answer.strip(), RESULTS[outcome]
        case.closed_at, case.closed_by = now, actor
        start(case, CaseStatus.CLOSED, actor=actor, action="case_closed_at_once", clause="[3.7]")
        record_closing(case)
        index_case(case)
        notices.closed(case)
    return case


@last_line
def hand_over(*, booking_id: int, parts: Parts, points: str, day: date, actor: User, now: datetime) -> Case:
    """Hand a demand over to its departments; every limit counts from the consultation's day, however late this is.
    [3.7]

    Refuses `no_department`, `already_done`, `not_seen`, `day_ahead`.
    """
    with transaction.atomic():
        case = _new_case(booking_id, Outcome.HANDED_OVER, points, day, actor, now)
        case.is_joint = len(parts.departments) > 1
        start(case, CaseStatus.HANDLING, actor=actor, action="open_case", clause="[3.7]")
        index_case(case)
        assign(case, parts, actor=actor, now=now)
        notices.opened(case, parts_of(case), feedback_day(case))
    return case


def feedback_day(case: Case) -> date:
    """By when a case that was handed over is answered, as its departments owe it now. [3.7]"""
    return clocks.feedback_due(parts_of(case)[0])


def _new_case(booking_id: int, outcome: Outcome, points: str, day: date, actor: User, now: datetime) -> Case:
    booking = lock(Booking, booking_id)
    permissions.check_can_open(actor, booking)
    if Case.objects.filter(booking=booking).exists():
        raise AlreadyDone("already_done", _("该诉求已登记处理结果。"))
    guards.check_was_seen(booking, day, timezone.localdate(now))
    return Case(booking=booking, outcome=outcome, start=day, points=points.strip(), opened_at=now)


def assign(case: Case, parts: Parts, *, actor: User, now: datetime) -> None:
    """Give each department that has no part yet its part in the current round of a locked case."""
    found = {row.pk: row for row in _can_handle().filter(pk__in=parts.departments)}
    guards.check_departments(list(found.values()), parts.departments, parts.lead)
    there = {part.department_id for part in parts_of(case)}
    for key in parts.departments:
        if key not in there:
            _give_part(case, found[key], key == parts.lead, actor, now)


def _can_handle() -> QuerySet[Department]:
    """Every department but the inspection office, which supervises and has nobody who could."""
    return Department.objects.filter(is_active=True).exclude(kind=DepartmentKind.INSPECTION)


def _give_part(case: Case, department: Department, is_lead: bool, actor: User, now: datetime) -> Assignment:
    part = Assignment(
        case=case, round=case.round, department=department, is_lead=is_lead, assigned_at=now, assigned_by=actor
    )
    start(part, AssignmentStatus.PLANNING, actor=actor, action="assign_case", clause="[3.7]")
    clocks.start_part(part, actor=actor, now=now)
    notices.assigned(part)
    return part


@last_line
def make_joint(*, case_id: int, assisting: tuple[int, ...], reason: str, actor: User, now: datetime) -> Case:
    """More departments are needed: 20 working days from the same start, and the lead owes the division. [3.7]

    Refuses `no_reason`, `no_department`, `closed`.
    """
    permissions.check_can_assign(actor)
    guards.check_text(reason, "no_reason", _("请说明转为联办的理由。"), "reason")
    with transaction.atomic():
        case = lock(Case, case_id)
        guards.check_handling(case)
        lead = lead_of(case)
        if lead is None or set(assisting) <= {part.department_id for part in parts_of(case)}:
            raise Refused("no_department", _("请选择协办单位。"), field="assisting")
        was_joint, case.is_joint = case.is_joint, True
        case.save(update_fields=["is_joint"])
        lead.case = case
        if not was_joint:
            clocks.count_anew(case, clocks.Cause.JOINT, reason=reason, actor=actor, now=now)
            clocks.start_division(lead, actor=actor, now=now)
        assign(case, Parts(lead.department_id, assisting), actor=actor, now=now)
        audit.record("make_joint", case, actor=actor, reason=reason, clause="[3.7]")
    return case


def override_limit(*, case_id: int, working_days: int, legal_basis: str, actor: User, now: datetime) -> Case:
    """Another law sets another limit: its length and where it stands are recorded, and shown. [3.7]

    Refuses `no_basis`, `bad_length`, `closed`.
    """
    guards.check_text(legal_basis, "no_basis", _("请写明法定时限的依据。"), "legal_basis")
    guards.check_length(working_days)
    with transaction.atomic():
        case = lock(Case, case_id)
        permissions.check_can_override(actor, parts_of(case))
        guards.check_handling(case)
        case.legal_working_days, case.legal_basis = working_days, legal_basis.strip()
        clocks.count_anew(case, clocks.Cause.OVERRIDE, reason=legal_basis, actor=actor, now=now)
        case.save(update_fields=["legal_working_days", "legal_basis"])
        audit.record("override_limit", case, actor=actor, after=working_days, reason=legal_basis, clause="[3.7]")
    return case


def reassign(assignment: Assignment, department_id: int, *, actor: User, now: datetime) -> Assignment:
    """Another department in the place of one whose objection was upheld; the start stays. The case is locked."""
    department = _can_handle().filter(pk=department_id).first()
    if department is None or department.pk == assignment.department_id:
        raise Refused("no_department", _("请选择改派的单位。"), field="department")
    if department.pk in {part.department_id for part in parts_of(assignment.case)}:
        raise Refused("has_a_part", _("该部门已在本轮责任单位之列。"), field="department")
    withdraw(assignment, actor=actor, now=now)
    return _give_part(assignment.case, department, assignment.is_lead, actor, now)


def withdraw(assignment: Assignment, *, actor: User, now: datetime) -> None:
    assert assignment.status in AT_WORK
    with moving(Assignment, assignment.pk, moves.WITHDRAW, actor=actor):
        clocks.let_go(assignment, actor=actor, now=now)
        notices.withdrawn(assignment)
