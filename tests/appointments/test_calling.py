"""Who is called when, to which desk, how long it takes, and that no number is called to two desks. [3.6]"""

import threading
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest

from appointments import services
from appointments.enums import QueueStatus as Q
from appointments.models import ConsentText, QueueEntry
from appointments.selectors_day import before, in_line, lengths_between, queue_of
from appointments.services import day as verbs
from core import transitions
from core.errors import Refused
from core.models import AuditEntry, User
from departments.enums import DepartmentKind, Role
from departments.models import Department
from sessions_app.models import Sitting
from tests.appointments.conftest import DAY, FIRST_SESSION, OPENS
from tests.appointments.day_steps import MORNING, arrived, bring_entry_to, call_next, check_in, placed
from tests.appointments.test_races import at_once, outcome
from tests.conftest import Cast, make_person
from tests.factories import make_sitting

pytestmark = pytest.mark.clause("[3.6]")
LATER = FIRST_SESSION + timedelta(minutes=3)


def numbers(entries: Any) -> list[int]:
    return [entry.booking.number for entry in entries]


@pytest.mark.django_db
def test_next_is_the_earliest_time_then_who_was_passed_over(sitting: Sitting, cast: Cast) -> None:
    bureau = cast.bureau_staff
    late, early = arrived(sitting, bureau, 1, 2)
    services.place_booking(
        booking_id=late.booking_id,
        session_id=late.session_id,
        meet_at=FIRST_SESSION + timedelta(hours=2),
        actor=bureau,
        now=MORNING,
    )
    assert numbers(QueueEntry.objects.in_line()) == [2, 1]
    first = call_next(sitting.sessions.get(), bureau)
    assert first == early
    services.pass_over(entry_id=first.pk, actor=bureau)
    assert numbers(QueueEntry.objects.in_line()) == [1, 2]


@pytest.mark.django_db
def test_the_line_of_a_page_is_that_of_the_calls(sitting: Sitting, cast: Cast) -> None:
    """Two ways to the same order: in the database for a call, and of the rows that a page has read already."""
    bureau = cast.bureau_staff
    entries = arrived(sitting, bureau, 1, 2, 3)
    bring_entry_to(Q.CALLED, entries[0], bureau)
    services.pass_over(entry_id=entries[0].pk, actor=bureau)
    bring_entry_to(Q.ABSENT, entries[1], bureau)
    services.bring_back(entry_id=entries[1].pk, actor=bureau, now=LATER)
    shown = [place.entry for place in in_line(queue_of(entries[0].session_id))]
    assert shown == list(QueueEntry.objects.in_line()) == [entries[2], entries[0], entries[1]]
    assert [before(entry) for entry in shown] == [0, 1, 2]


@pytest.mark.django_db
def test_a_call_keeps_desk_time_and_count_and_a_recall_counts_on(sitting: Sitting, cast: Cast) -> None:
    (entry,) = arrived(sitting, cast.bureau_staff, 1)
    call_next(entry.session, cast.department_staff, desk="2号桌")
    again = services.call_again(entry_id=entry.pk, actor=cast.bureau_staff, now=LATER)
    assert (again.desk, again.calls, again.called_at, again.called_by) == ("2号桌", 2, LATER, cast.bureau_staff)
    assert AuditEntry.objects.filter(action="call_number_again").count() == 1


@pytest.mark.django_db
def test_call_without_a_desk_is_refused(sitting: Sitting, cast: Cast) -> None:
    (entry,) = arrived(sitting, cast.bureau_staff, 1)
    with pytest.raises(Refused, match="no_desk"):
        call_next(entry.session, cast.bureau_staff, desk="")


@pytest.mark.django_db
def test_call_of_an_entry_that_is_gone_is_refused(cast: Cast) -> None:
    with pytest.raises(Refused, match="gone"):
        services.call(entry_id=10**9, desk="1", actor=cast.bureau_staff, now=FIRST_SESSION)


@pytest.mark.django_db
def test_lengths_come_from_the_times_of_the_steps(sitting: Sitting, cast: Cast) -> None:
    (entry,) = arrived(sitting, cast.bureau_staff, 1)
    bring_entry_to(Q.DONE, entry, cast.bureau_staff)
    (length,) = lengths_between(DAY, DAY)
    assert (length.waited, length.consulted) == (timedelta(minutes=32), timedelta(minutes=20))
    assert lengths_between(DAY + timedelta(days=1), DAY + timedelta(days=1)) == []


