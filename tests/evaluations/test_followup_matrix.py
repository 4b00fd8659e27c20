"""Every status of a follow-up and a referral, every verb, every role. One missing here fails. [3.9]"""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db.models import Model

from cases.models import Assignment, Case, Closing, Reopening
from core.models import AuditEntry, User
from departments.enums import Role
from evaluations import moves, services
from evaluations.enums import FollowUpStatus, Office, ReferralStatus
from evaluations.models import FollowUp, FollowUpCall, FollowUpReason, Referral
from notifications.models import Message
from tests.conftest import CAST, Cast
from tests.evaluations.conftest import FollowUpOf
from tests.evaluations.followup_steps import (
    approve,
    assign,
    call,
    confirm,
    follow,
    look,
    propose,
    reject,
    reveal,
    send_back,
    unrectified,
)
from tests.matrix import outcomes

pytestmark = [pytest.mark.clause("[3.9]"), pytest.mark.django_db]
SAME_START = True
F, R = FollowUpStatus, ReferralStatus
WRONG, AGAIN, OVER, NOT_YET = "wrong_status", "already_done", "decided", "not_unrectified"
Verbs = Mapping[str, Callable[[Any, User], Any]]


def assign_a_colleague(row: FollowUp, actor: User) -> FollowUp:
    name = {Office.BUREAU: "second_bureau_staff", Office.INSPECTION: "second_inspector"}[Office(row.office)]
    return assign(row, actor, User.objects.get(username=name))


OF_FOLLOW_UP: Verbs = {
    "assign": assign_a_colleague,
    "call": call,
    "reveal": reveal,
    "look": look,
    "confirm": confirm,
    "send_back": send_back,
    "unrectified": unrectified,
    "propose": propose,
    "open": lambda row, actor: follow(row.case, "inspector", actor),
}
OF_REFERRAL: Verbs = {"approve": approve, "reject": reject}

FOLLOW_UPS = {
    "assign": {F.OPEN: F.OPEN, F.CONFIRMED: OVER, F.SENT_BACK: OVER, F.UNRECTIFIED: OVER},
    "call": {F.OPEN: F.OPEN, F.CONFIRMED: OVER, F.SENT_BACK: OVER, F.UNRECTIFIED: OVER},
    "reveal": {F.OPEN: F.OPEN, F.CONFIRMED: OVER, F.SENT_BACK: OVER, F.UNRECTIFIED: OVER},
    "look": {status: status for status in F},
    "confirm": {F.OPEN: F.CONFIRMED, F.CONFIRMED: AGAIN, F.SENT_BACK: WRONG, F.UNRECTIFIED: WRONG},
    "send_back": {F.OPEN: F.SENT_BACK, F.CONFIRMED: WRONG, F.SENT_BACK: AGAIN, F.UNRECTIFIED: WRONG},
    "unrectified": {F.OPEN: F.UNRECTIFIED, F.CONFIRMED: WRONG, F.SENT_BACK: WRONG, F.UNRECTIFIED: AGAIN},
    "propose": {F.OPEN: NOT_YET, F.CONFIRMED: NOT_YET, F.SENT_BACK: NOT_YET, F.UNRECTIFIED: F.UNRECTIFIED},
    # It joins the open one, or opens another beside one that is decided.
    "open": {status: status for status in F},
}
REFERRALS = {
    "approve": {R.PROPOSED: R.APPROVED, R.APPROVED: AGAIN, R.REJECTED: WRONG},
    "reject": {R.PROPOSED: R.REJECTED, R.APPROVED: WRONG, R.REJECTED: AGAIN},
}
DECIDE = {F.CONFIRMED: confirm, F.SENT_BACK: send_back, F.UNRECTIFIED: unrectified}


def follow_up_in(status: str, row: FollowUp) -> FollowUp:
    """Come to its status through the verbs of whom it is assigned to."""
    if status in DECIDE:
        assert row.assigned_to is not None
        DECIDE[FollowUpStatus(status)](row, row.assigned_to)
    row.refresh_from_db()
    assert row.status == status
    return row


def referral_in(status: str, row: FollowUp, cast: Cast) -> Referral:
    referral = propose(follow_up_in(F.UNRECTIFIED, row), cast.inspector)
    if status != R.PROPOSED:
        (approve if status == R.APPROVED else reject)(referral, cast.inspection_approver)
    return referral


def column(table: Mapping[str, Mapping[Any, str]], status: str) -> dict[str, str]:
    return {verb: row[status] for verb, row in table.items()}


