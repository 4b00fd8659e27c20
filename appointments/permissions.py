"""Who may, about bookings. A holder acts through the booking's own link, which the page has checked."""

from django.core.exceptions import PermissionDenied

from appointments.enums import SearchPart
from appointments.models import Booking
from core import audit
from core.models import User
from core.permissions import allows, require
from departments.enums import ROLES_OF_DEPARTMENT
from departments.selectors import membership_of
from sessions_app.models import Session

_VIEW = {"appointments.view_booking", "appointments.view_attachment"}
# Check in and call on the day. [3.6]
_FLOOR = {"appointments.run_queue", "appointments.view_queueentry"}
_DESK = (
    _VIEW
    | _FLOOR
    | {
        "appointments.book_at_desk",
        "appointments.cancel_booking",
        "appointments.settle_claim",
        "appointments.reveal_contact",
        "appointments.export_bookings",
    }
)
_LISTS = {
    "appointments.view_choice",
    "appointments.add_choice",
    "appointments.change_choice",
    "appointments.view_refusalground",
    "appointments.change_refusalground",
    "appointments.view_consenttext",
    "appointments.add_consenttext",
}
_UNIT = (
    _VIEW
    | _FLOOR
    | {
        "appointments.reveal_contact",
        "appointments.export_bookings",
        "appointments.view_verification",
        "appointments.verify_booking",
        "appointments.place_booking",
    }
)
_BUREAU = (
    _DESK
    | _LISTS
    | {
        "appointments.move_sitting",
        "appointments.add_extra_number",
        "appointments.triage_booking",
        "appointments.view_verification",
        "appointments.verify_booking",
        "appointments.place_booking",
        "appointments.view_boarddevice",
        "appointments.manage_boards",
    }
)
_INSPECTION = _VIEW | {
    "appointments.view_queueentry",
    "appointments.view_verification",
    "appointments.reveal_contact",
    "appointments.view_pressurereport",
    "appointments.export_bookings",
}
GRANTS = {
    "window_clerk": _DESK,
    "bureau_staff": _BUREAU,
    "bureau_supervisor": _BUREAU | {"appointments.export_contacts"},
    "department_staff": _UNIT,
    "department_head": _UNIT,
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


def check_can_triage(actor: User) -> None:
    """The bureau accepts, refuses, sends back and assigns. [3.4]"""
    require(actor, "appointments.triage_booking")


def check_can_add_facts(actor: audit.Actor) -> None:
    """The holder itself, or the desk for it. [3.4]"""
    check_can_book(actor)
    if actor == audit.ANYONE:
        raise PermissionDenied


def check_can_verify(actor: User, department_id: int) -> None:
    """The department's own people, and the bureau in its place. [3.4] [3.5]"""
    require(actor, "appointments.verify_booking")
    check_own_department(actor, department_id)


def check_can_place(actor: audit.Actor, department_id: int | None) -> None:
    """The lead department or the bureau; the proposal that nobody touched is placed by the system. [3.5]"""
    check_can_propose_places(actor)
    if isinstance(actor, User):
        check_own_department(actor, department_id)


def check_can_propose_places(actor: audit.Actor) -> None:
    """Who places anything at all; which bookings is asked for each of them. [3.5]"""
    if isinstance(actor, User):
        require(actor, "appointments.place_booking")
    elif actor != audit.SYSTEM:
        raise PermissionDenied


def can_place(actor: audit.Actor, booking: Booking) -> bool:
    """`check_can_place` as a question, for a booking read with its verifications."""
    lead = next((row.department_id for row in booking.verifications.all() if row.is_lead), None)
    return allows(check_can_place, actor, lead)


def check_own_department(actor: User, department_id: int | None) -> None:
    unit = department_bound(actor)
    if unit is not None and unit != department_id:
        raise PermissionDenied


def department_bound(actor: User) -> int | None:
    """The department whose affairs alone this person handles; None for the bureau's and the inspection's people."""
    membership = membership_of(actor)
    if membership is None:
        raise PermissionDenied
    return membership.department_id if membership.role in ROLES_OF_DEPARTMENT else None


def check_can_run_queue(actor: User, session: Session | None) -> None:
    """Check in and call: the desk, the bureau, and the departments that sit in the session. [3.6]"""
    require(actor, "appointments.run_queue")
    unit = department_bound(actor)
    if unit is not None and (session is None or not session.chairs.filter(department=unit).exists()):
        raise PermissionDenied


def check_can_manage_boards(actor: User) -> None:
    require(actor, "appointments.manage_boards")


def searchable_parts(user: User) -> tuple[str, ...]:
    """Only who may look at a booking finds it by its enterprise; the demand is searched by whoever is shown it."""
    return (
        (SearchPart.DEMAND, SearchPart.COMPANY) if user.has_perm("appointments.view_booking") else (SearchPart.DEMAND,)
    )
