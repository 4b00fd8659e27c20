"""Who may, about follow-ups and referrals. [3.9]"""

from django.core.exceptions import PermissionDenied

from cases.models import Case
from core import audit
from core.models import User
from core.permissions import allows, require
from departments.enums import DepartmentKind
from departments.selectors import department_of
from evaluations.enums import Office, Origin
from evaluations.models import FollowUp, Referral
from evaluations.permissions_ratings import AUTHORS, SUMS
from evaluations.selectors_followups import bureau_took_part

_FOLLOW = {"evaluations.view_followup", "evaluations.follow_up"}
_INSPECT = _FOLLOW | {
    "evaluations.assign_follow_up",
    "evaluations.open_follow_up",
    "evaluations.see_authors",
    "evaluations.view_referral",
}
GRANTS = {
    "bureau_staff": _FOLLOW | SUMS,
    "bureau_supervisor": _FOLLOW | SUMS | {"evaluations.assign_follow_up"},
    "department_staff": SUMS,
    "department_head": SUMS,
    "leader": SUMS,
    "inspector": _INSPECT | SUMS | AUTHORS | {"evaluations.propose_referral"},
    "inspection_approver": _INSPECT | SUMS | AUTHORS | {"evaluations.approve_referral"},
}
# Who is not staff opens a follow-up for these reasons: by its rating or its own word, or by rule.
OPENED_BY = {
    audit.HOLDER: {Origin.UNSATISFIED, Origin.REPORTED},
    audit.SYSTEM: {Origin.UNSATISFIED, Origin.SAMPLE},
}


def check_can_open(actor: audit.Actor, origin: str) -> None:
    """The rule and the enterprise for their own reasons; of people only the inspection office, also on the word of an
    enterprise that phoned. [3.9]
    """
    if isinstance(actor, User):
        require(actor, "evaluations.open_follow_up")
        allowed = {Origin.INSPECTOR, Origin.REPORTED}
    else:
        allowed = OPENED_BY.get(actor, set())
    if origin not in allowed:
        raise PermissionDenied


def check_can_assign(actor: User, follow_up: FollowUp) -> None:
    """A supervisor of the bureau what is the bureau's, the inspection office whatever there is. [3.9]"""
    require(actor, "evaluations.assign_follow_up")
    if kind_of(actor) != DepartmentKind.INSPECTION and follow_up.office != Office.BUREAU:
        raise PermissionDenied


def check_can_name(actor: User, assignee: User) -> None:
    """The bureau names its own people; the inspection office those of both. [3.9]"""
    if kind_of(actor) != DepartmentKind.INSPECTION and kind_of(assignee) != kind_of(actor):
        raise PermissionDenied


def check_can_work_on(actor: User, follow_up: FollowUp) -> None:
    """Only whom it is assigned to phones, and decides. [3.9]"""
    require(actor, "evaluations.follow_up")
    if follow_up.assigned_to_id != actor.pk:
        raise PermissionDenied


def check_can_decide(actor: User, follow_up: FollowUp) -> None:
    """Whom it is assigned to; nobody decides on their own close-out, and the bureau not on its own work. [3.9]"""
    check_can_work_on(actor, follow_up)
    if is_their_own(actor, follow_up.case, follow_up.round):
        raise PermissionDenied


def is_their_own(person: User, case: Case, round: int) -> bool:
    """That they closed this round, or that their bureau had a part in it."""
    if case.closings.filter(round=round, closed_by=person.pk).exists():
        return True
    return kind_of(person) == DepartmentKind.BUREAU and bureau_took_part(case, round)


def check_can_see_author(actor: User, follow_up: FollowUp) -> None:
    """How the enterprise rated: the inspection office, and of the bureau only whom it is assigned to. [5.2]"""
    if actor.has_perm("evaluations.see_authors"):
        return
    check_can_work_on(actor, follow_up)


def check_can_propose(actor: User) -> None:
    require(actor, "evaluations.propose_referral")


def check_can_decide_referral(actor: User, referral: Referral) -> None:
    """The approver, and never who proposed it, in whichever role by now. [3.9]"""
    require(actor, "evaluations.approve_referral")
    if actor.pk == referral.proposed_by_id:
        raise PermissionDenied


def can_assign(actor: User, follow_up: FollowUp) -> bool:
    return allows(check_can_assign, actor, follow_up)


def can_decide(actor: User, follow_up: FollowUp) -> bool:
    return allows(check_can_decide, actor, follow_up)


def can_work_on(actor: User, follow_up: FollowUp) -> bool:
    return allows(check_can_work_on, actor, follow_up)


def can_see_author(actor: User, follow_up: FollowUp) -> bool:
    return allows(check_can_see_author, actor, follow_up)


def can_decide_referral(actor: User, referral: Referral) -> bool:
    return allows(check_can_decide_referral, actor, referral)


def kind_of(user: User) -> str:
    """Of the unit a person works in; "" for who is in none."""
    own = department_of(user)
    return own.kind if own else ""
