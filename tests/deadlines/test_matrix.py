"""Every status and every verb: what happens. Who may is asked by the owning app, but for the two verbs of people."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from core import audit
from core.errors import Refused
from core.transitions import moving
from deadlines import services
from deadlines.enums import Cause, ObligationStatus, TimerStatus
from deadlines.models import Obligation, Timer
from deadlines.moves import MEET, MOVES, VOID
from departments.enums import Role
from tests.conftest import CAST, Cast
from tests.deadlines.conftest import NOON, OWNER, meet, owe

pytestmark = [pytest.mark.django_db, pytest.mark.clause("[3.7]")]
S = ObligationStatus


def obligation_in(status: str) -> Obligation:
    obligation = owe()
    if status == S.MET:
        meet()
    elif status == S.VOID:
        services.void_obligations(owner=OWNER, actor=audit.SYSTEM, now=NOON)
    obligation.refresh_from_db()
    assert obligation.status == status
    return obligation


VERBS: dict[str, Callable[[Obligation], Any]] = {
    "open": lambda row: owe(),
    "meet": lambda row: meet(),
    "void": lambda row: services.void_obligations(owner=OWNER, actor=audit.SYSTEM, now=NOON),
    "revise": lambda row: services.revise_obligation(
        obligation_id=row.pk, cause=Cause.EXTENDED, actor=audit.SYSTEM, now=NOON, reason="x", working_days=9
    ),
}
# From -> verb -> the status of that row afterwards, or the code of the refusal.
EXPECTED = {
    S.OPEN: {"open": S.OPEN, "meet": S.MET, "void": S.VOID, "revise": S.OPEN},
    S.MET: {"open": "already_met", "meet": S.MET, "void": S.MET, "revise": "not_open"},
    S.VOID: {"open": S.VOID, "meet": S.VOID, "void": S.VOID, "revise": "not_open"},
}


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("status", S.values)
def test_every_status_and_verb(status: str, verb: str) -> None:
    obligation = obligation_in(status)
    try:
        VERBS[verb](obligation)
        obligation.refresh_from_db()
        result = obligation.status
    except Refused as refusal:
        result = refusal.code
        obligation.refresh_from_db()
        assert obligation.status == status
    assert result == EXPECTED[S(status)][verb]


@pytest.mark.parametrize("move", [MEET, VOID], ids=lambda move: move.name)
@pytest.mark.parametrize("status", [S.MET, S.VOID])
def test_no_move_leads_away_from_an_end(status: str, move: Any) -> None:
    obligation = obligation_in(status)
    code = "already_done" if status == move.target else "wrong_status"
    with pytest.raises(Refused, match=code), moving(Obligation, obligation.pk, move, actor=audit.SYSTEM):
        pytest.fail("moved")


MAY_DECIDE = {Role.BUREAU_SUPERVISOR}


@pytest.mark.parametrize("person", CAST)
def test_every_role_and_the_decision_about_a_new_calendar(person: str, cast: Cast) -> None:
    obligation = owe()
    code = PermissionDenied if CAST[person][0] not in MAY_DECIDE else Refused
    with pytest.raises(code):  # there is nothing to decide, which only who may decide is told
        services.decide_earlier(obligation_id=obligation.pk, move=True, actor=cast[person], reason="x", now=NOON)


def test_the_tables_know_every_status() -> None:
    assert set(EXPECTED) == set(S)
    known = {*S, *TimerStatus}
    assert {status for move in MOVES for status in (*move.sources, move.target)} == known
    assert set(Timer.objects.values_list("status", flat=True)) <= set(TimerStatus)
