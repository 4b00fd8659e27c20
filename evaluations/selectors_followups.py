"""Named reads of follow-ups. [3.9]"""

from cases.models import Assignment, Case
from departments.enums import DepartmentKind
from departments.models import Department
from evaluations.enums import Office
from evaluations.models import FollowUp


def open_follow_up_of(case: Case, round: int) -> FollowUp | None:
    """There is at most one."""
    return FollowUp.objects.open().filter(case=case, round=round).first()


def bureau_took_part(case: Case, round: int) -> bool:
    """Then the inspection office looks at it: nobody decides on their own. [3.9]"""
    parts = Assignment.objects.taking_part().filter(case=case, round=round)
    return parts.filter(department__kind=DepartmentKind.BUREAU).exists()


def unit_of(office: str) -> Department | None:
    """Whose obligation it is; None is the bureau."""
    return Department.objects.get(kind=DepartmentKind.INSPECTION) if office == Office.INSPECTION else None
