"""Named reads for reports and exports: who sees which, and which of their lines. [3.10]"""

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from core.models import User
from departments.enums import ROLES_OF_BUREAU, ROLES_OF_DEPARTMENT, ROLES_OF_INSPECTION, Role
from departments.selectors import membership_of
from reports.enums import EXPORT_AHEAD, ExportStatus, ReportKind, ReportStatus
from reports.models import ExportJob, Report

# A worker that says nothing for so long is gone.
ATTEMPTS_MAX = 3


def reports_visible_to(user: User) -> QuerySet[Report]:
    """The bureau sees all; inspection and leadership what is issued; a department the issued bulletins. [3.10]"""
    reports = Report.objects.select_related("made_by", "approved_by", "issued_by", "returned_by", "corrects")
    membership = membership_of(user)
    if membership is None:
        return reports.none()
    if membership.role in ROLES_OF_BUREAU:
        return reports
    issued = reports.filter(status=ReportStatus.ISSUED)
    if membership.role in ROLES_OF_DEPARTMENT:
        return issued.filter(kind=ReportKind.BULLETIN)
    return issued if membership.role in (*ROLES_OF_INSPECTION, Role.LEADER) else reports.none()


def cases_visible_to(user: User, cases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of the lines that a report counts, a department reads those in which it has a part. [5.2]"""
    membership = membership_of(user)
    if membership is None:
        return []
    if membership.role in ROLES_OF_DEPARTMENT:
        return [row for row in cases if membership.department_id in row["departments"]]
    return cases


def versions_of(report: Report) -> list[Report]:
    """Every version of what it is one of, the first first. A chain is as long as its corrections: a query for each."""
    found, earlier = [report], report.corrects
    while earlier is not None:
        found.insert(0, earlier)
        earlier = earlier.corrects
    later = Report.objects.without_contents().filter(corrects=report).first()
    while later is not None:
        found.append(later)
        later = Report.objects.without_contents().filter(corrects=later).first()
    return found


def exports_of(user: User) -> QuerySet[ExportJob]:
    """One's own, and nobody else's."""
    return ExportJob.objects.filter(owner=user)


def exports_to_make(now: datetime) -> QuerySet[ExportJob]:
    """Asked for and not begun, or begun by a worker that is gone; the oldest first."""
    ahead = Q(status=ExportStatus.QUEUED) | Q(status=ExportStatus.WORKING, lease_until__lt=now)
    return ExportJob.objects.filter(ahead).order_by("asked_at", "pk")


def exports_to_forget(now: datetime) -> QuerySet[ExportJob]:
    return ExportJob.objects.filter(kept_until__lt=now).exclude(status__in=(*EXPORT_AHEAD, ExportStatus.EXPIRED))
