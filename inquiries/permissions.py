"""Who may, about questions. An asker acts through the question's own link, which the page has checked."""

from django.core.exceptions import PermissionDenied

from core import audit
from core.models import User
from core.permissions import require
from departments.enums import ROLES_OF_DEPARTMENT
from departments.selectors import membership_of
from inquiries.models import Inquiry

_VIEW = {"inquiries.view_inquiry"}
_DESK = _VIEW | {
    "inquiries.take_inquiry",
    "inquiries.answer_inquiry",
    "inquiries.handle_inquiry",
    "inquiries.hand_back_inquiry",
    "inquiries.reveal_asker",
    "inquiries.view_frequentanswer",
}
_BUREAU = _DESK | {"inquiries.add_frequentanswer", "inquiries.change_frequentanswer"}
# A department answers; it does not see how to reach who asked.
_UNIT = _VIEW | {"inquiries.answer_inquiry", "inquiries.hand_back_inquiry"}
_INSPECTION = _VIEW | {"inquiries.reveal_asker", "inquiries.view_frequentanswer"}
GRANTS = {
    "window_clerk": _DESK,
    "bureau_staff": _BUREAU,
    "bureau_supervisor": _BUREAU,
    "department_staff": _UNIT,
    "department_head": _UNIT,
    "inspector": _INSPECTION,
    "inspection_approver": _INSPECTION,
}


def check_can_ask(actor: audit.Actor) -> None:
    """Anybody for themselves, or staff for who stands at the desk or is on the phone. [3.1]"""
    if isinstance(actor, User):
        require(actor, "inquiries.take_inquiry")
    elif actor != audit.ANYONE:
        raise PermissionDenied


def check_can_follow_up(actor: audit.Actor) -> None:
    """The asker by the link, or staff who write down what the asker says."""
    if isinstance(actor, User):
        require(actor, "inquiries.take_inquiry")
    elif actor != audit.HOLDER:
        raise PermissionDenied


def check_can_judge(actor: audit.Actor) -> None:
    """Whether a reply helped is the asker's word alone."""
    if actor != audit.HOLDER:
        raise PermissionDenied


def check_can_answer(actor: User, inquiry: Inquiry) -> None:
    """The window answers any question, a department those that were passed to it."""
    require(actor, "inquiries.answer_inquiry")
    _check_sees(actor, inquiry)


def check_can_hand_back(actor: User, inquiry: Inquiry) -> None:
    require(actor, "inquiries.hand_back_inquiry")
    _check_sees(actor, inquiry)


def check_can_handle(actor: User) -> None:
    """Point on, pass to a department, book for the asker: the window's work."""
    require(actor, "inquiries.handle_inquiry")


def check_can_reveal_asker(actor: User) -> None:
    require(actor, "inquiries.reveal_asker")


def _check_sees(actor: User, inquiry: Inquiry) -> None:
    membership = membership_of(actor)
    if membership and membership.role in ROLES_OF_DEPARTMENT and membership.department_id != inquiry.department_id:
        raise PermissionDenied
