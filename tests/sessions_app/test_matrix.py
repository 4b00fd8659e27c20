"""Every status, move and role of a sitting, the refused ones as carefully as the allowed."""

from collections.abc import Callable
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from appointments.services.sittings import cancel_sitting
from core import audit
from core.errors import Refused
from core.models import AuditEntry
from sessions_app import moves
from sessions_app.enums import SittingPhase, SittingStatus
from sessions_app.models import Sitting
from sessions_app.services import publish_sitting
from tests.conftest import CAST, Cast
from tests.factories import make_sitting, moment

DAY = date(2026, 12, 15)
NOW = moment("2026-12-04 08:00")
BUREAU = {"bureau_staff", "bureau_supervisor"}


def publish(sitting: Sitting, actor: audit.Actor) -> Sitting:
    return publish_sitting(sitting_id=sitting.pk, actor=actor, now=NOW)


def cancel(sitting: Sitting, actor: audit.Actor) -> Sitting:
    return cancel_sitting(sitting_id=sitting.pk, reason="全市统一部署", actor=actor, now=NOW)


VERBS: dict[str, Callable[[Sitting, audit.Actor], Sitting]] = {
    moves.PUBLISH.name: publish,
    moves.CANCEL.name: cancel,
}
# Who may at all. The sweep publishes; nobody but a person calls a sitting off.
ACTORS = {moves.PUBLISH.name: BUREAU | {"system"}, moves.CANCEL.name: BUREAU}
# What comes of it for who may: the status afterwards, or the code of the refusal.
OUTCOMES = {
    (SittingStatus.PLANNED, moves.PUBLISH.name): SittingStatus.PUBLISHED,
    (SittingStatus.PUBLISHED, moves.PUBLISH.name): "already_done",
    (SittingStatus.CANCELLED, moves.PUBLISH.name): "wrong_status",
    (SittingStatus.PLANNED, moves.CANCEL.name): SittingStatus.CANCELLED,
    (SittingStatus.PUBLISHED, moves.CANCEL.name): SittingStatus.CANCELLED,
    (SittingStatus.CANCELLED, moves.CANCEL.name): "already_done",
}
EVERYBODY = [*CAST, "system", "anyone", "holder"]
NOBODY = {"system": audit.SYSTEM, "anyone": audit.ANYONE, "holder": audit.HOLDER}


def make(status: str) -> Sitting:
    return make_sitting(DAY, published=status == SittingStatus.PUBLISHED, cancelled=status == SittingStatus.CANCELLED)


def test_matrix_holds_every_status_and_move() -> None:
    assert set(OUTCOMES) == {(status, move.name) for status in SittingStatus for move in moves.MOVES}


def test_matrix_agrees_with_the_table_of_moves() -> None:
    allowed = {(source, move.name): move.target for move in moves.MOVES for source in move.sources}
    assert allowed == {key: outcome for key, outcome in OUTCOMES.items() if outcome in SittingStatus.values}


@pytest.mark.django_db
@pytest.mark.clause("[3.2]")
@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.parametrize(("status", "move"), OUTCOMES, ids=lambda value: str(value))
def test_move_by_role_has_its_outcome(cast: Cast, status: str, move: str, who: str) -> None:
    sitting, actor = make(status), NOBODY.get(who) or cast[who]
    outcome = OUTCOMES[SittingStatus(status), move]
    if who not in ACTORS[move]:
        with pytest.raises(PermissionDenied):
            VERBS[move](sitting, actor)
    elif outcome in SittingStatus.values:
        assert VERBS[move](sitting, actor).status == outcome
    else:
        with pytest.raises(Refused) as caught:
            VERBS[move](sitting, actor)
        assert caught.value.code == outcome
    moved = who in ACTORS[move] and outcome in SittingStatus.values
    sitting.refresh_from_db()
    assert sitting.status == (outcome if moved else status)
    assert AuditEntry.objects.filter(action=move).exists() is moved


@pytest.mark.django_db
@pytest.mark.clause("[3.3]")
@pytest.mark.parametrize("status", SittingStatus.values)
def test_phase_of_every_status_is_told(status: str) -> None:
    """A status that the public page does not know would be shown as something else."""
    expected = {
        SittingStatus.PLANNED: SittingPhase.PLANNED,
        SittingStatus.PUBLISHED: SittingPhase.OPEN,
        SittingStatus.CANCELLED: SittingPhase.CANCELLED,
    }
    assert make(status).phase(moment("2026-12-07 10:00"), free=5) == expected[SittingStatus(status)]


@pytest.mark.django_db
@pytest.mark.clause("[3.3]")
@pytest.mark.parametrize(
    ("at", "free", "phase"),
    [
        ("2026-12-04 08:59", 5, SittingPhase.UPCOMING),
        ("2026-12-04 09:00", 5, SittingPhase.OPEN),
        ("2026-12-04 09:00", 0, SittingPhase.FULL),
        ("2026-12-11 23:59", 1, SittingPhase.OPEN),
        ("2026-12-12 00:00", 1, SittingPhase.CLOSED),
        ("2026-12-15 23:59", 1, SittingPhase.CLOSED),
        ("2026-12-16 00:00", 1, SittingPhase.OVER),
    ],
)
def test_phase_of_a_published_sitting_follows_its_window(at: str, free: int, phase: SittingPhase) -> None:
    assert make_sitting(DAY, published=True).phase(moment(at), free) == phase
