"""Who may, about lists and reports."""

from core.models import User
from core.permissions import require

_VIEW = {"reports.view_serviceitemslist"}
_EXPORT = _VIEW | {"reports.export_list"}
_MAKE = _EXPORT | {"reports.make_list"}
GRANTS = {
    "bureau_staff": _MAKE,
    "bureau_supervisor": _MAKE,
    "department_staff": _EXPORT,
    "department_head": _EXPORT,
    "inspector": _EXPORT,
    "inspection_approver": _EXPORT,
}


def check_can_make_list(actor: User) -> None:
    """The bureau sorts the month's bookings into the list, and sends it. [3.4]"""
    require(actor, "reports.make_list")
