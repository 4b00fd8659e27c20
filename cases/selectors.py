"""Named reads of cases. [3.7]"""

from datetime import date

from django.utils import timezone

from cases.enums import COMMITTED, AssignmentStatus, CaseStatus, Ruling, Verdict
from cases.models import Assignment, Case, CaseSupplement, Closing, Extension, Feedback, Objection, Reopening
from core import policy
from core.audit import subject_of
from core.selectors import ours
from core.workdays import due_date
from deadlines.selectors import open_obligations
from departments.enums import DepartmentKind
from departments.models import Department


def decides_on(department: Department) -> Department | None:
    """Who owes the ruling on what this department asked or answered; None is the bureau. [3.7]"""
    if department.kind != DepartmentKind.BUREAU:
        return None
    return Department.objects.get(kind=DepartmentKind.INSPECTION)


def parts_of(case: Case) -> list[Assignment]:
    """Who takes part in the current round, the lead first."""
    return parts_of_round(case, case.round)


def closings_to_take_up(at_most: int) -> list[int]:
    """Rounds that were closed and are not yet handed on to their evaluation, the oldest first. [3.8]"""
    waiting = Closing.objects.filter(taken_up_at__isnull=True).order_by("closed_at")
    return list(waiting.values_list("pk", flat=True)[:at_most])


def consulted_on(case: Case) -> date:
    """The day of the consultation: the first round counts from it. [3.7]"""
    first = None if case.round == 1 else case.closings.filter(round=1).first()
    return first.start if first else case.start


def reopening_of(case: Case) -> Reopening | None:
    """Why the present round was begun; None of the first one. [3.9]"""
    return case.reopenings.filter(round=case.round).first() if case.round > 1 else None


def parts_of_round(case: Case, round: int) -> list[Assignment]:
    """Who took part in a round, the lead first."""
    parts = case.assignments.taking_part().filter(round=round).select_related("department", "handler")
    return list(parts.order_by("-is_lead", "department__position", "pk"))


def lead_of(case: Case) -> Assignment | None:
    return next((part for part in parts_of(case) if part.is_lead), None)


def supplements_of(case: Case) -> list[CaseSupplement]:
    """What the enterprise sent, the oldest first, with its files. Two reads."""
    return list(case.supplements.filter(added_at__isnull=False).select_related("added_by").prefetch_related("files"))


def unsent_supplement(case: Case) -> CaseSupplement | None:
    """What it typed and has not sent."""
    return case.supplements.filter(added_at__isnull=True).first()


def ready_to_close(case: Case) -> bool:
    """Every department answered and was checked, and nothing asked for waits. [3.7]"""
    parts = parts_of(case) if case.status == CaseStatus.HANDLING else []
    return bool(parts) and all(part.status == AssignmentStatus.DONE for part in parts) and not pending_rulings(case)


def pending_feedback(assignment: Assignment) -> Feedback | None:
    return Feedback.objects.filter(assignment=assignment, status=Verdict.PENDING).first()


def can_report_completion(assignment: Assignment) -> bool:
    """Its feedback was accepted, and what it promised for a later day is still owed. [3.7]"""
    promised = open_obligations(subject_of(assignment.case)).filter(
        kind=COMMITTED, department=assignment.department_id, round=assignment.round
    )
    return assignment.status == AssignmentStatus.DONE and promised.exists()


def pending_rulings(case: Case) -> list[Objection | Extension]:
    """What was asked for in the current round and not decided."""
    asked = {"assignment__case": case, "assignment__round": case.round, "status": Ruling.PENDING}
    return [*Objection.objects.filter(**asked), *Extension.objects.filter(**asked)]


def last_day_to_object(assignment: Assignment) -> date:
    """Within so many working days of being assigned (ours). [3.7]"""
    day = timezone.localdate(assignment.assigned_at)
    return due_date(day, ours(policy.OBJECTION_WORKING_DAYS)).due
