"""What is said about lists and reports."""

from core.audit import subject_of
from departments.enums import ROLES_OF_BUREAU, ROLES_OF_DEPARTMENT, ROLES_OF_INSPECTION, Role
from departments.selectors import people_of, users_with_role
from notifications.services import render, tell_in_console
from reports.enums import ReportKind
from reports.models import Report, ServiceItemsList


def list_sent(made: ServiceItemsList) -> None:
    """To everybody of the departments that have a part in it. [3.4]"""
    heading, text = render("list_sent", made=made)
    departments = {key for row in made.rows for key in row["departments"]}
    tell_in_console(
        people_of(departments),
        kind="list_sent",
        subject=subject_of(made),
        key=f"list:{made.pk}",
        heading=heading,
        text=text,
    )


def report_approved(report: Report) -> None:
    """To who wrote it. [3.10]"""
    heading, text = render("report_approved", report=report)
    _tell_writers(report, "report_approved", heading, text)


def report_sent_back(report: Report) -> None:
    """To who wrote it, with what is to be changed. [3.10]"""
    heading, text = render("report_sent_back", report=report)
    _tell_writers(report, "report_sent_back", heading, text)


def _tell_writers(report: Report, kind: str, heading: str, text: str) -> None:
    people = report.writers.filter(is_active=True)
    key = f"report:{report.pk}:{kind}:{report.revision}"
    tell_in_console(people, kind=kind, subject=subject_of(report), key=key, heading=heading, text=text)


def report_issued(report: Report) -> None:
    """To everybody who may read it from now on. [3.10]"""
    roles = [*ROLES_OF_BUREAU - {Role.WINDOW_CLERK}, *ROLES_OF_INSPECTION, Role.LEADER]
    if report.kind == ReportKind.BULLETIN:
        roles += ROLES_OF_DEPARTMENT
    heading, text = render("report_issued", report=report)
    tell_in_console(
        users_with_role(*roles),
        kind="report_issued",
        subject=subject_of(report),
        key=f"report:{report.pk}",
        heading=heading,
        text=text,
    )
