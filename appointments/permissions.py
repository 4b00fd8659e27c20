"""Who may, about bookings. A holder acts through the booking's own link, which the page has checked."""

from django.core.exceptions import PermissionDenied

from core import audit
from core.models import User
from core.permissions import require

_VIEW = {"appointments.view_booking", "appointments.view_attachment"}
_DESK = _VIEW | {
    "appointments.book_at_desk",
    "appointments.cancel_booking",
    "appointments.settle_claim",
    "appointments.reveal_contact",
    "appointments.export_bookings",
}
_LISTS = {
    "appointments.view_choice",
    "appointments.add_choice",
    "appointments.change_choice",
    "appointments.view_refusalground",
    "appointments.change_refusalground",
    "appointments.view_consenttext",
    "appointments.add_consenttext",
}
_BUREAU = _DESK | _LISTS | {"appointments.move_sitting", "appointments.add_extra_number"}
_INSPECTION = _VIEW | {
    "appointments.reveal_contact",
    "appointments.view_pressurereport",
    "appointments.export_bookings",
}
GRANTS = {
    "window_clerk": _DESK,
    "bureau_staff": _BUREAU,
    "bureau_supervisor": _BUREAU | {"appointments.export_contacts"},
    "department_staff": _VIEW | {"appointments.reveal_contact", "appointments.export_bookings"},
    "department_head": _VIEW | {"appointments.reveal_contact", "appointments.export_bookings"},
    "inspector": _INSPECTION,
    "inspection_approver": _INSPECTION,
}


def check_can_book(actor: audit.Actor) -> None:
    """An enterprise for itself, or staff at the desk (帮办). [3.1] [3.3]"""
    if isinstance(actor, User):
        require(actor, "appointments.book_at_desk")
    elif actor not in (audit.ANYONE, audit.HOLDER):
        raise PermissionDenied


def check_can_cancel(actor: audit.Actor) -> None:
    if isinstance(actor, User):
        require(actor, "appointments.cancel_booking")
    elif actor != audit.HOLDER:
        raise PermissionDenied


def check_can_settle_claim(actor: User) -> None:
    require(actor, "appointments.settle_claim")


def check_can_move_sitting(actor: User) -> None:
    require(actor, "appointments.move_sitting")


def check_can_add_extra_number(actor: User) -> None:
    require(actor, "appointments.add_extra_number")


def check_can_reveal_contact(actor: User) -> None:
    require(actor, "appointments.reveal_contact")
