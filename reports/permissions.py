"""Who may, about lists and reports."""

from django.core.exceptions import PermissionDenied

from core.models import User
from core.permissions import require
from reports.models import Report

_VIEW = {"reports.view_serviceitemslist"}
_EXPORT = _VIEW | {"reports.export_list"}
_MAKE = _EXPORT | {"reports.make_list"}
# Which reports one reads is said in `selectors_reports`. [3.10]
_READ = {"reports.view_report", "reports.export_report", "reports.view_exportjob"}
_WRITE = _READ | {"reports.write_report"}
GRANTS = {
    "bureau_staff": _MAKE | _WRITE,
    "bureau_supervisor": _MAKE | _WRITE | {"reports.approve_report"},
    "department_staff": _EXPORT | _READ,
    "department_head": _EXPORT | _READ,
    "inspector": _EXPORT | _READ,
    "inspection_approver": _EXPORT | _READ,
    "leader": _READ,
}


def check_can_make_list(actor: User) -> None:
    """The bureau sorts the month's bookings into the list, and sends it. [3.4]"""
    require(actor, "reports.make_list")


def check_can_write(actor: User) -> None:
    """The bureau writes bulletins and reports. [3.10]"""
    require(actor, "reports.write_report")


def check_can_rule(actor: User) -> None:
    """A supervisor of the bureau sends back, issues and drops. [3.10]"""
    require(actor, "reports.approve_report")


def check_can_approve(actor: User, report: Report) -> None:
    """A supervisor who wrote none of it: nobody decides on their own. [3.10]"""
    check_can_rule(actor)
    if report.made_by_id == actor.pk or report.writers.filter(pk=actor.pk).exists():
        raise PermissionDenied


def check_can_export(actor: User) -> None:
    require(actor, "reports.export_report")