@pytest.mark.parametrize("status", FollowUpStatus)
def test_every_verb_in_a_status_of_a_follow_up(
    status: FollowUpStatus, inspections: FollowUp, colleagues: Cast, cast: Cast
) -> None:
    row = follow_up_in(status, inspections)
    acts = {name: lambda row, act=act: act(row, cast.inspector) for name, act in OF_FOLLOW_UP.items()}
    assert outcomes(row, acts) == column(FOLLOW_UPS, status)


@pytest.mark.parametrize("status", ReferralStatus)
def test_every_verb_in_a_status_of_a_referral(status: ReferralStatus, inspections: FollowUp, cast: Cast) -> None:
    row = referral_in(status, inspections, cast)
    acts = {name: lambda row, act=act: act(row, cast.inspection_approver) for name, act in OF_REFERRAL.items()}
    assert outcomes(row, acts) == column(REFERRALS, status)


# Who may, of the cast: the bureau's is given to its staff, the inspection office's to its inspector.
INSPECTION = {"inspector", "inspection_approver"}
WORK = ("call", "reveal", "confirm", "send_back", "unrectified")
OF_INSPECTION = {
    **{verb: {"inspector"} for verb in WORK},
    "assign": INSPECTION,
    "look": INSPECTION,
    "open": INSPECTION,
    "propose": {"inspector"},
    "approve": {"inspection_approver"},
    "reject": {"inspection_approver"},
}
MAY = {
    Office.INSPECTION: OF_INSPECTION,
    Office.BUREAU: OF_INSPECTION
    | {verb: {"bureau_staff"} for verb in WORK}
    | {"assign": {*INSPECTION, "bureau_supervisor"}, "look": {*INSPECTION, "bureau_staff"}},
}
ALL_VERBS: Verbs = OF_FOLLOW_UP | OF_REFERRAL


def ready_for(verb: str, row: FollowUp, cast: Cast) -> FollowUp | Referral:
    if verb in OF_REFERRAL:
        return referral_in(R.PROPOSED, row, cast)
    return follow_up_in(F.UNRECTIFIED if verb == "propose" else F.OPEN, row)


@pytest.mark.parametrize("office", Office)
@pytest.mark.parametrize("verb", ALL_VERBS)
def test_every_other_role_is_refused_and_changes_nothing(
    verb: str, office: str, follow_up_of: FollowUpOf, colleagues: Cast, cast: Cast
) -> None:
    row = ready_for(verb, follow_up_of(office), cast)
    before = snapshot()
    for person in sorted(CAST.keys() - MAY[Office(office)][verb]):
        with pytest.raises(PermissionDenied):
            ALL_VERBS[verb](row, cast[person])
        assert snapshot() == before, person


@pytest.mark.parametrize(
    ("office", "verb", "person"),
    [(office, verb, person) for office in Office for verb in ALL_VERBS for person in sorted(MAY[office][verb])],
)
def test_whoever_may_does_it(
    office: str, verb: str, person: str, follow_up_of: FollowUpOf, colleagues: Cast, cast: Cast
) -> None:
    row = ready_for(verb, follow_up_of(office), cast)
    before = snapshot()
    ALL_VERBS[verb](row, cast[person])
    assert snapshot() != before


def snapshot() -> list[Any]:
    """Every row that a verb could change, and how much was said and recorded."""
    models: list[type[Model]] = [
        FollowUp,
        FollowUpReason,
        FollowUpCall,
        Referral,
        Case,
        Assignment,
        Closing,
        Reopening,
    ]
    rows: list[Any] = [list(model._default_manager.order_by("pk").values()) for model in models]
    return [*rows, AuditEntry.objects.count(), Message.objects.count()]


# Tried beside their own tests.
OF_RATINGS = {
    *("Opinion", "draw_silent", "invite_closed", "look_at_ratings", "rate", "remind_unrated", "send_link_again"),
}
# The sweep, and what comes through the ticket's secret address.
WITHOUT_A_ROLE = {"remind_of_follow_ups", "report_problem"}


def test_the_tables_know_every_status_every_move_and_every_role() -> None:
    for table, verbs, statuses in ((FOLLOW_UPS, OF_FOLLOW_UP, F), (REFERRALS, OF_REFERRAL, R)):
        assert set(table) == set(verbs)
        assert all(set(row) == set(statuses) for row in table.values())
    assert all(set(may) == set(ALL_VERBS) for may in MAY.values())
    assert len(ALL_VERBS) == len(set(services.__all__) - OF_RATINGS - WITHOUT_A_ROLE)
    assert {role for role, _department in CAST.values()} == set(Role)
    of_these = [*moves.FOLLOW_UP_MOVES, *moves.REFERRAL_MOVES]
    assert {status for move in of_these for status in (*move.sources, move.target)} == {*F, *R}
