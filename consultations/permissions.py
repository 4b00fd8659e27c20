"""Who may, about the record of a consultation. [3.6]"""

from django.core.exceptions import PermissionDenied

from appointments.permissions import department_bound
from core.models import User
from core.permissions import allows, require
from sessions_app.models import Session

_VIEW = {"consultations.view_consultation"}
_UNIT = _VIEW | {"consultations.keep_record"}
GRANTS = {
    "bureau_staff": _VIEW,
    "bureau_supervisor": _VIEW,
    "department_staff": _UNIT,
    "department_head": _UNIT | {"consultations.sign_off", "consultations.correct_record"},
    "inspector": _VIEW,
    "inspection_approver": _VIEW,
}


def check_can_keep(actor: User, session: Session) -> None:
    """The departments that sit in the session write its records. [3.6]"""
    require(actor, "consultations.keep_record")
    _check_sits(actor, session)


def check_can_sign(actor: User, session: Session) -> None:
    """The head of a department that sits in the session conducts the consultation and signs it off. [3.6]"""
    require(actor, "consultations.sign_off")
    _check_sits(actor, session)


def check_can_correct(actor: User, session: Session) -> None:
    require(actor, "consultations.correct_record")
    _check_sits(actor, session)


def can_keep(actor: User, session: Session) -> bool:
    return allows(check_can_keep, actor, session)


def can_sign(actor: User, session: Session) -> bool:
    return allows(check_can_sign, actor, session)


def can_correct(actor: User, session: Session) -> bool:
    return allows(check_can_correct, actor, session)


def _check_sits(actor: User, session: Session) -> None:
    if not session.chairs.filter(department=department_bound(actor)).exists():
        raise PermissionDenied