@pytest.mark.django_db
def test_a_slow_clock_never_ends_a_consultation_before_it_began(sitting: Sitting, cast: Cast) -> None:
    (entry,) = arrived(sitting, cast.bureau_staff, 1)
    bring_entry_to(Q.CONSULTING, entry, cast.bureau_staff)
    ended = services.finish_consultation(entry_id=entry.pk, actor=cast.bureau_staff, now=FIRST_SESSION)
    assert ended.ended_at == ended.started_at


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
class TestManyDesksAtOnce:
    """On PostgreSQL, with threads. The session's lock gives each desk a number of its own."""

    @pytest.fixture
    def bureau(self, transactional_db: None) -> User:
        ConsentText.objects.get_or_create(text="同意", in_force_from=OPENS)
        unit, _created = Department.objects.get_or_create(
            name="市政务服务局", defaults={"kind": DepartmentKind.BUREAU}
        )
        return make_person("bureau", Role.BUREAU_STAFF, unit)

    @pytest.fixture
    def waiting(self, bureau: User) -> list[QueueEntry]:
        sitting = make_sitting(DAY, published=True, opens_at=OPENS)
        return arrived(sitting, bureau, 1, 2, 3, 4, 5)

    def test_eight_desks_and_five_waiting_get_each_number_once(self, waiting: list[QueueEntry], bureau: User) -> None:
        results = at_once(8, lambda place: call_next(waiting[0].session_id, bureau, desk=f"{place}号桌"))
        assert Counter(map(outcome, results)) == {"given": 5, "nobody_waits": 3}
        assert len({entry.pk for entry in results if isinstance(entry, QueueEntry)}) == 5
        assert list(QueueEntry.objects.values_list("calls", flat=True)) == [1] * 5

    def test_one_number_called_by_eight_desks_goes_to_one(self, waiting: list[QueueEntry], bureau: User) -> None:
        results = at_once(
            8,
            lambda place: services.call(entry_id=waiting[0].pk, desk=f"{place}号桌", actor=bureau, now=FIRST_SESSION),
        )
        assert Counter(map(outcome, results)) == {"given": 1, "already_done": 7}

    def test_without_the_session_lock_a_desk_is_refused_but_no_number_called_twice(
        self, waiting: list[QueueEntry], bureau: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The entry's own lock holds alone; what the session's adds is that nobody has to press again."""
        monkeypatch.setattr(verbs, "lock", read_together(8))
        results = at_once(8, lambda place: call_next(waiting[0].session_id, bureau, desk=f"{place}号桌"))
        called = [entry.pk for entry in results if isinstance(entry, QueueEntry)]
        assert len(called) == len(set(called))
        assert "already_done" in set(map(outcome, results))

    def test_without_any_lock_one_number_is_called_to_two_desks(
        self, waiting: list[QueueEntry], bureau: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        unlocked = read_together(8)
        monkeypatch.setattr(verbs, "lock", unlocked)
        monkeypatch.setattr(transitions, "lock", unlocked)
        results = at_once(8, lambda place: call_next(waiting[0].session_id, bureau, desk=f"{place}号桌"))
        called = [entry.pk for entry in results if isinstance(entry, QueueEntry)]
        assert len(called) > len(set(called))

    def test_checked_in_by_five_clerks_at_once_is_one_entry(self, bureau: User) -> None:
        sitting = make_sitting(DAY, published=True, opens_at=OPENS)
        booking = placed(sitting, 1, bureau)
        results = at_once(5, lambda _place: check_in(booking, bureau))
        assert Counter(map(outcome, results)) == {"given": 1, "already_checked_in": 4}

    def test_absent_at_the_end_against_the_last_check_in_is_one_or_the_other(self, bureau: User) -> None:
        sitting = make_sitting(DAY, published=True, opens_at=OPENS)
        booking = placed(sitting, 1, bureau)
        end = booking.session.ends_at
        at_once(
            2,
            lambda place: (
                services.end_sessions(end) if place else check_in(booking, bureau, now=end - timedelta(seconds=1))
            ),
        )
        booking.refresh_from_db()
        assert QueueEntry.objects.exists() == (booking.status == "accepted")


def read_together(count: int, *, seconds: float = 5) -> Callable[[Any, Any], Any]:
    """Reads rows without their lock, as careless code would, and nobody goes on before all have read.

    Where another lock lets them through one by one, they wait in vain: once, for so many seconds.
    """
    everybody = threading.Barrier(count)

    def unlocked(model: Any, pk: Any) -> Any:
        row = model._default_manager.get(pk=pk)
        with suppress(threading.BrokenBarrierError):
            everybody.wait(seconds)
        return row

    return unlocked
