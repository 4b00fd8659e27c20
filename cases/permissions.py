"""Who may, about cases. Nobody decides on their own: where the bureau handles, the inspection office decides. [3.7]"""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db.models import Q

from appointments.models import Booking
from appointments.permissions import searchable_parts as parts_of_booking
from cases.enums import SEARCH_PART, TAKES_PART, CaseStatus
from cases.models import Assignment, Case
from cases.selectors import lead_of, parts_of
from core.models import User
from core.permissions import allows, require
from departments.enums import ROLES_OF_DEPARTMENT, DepartmentKind
from departments.models import Department
from departments.selectors import department_of, membership_of

_VIEW = {"cases.view_case", "cases.view_assignment", "cases.view_commondemand"}
_UNIT = _VIEW | {"cases.handle_assignment"}
_BUREAU = _UNIT | {
    "cases.assign_case",
    "cases.check_feedback",
    "cases.urge_case",
    "cases.tie_cases",
    "cases.reopen_case",
}
_INSPECTION = _VIEW | {"cases.urge_case", "cases.reopen_case"}
GRANTS = {
    "bureau_staff": _BUREAU,
    "bureau_supervisor": _BUREAU | {"cases.rule_case", "cases.close_case"},
    "department_staff": _UNIT,
    "department_head": _UNIT | {"cases.sign_off_consultation"},
    "inspector": _INSPECTION,
    "inspection_approver": _INSPECTION | {"cases.check_feedback", "cases.rule_case", "cases.close_case"},
}


def check_can_open(actor: User, booking: Booking) -> None:
    """Who signs the consultation off: a head of a department that sat in it, or the bureau in its place. [3.6]"""
    if actor.has_perm("cases.assign_case"):
        return
    require(actor, "cases.sign_off_consultation")
    own = department_of(actor)
    sat = Q(verifications__department=own) | Q(session__chairs__department=own)
    if own is None or not Booking.objects.filter(sat, pk=booking.pk).exists():
        raise PermissionDenied


def check_can_write_down(actor: User) -> None:
    """Who books for an enterprise, and sees every case. [3.1] [3.7]"""
    require(actor, "appointments.book_at_desk")
    require(actor, "cases.view_case")


def check_can_assign(actor: User) -> None:
    """The bureau names departments, and turns a case into a joint one. [3.7]"""
    require(actor, "cases.assign_case")


def check_can_override(actor: User, parts: Iterable[Assignment]) -> None:
    """The bureau cites another limit; where it handles itself, the inspection office does. [3.7]"""
    if any(part.department.kind == DepartmentKind.BUREAU for part in parts):
        require(actor, "cases.rule_case")
        _check_decides(actor, DepartmentKind.INSPECTION)
    else:
        check_can_assign(actor)


def check_can_handle(actor: User, assignment: Assignment) -> None:
    """The department's own people. [3.7]"""
    require(actor, "cases.handle_assignment")
    own = department_of(actor)
    if own is None or own.pk != assignment.department_id:
        raise PermissionDenied


def check_is_another(actor: User, asked_by_id: int) -> None:
    """Who asks does not decide, in whichever office they are by now. [3.7]"""
    if actor.pk == asked_by_id:
        raise PermissionDenied


def check_can_check(actor: User, assignment: Assignment) -> None:
    """The bureau checks what departments answer; the inspection office what the bureau does. [3.7]"""
    require(actor, "cases.check_feedback")
    _check_not_their_own(actor, assignment.department)


def check_can_rule(actor: User, assignment: Assignment) -> None:
    """Objections and extensions: a supervisor of the bureau; for the bureau's own part the inspection office. [3.7]"""
    require(actor, "cases.rule_case")
    _check_not_their_own(actor, assignment.department)


def check_can_close(actor: User, case: Case) -> None:
    """A supervisor of the bureau; of a case that the bureau itself leads the inspection office. [3.7]"""
    require(actor, "cases.close_case")
    lead = lead_of(case)
    if lead is not None:
        _check_not_their_own(actor, lead.department)


def check_can_reopen(actor: User, case: Case) -> None:
    """The bureau or the inspection office after a follow-up; what the bureau itself handled, only the latter. [3.9]"""
    require(actor, "cases.reopen_case")
    if any(part.department.kind == DepartmentKind.BUREAU for part in parts_of(case)):
        _check_decides(actor, DepartmentKind.INSPECTION)


def can_close(actor: User, case: Case) -> bool:
    return allows(check_can_close, actor, case)


def check_can_tie(actor: User) -> None:
    """The bureau links, merges, and names what is common; and undoes it. [3.7] [5.3]"""
    require(actor, "cases.tie_cases")


def searchable_parts(user: User) -> tuple[str, ...]:
    """What was consulted and answered, and of the booking what one may search there."""
    return (SEARCH_PART, *parts_of_booking(user))


def check_can_see_cases(actor: User) -> None:
    require(actor, "cases.view_case")


def check_can_urge(actor: User) -> None:
    require(actor, "cases.urge_case")


def check_can_reveal(actor: User, case: Case) -> None:
    """The whole contact data: the bureau and the inspection office, a department only while it works on the case.
    [3.7]
    """
    require(actor, "appointments.reveal_contact")
    membership = membership_of(actor)
    if membership is None:
        raise PermissionDenied
    if membership.role not in ROLES_OF_DEPARTMENT:
        return
    parts = case.assignments.filter(round=case.round, department=membership.department_id)
    if case.status != CaseStatus.HANDLING or not parts.filter(status__in=TAKES_PART).exists():
        raise PermissionDenied


def can_handle(actor: User, assignment: Assignment) -> bool:
    return allows(check_can_handle, actor, assignment)


def can_check(actor: User, assignment: Assignment) -> bool:
    return allows(check_can_check, actor, assignment)


def can_rule(actor: User, assignment: Assignment) -> bool:
    return allows(check_can_rule, actor, assignment)


def can_reveal(actor: User, case: Case) -> bool:
    return allows(check_can_reveal, actor, case)


def _check_not_their_own(actor: User, department: Department) -> None:
    """Of the two who decide, the bureau does for the departments and the inspection office for the bureau."""
    bureaus = department.kind == DepartmentKind.BUREAU
    _check_decides(actor, DepartmentKind.INSPECTION if bureaus else DepartmentKind.BUREAU)


def _check_decides(actor: User, kind: DepartmentKind) -> None:
    own = department_of(actor)
    if own is None or own.kind != kind:
        raise PermissionDenied
