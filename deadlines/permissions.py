"""Who may, about obligations. Opening, meeting and moving them is asked by the owning app's verbs."""

from django.core.exceptions import PermissionDenied

from core.models import User
from core.permissions import require
from deadlines.models import Escalation

_VIEW = {"deadlines.view_obligation", "deadlines.view_escalation"}
_CONCERNED = _VIEW | {"deadlines.acknowledge_escalation"}
GRANTS = {
    "window_clerk": _VIEW,
    "bureau_staff": _CONCERNED,
    "bureau_supervisor": _CONCERNED | {"deadlines.decide_earlier"},
    "department_staff": _CONCERNED,
    "department_head": _CONCERNED,
    "inspector": _CONCERNED,
    "inspection_approver": _CONCERNED,
}


def check_can_acknowledge(actor: User, escalation: Escalation) -> None:
    """One of those who were told: nobody takes up for others what was not said to them. [3.7]"""
    require(actor, "deadlines.acknowledge_escalation")
    if not was_told(actor, escalation):
        raise PermissionDenied


def was_told(user: User, escalation: Escalation) -> bool:
    return user.pk in escalation.recipients


def check_can_decide_earlier(actor: User) -> None:
    """Whether a new calendar moves a date to earlier: a supervisor of the bureau."""
    require(actor, "deadlines.decide_earlier")
