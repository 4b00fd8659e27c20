"""Several sweeps at once, and meeting, moving and opening beside them, on PostgreSQL. [3.7]"""

import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.db.models import QuerySet

from core import audit
from core.constraints import violated
from core.models import AuditEntry, User
from deadlines import services
from deadlines.enums import Cause, TimerKind
from deadlines.models import Escalation, Obligation, ObligationQuerySet, Revision, Timer
from tests.deadlines.conftest import meet, owe, together
from tests.factories import moment

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True), pytest.mark.clause("[3.7]")]
MORNING = moment("2026-03-10 09:00")


def sweep_all(on_fire: Any = lambda obligation, kind, levels: []) -> int:
    return services.fire_due(kinds=["verification"], on_fire=on_fire, now=MORNING)


def actions(obligation: Obligation) -> list[str]:
    """What was done to it, in the order in which its lock was held."""
    entries = AuditEntry.objects.filter(subject=audit.subject_of(obligation)).order_by("id")
    return list(entries.values_list("action", flat=True))


@pytest.mark.parametrize("sweeps", [2, 8])
def test_sweeps_at_once_tell_each_step_once(sweeps: int) -> None:
    owed = [owe(f"b:{number}") for number in range(40)]
    told: list[str] = []

    def on_fire(obligation: Obligation, kind: TimerKind, levels: list[TimerKind]) -> Iterable[User]:
        told.append(obligation.owner)
        return []

    results = together(sweeps, lambda _place: sweep_all(on_fire))
    assert sum(results) == 40
    assert Counter(told) == {row.owner: 1 for row in owed}
    assert Escalation.objects.count() == 40
    assert not Timer.objects.filter(status="pending", fire_at__lte=MORNING).exists()


def test_meeting_beside_a_sweep_is_told_before_or_never() -> None:
    owed = [owe(f"b:{number}") for number in range(24)]
    together(4, lambda place: sweep_all() if place < 2 else [meet(row.owner) for row in owed[place % 2 :: 2]])
    assert not Timer.objects.filter(status="pending", obligation__status="met").exists()
    for row in owed:
        done = actions(row)
        assert done.count("escalate") <= 1
        assert done[-1] == "meet_obligation"


def test_moving_beside_a_sweep_is_told_for_the_day_in_force() -> None:
    owed = [owe(f"b:{number}") for number in range(16)]

    def extend(row: Obligation) -> None:
        services.revise_obligation(
            obligation_id=row.pk, cause=Cause.EXTENDED, actor=audit.SYSTEM, now=MORNING, reason="x", working_days=15
        )

    together(2, lambda place: [extend(row) for row in reversed(owed)] if place else sweep_all())
    sweep_all()
    for row in owed:
        assert actions(row)[-1] == "revise_obligation"
        assert Timer.objects.filter(obligation=row, status="pending", revision__number=1).count() == 0
        assert Timer.objects.filter(obligation=row, status="pending", revision__number=2).count() == 4


def test_opening_the_same_at_once_is_one() -> None:
    results = together(8, lambda _place: owe())
    assert {row.pk for row in results} == {Obligation.objects.get().pk}
    assert Revision.objects.count() == 1
    assert Timer.objects.count() == 4


def test_meeting_at_once_is_met_once() -> None:
    owe()
    results = together(8, lambda place: meet(now=moment(f"2026-03-10 1{place}:00")))
    assert len({row.met_at for row in results}) == 1
    assert AuditEntry.objects.filter(action="meet_obligation").count() == 1


class TestPositiveControls:
    """What is proved above fails when a safeguard is taken away: each is there for a reason."""

    @pytest.fixture
    def careless_sweep(self, monkeypatch: pytest.MonkeyPatch) -> Any:
        """No lock: two sweeps see the same pending timer, and tell of it in the same moment."""
        barrier = threading.Barrier(2, timeout=3)

        def unlocked(rows: QuerySet[Any], **options: Any) -> QuerySet[Any]:
            return rows.all()

        monkeypatch.setattr(ObligationQuerySet, "select_for_update", unlocked)

        def on_fire(obligation: Obligation, kind: TimerKind, levels: list[TimerKind]) -> Iterable[User]:
            with suppress(threading.BrokenBarrierError):
                barrier.wait()
            return []

        return on_fire

    @pytest.fixture
    def without_constraint(self) -> Iterator[None]:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE deadlines_escalation DROP CONSTRAINT deadlines_escalation_timer_id_key")
        yield
        Escalation.objects.all().delete()
        with connection.cursor() as cursor:
            cursor.execute(
                "ALTER TABLE deadlines_escalation ADD CONSTRAINT deadlines_escalation_timer_id_key UNIQUE (timer_id)"
            )

    def test_without_the_lock_and_the_constraint_a_step_is_told_twice(
        self, careless_sweep: Any, without_constraint: None
    ) -> None:
        owe()
        together(2, lambda _place: sweep_all(careless_sweep))
        assert Escalation.objects.count() == 2

    def test_without_the_lock_the_constraint_refuses_the_second(self, careless_sweep: Any) -> None:
        owe()
        results = together(2, lambda _place: sweep_all(careless_sweep))
        refused = [error for error in results if isinstance(error, IntegrityError)]
        assert [violated(error) for error in refused] == ["deadlines_escalation.timer_id"]
        assert Escalation.objects.count() == 1

    def test_with_the_lock_the_second_leaves_it_alone(self) -> None:
        row = owe()
        results = together(2, lambda _place: sweep_all())
        assert sorted(results) == [0, 1]
        assert actions(row).count("escalate") == 1
