"""Who may, about lists and reports."""

from django.core.exceptions import PermissionDenied

from core.models import User
from core.permissions import require
from departments.enums import ROLES_OF_DEPARTMENT
from departments.selectors import membership_of
from reports.figures import Definition, Part
from reports.models import PublishedResults, Report

# The quarter's page: for departments its head's, of the department alone and without ratings. [3.10] [5.2]
_QUARTER = {"reports.view_quarter", "reports.export_quarter"}
_VIEW = {"reports.view_serviceitemslist"}
_EXPORT = _VIEW | {"reports.export_list"}
_MAKE = _EXPORT | {"reports.make_list"}
# Which reports one reads is said in `selectors_reports`. [3.10]
_READ = {"reports.view_report", "reports.export_report", "reports.view_exportjob"}
_WRITE = _READ | {"reports.write_report"}
# Groups of alike demands are seen by who sees every case, and named by who names common demands. [5.3]
_PROPOSALS = {"reports.view_commonproposal"}
# The bureau writes typical cases and approves them; the inspection office, which alone knows all that was said of a
# case, checks that they name nobody. Both take one back at any time. [5.2] [5.4]
_TYPICAL = {"reports.view_typicalcase", "reports.take_back_typical"}
_TYPICAL_WRITE = _TYPICAL | {"reports.write_typical"}
_TYPICAL_CHECK = _TYPICAL | {"reports.check_typical"}
# What is published is read by everybody on the window's pages; before that by these. [5.4]
_SEE_RESULTS = {"reports.view_publishedresults"}
_MAKE_RESULTS = _SEE_RESULTS | {"reports.make_results"}
_APPROVE = {"reports.approve_report", "reports.approve_typical", "reports.approve_results"}
_BUREAU = _MAKE | _WRITE | _QUARTER | _PROPOSALS | _TYPICAL_WRITE | _MAKE_RESULTS
_INSPECTION = _EXPORT | _READ | _QUARTER | _PROPOSALS | _TYPICAL_CHECK | _SEE_RESULTS
GRANTS = {
    "bureau_staff": _BUREAU,
    "bureau_supervisor": _BUREAU | _APPROVE,
    "department_staff": _EXPORT | _READ,
    "department_head": _EXPORT | _READ | _QUARTER,
    "inspector": _INSPECTION,
    "inspection_approver": _INSPECTION,
    "leader": _READ | _QUARTER | _SEE_RESULTS,
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


def check_can_make_results(actor: User) -> None:
    """The bureau counts what may be published of a quarter. [5.4]"""
    require(actor, "reports.make_results")


def check_can_rule_on_results(actor: User) -> None:
    """A supervisor of the bureau sends back, publishes and withdraws. [5.4]"""
    require(actor, "reports.approve_results")


def check_can_approve_results(actor: User, results: PublishedResults) -> None:
    """A supervisor who did not make them: nobody decides on their own. [5.4]"""
    check_can_rule_on_results(actor)
    if results.made_by_id == actor.pk:
        raise PermissionDenied


def check_can_export(actor: User) -> None:
    require(actor, "reports.export_report")


def department_shown_to(user: User) -> int | None:
    """The one department of which a person sees figures; None: of all."""
    membership = membership_of(user)
    return membership.department_id if membership and membership.role in ROLES_OF_DEPARTMENT else None


def sees_ratings(user: User) -> bool:
    """Ratings and follow-ups stay empty in what departments see; their sums of closed quarters stand apart. [5.2]"""
    return department_shown_to(user) is None


def sees_authors(user: User) -> bool:
    """Who rated how: where that may be reckoned, in what is counted of a few rounds, inspection office alone. [5.2]

    For others what is split stands in `evaluations.selectors_sums`, protected, and nowhere else.
    """
    return user.has_perm("evaluations.see_authors")


def can_see_list(user: User, definition: Definition) -> bool:
    """Whether the list behind a figure may be opened. That of ratings only by the inspection office: what a rate is
    counted out of tells who rated at all, what it counts, how. [5.2]
    """
    if definition.part is Part.RATINGS:
        return sees_authors(user)
    return sees_ratings(user) or not definition.is_guarded
