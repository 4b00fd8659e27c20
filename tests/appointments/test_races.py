"""Many at once, on PostgreSQL, with the positive controls that show what each safeguard is for. [3.3]"""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, connections, transaction

from appointments import services
from appointments.enums import HOLDING, BookingStatus
from appointments.models import Booking, ConsentText
from appointments.services import booking as booking_verbs
from appointments.services import numbers
from core import secrets
from core.constraints import violated
from core.errors import AlreadyDone, Refused
from deadlines.models import Obligation
from sessions_app.enums import SessionKind
from sessions_app.models import Sitting, Slot
from tests.appointments.conftest import DAY, NOW, OPENS, accept, cancel, confirm, take, wait
from tests.conftest import Cast
from tests.factories import make_session, make_sitting

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True), pytest.mark.clause("[3.3]")]


@pytest.fixture
def sitting(transactional_db: None) -> Sitting:
    ConsentText.objects.get_or_create(text="同意", in_force_from=OPENS)
    return make_sitting(DAY, published=True, opens_at=OPENS)


def at_once(count: int, attempt: Callable[[int], Any], *, threads: int = 40) -> list[Any]:
    """Run attempts 0…count-1 from threads that start together; a result or the exception of each."""
    results: list[Any] = [None] * count
    barrier = threading.Barrier(min(threads, count))

    def work(first: int) -> None:
        barrier.wait()
        for place in range(first, count, min(threads, count)):
            try:
                results[place] = attempt(place)
            except Exception as error:
                results[place] = error
        connections.close_all()

    workers = [threading.Thread(target=work, args=(first,)) for first in range(min(threads, count))]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return results


def outcome(result: Any) -> str:
    if isinstance(result, Refused):
        return result.code
    return type(result).__name__ if isinstance(result, Exception) else "given"


def numbers_held(sitting: Sitting) -> list[int]:
    held = Booking.objects.filter(sitting=sitting, status__in=HOLDING)
    return sorted(held.values_list("slot__number", flat=True))


def test_500_clients_for_5_numbers_get_each_number_once(sitting: Sitting) -> None:
    results = at_once(500, lambda place: take(sitting, place))
    assert Counter(map(outcome, results)) == {"given": 5, "full": 495}
    assert numbers_held(sitting) == [1, 2, 3, 4, 5]


def test_one_enterprise_40_times_gets_one_number(sitting: Sitting) -> None:
    results = at_once(40, lambda _place: take(sitting, 1))
    counted = Counter(map(outcome, results))
    assert counted["given"] == 1
    assert set(counted) <= {"given", "already_booked", "full"}
    assert Slot.objects.filter(taken=True).count() == 1


def test_one_submission_five_times_is_one_booking(sitting: Sitting) -> None:
    token = secrets.new_submission()
    results = at_once(5, lambda _place: take(sitting, 1, submission=token))
    assert {booking.pk for booking in results} == {Booking.objects.get().pk}


def test_cancel_against_promotion_never_gives_one_number_twice(sitting: Sitting) -> None:
    held = [take(sitting, serial) for serial in range(5)]
    line = [wait(sitting, serial) for serial in range(10, 20)]
    at_once(10, lambda place: cancel(held[place]) if place < 5 else cancel(line[place - 5]))
    services.release_due(NOW)
    assert numbers_held(sitting) == [1, 2, 3, 4, 5]
    assert Booking.objects.filter(status=BookingStatus.OFFERED).count() == 5


def test_hold_running_out_against_confirm_is_one_or_the_other(sitting: Sitting) -> None:
    edge = NOW + timedelta(minutes=15)
    for round_number in range(10):
        booking = take(sitting, round_number)
        results = at_once(
            2,
            lambda place, booking=booking: (
                confirm(booking, now=edge) if place else services.release_due(edge + timedelta(seconds=1))
            ),
        )
        booking.refresh_from_db()
        if booking.status == BookingStatus.CONFIRMED:
            cancel(booking)
        else:
            assert booking.status == BookingStatus.EXPIRED
            assert outcome(results[1]) == "wrong_status"
        assert not Slot.objects.filter(taken=True).exists()


def test_confirm_pressed_five_times_at_once_is_submitted_once(sitting: Sitting) -> None:
    booking = take(sitting, 1)
    results = at_once(5, lambda _place: confirm(booking))
    assert Counter(map(outcome, results)) == {"given": 1, "already_done": 4}
    assert all(isinstance(result, AlreadyDone | Booking) for result in results)


def test_leaving_the_line_against_being_offered_a_number_strands_none(sitting: Sitting) -> None:
    """Without looking again after the lock the number stays taken, with nobody holding it."""
    for round_number in range(8):
        held = [take(sitting, 100 * round_number + serial) for serial in range(5)]
        line = wait(sitting, 100 * round_number + 50)
        at_once(2, lambda place, held=held, line=line: cancel(line) if place else cancel(held[0]))
        taken = set(Slot.objects.filter(taken=True).values_list("number", flat=True))
        assert taken == set(numbers_held(sitting))
        for booking in Booking.objects.filter(sitting=sitting, status__in=[*HOLDING, BookingStatus.WAITING]):
            cancel(booking)


def test_cancelled_sitting_leaves_nobody_behind(sitting: Sitting, django_user_model: Any) -> None:
    supervisor = django_user_model(username="s", full_name="s", is_staff=True)
    supervisor.has_perm = lambda _permission: True
    supervisor.save()
    at_once(
        40,
        lambda place: (
            take(sitting, place)
            if place
            else services.cancel_sitting(sitting_id=sitting.pk, reason="场地维修", actor=supervisor, now=NOW)
        ),
    )
    assert numbers_held(sitting) == []


class TestPositiveControls:
    """What is proved above fails when a safeguard is taken away: each is there for a reason."""

    @pytest.fixture
    def careless_claim(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Look, then take: no lock. Everybody waits between the two, as on a slow day."""
        barrier, before = threading.Barrier(8, timeout=3), threading.local()

        def claim(sitting_id: int) -> Slot | None:
            slot = (
                Slot.objects.filter(sitting_id=sitting_id, session__isnull=True, taken=False)
                .order_by("number")
                .first()
            )
            # At the second try of who lost it is no longer all eight.
            if not hasattr(before, "tried"):
                before.tried = True
                with suppress(threading.BrokenBarrierError):
                    barrier.wait()
            if slot:
                Slot.objects.filter(pk=slot.pk).update(taken=True)
            return slot

        monkeypatch.setattr(booking_verbs, "claim_free_slot", claim)

    @pytest.fixture
    def without_constraint(self) -> Iterator[None]:
        """Gone for one test, and back again even when the rows would no longer allow it."""
        constraint = next(c for c in Booking._meta.constraints if c.name == "one_live_booking_for_a_number")
        with connection.schema_editor() as editor:
            editor.remove_constraint(Booking, constraint)
        yield
        Booking.objects.update(status=BookingStatus.CANCELLED, held_until=None)
        with connection.schema_editor() as editor:
            editor.add_constraint(Booking, constraint)

    def test_without_lock_and_constraint_a_number_is_given_twice(
        self, sitting: Sitting, careless_claim: None, without_constraint: None
    ) -> None:
        at_once(8, lambda place: take(sitting, place))
        assert len(numbers_held(sitting)) > len(set(numbers_held(sitting)))

    def test_without_lock_the_constraint_holds_and_everybody_gets_a_sentence(
        self, sitting: Sitting, careless_claim: None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        hits = []
        sentence = numbers.refusal_of

        def counted(error: IntegrityError) -> Refused:
            hits.append(violated(error))
            return sentence(error)

        monkeypatch.setattr(booking_verbs, "refusal_of", counted)
        results = at_once(8, lambda place: take(sitting, place))
        assert "one_live_booking_for_a_number" in hits
        assert set(map(outcome, results)) <= {"given", "number_taken", "full"}
        assert len(numbers_held(sitting)) == len(set(numbers_held(sitting)))

    def test_without_constraint_a_direct_insert_past_the_verb_gives_a_number_twice(
        self, sitting: Sitting, without_constraint: None
    ) -> None:
        first, second = take(sitting, 1), take(sitting, 2)
        Booking.objects.filter(pk=second.pk).update(slot=first.slot)
        assert numbers_held(sitting) == [1, 1]

    def test_with_constraint_the_same_direct_insert_is_refused(self, sitting: Sitting) -> None:
        first, second = take(sitting, 1), take(sitting, 2)
        with pytest.raises(IntegrityError) as error:
            Booking.objects.filter(pk=second.pk).update(slot=first.slot)
        assert violated(error.value) == "one_live_booking_for_a_number"


def beside(unfinished: Callable[[], Any], attempt: Callable[[], Any]) -> Any:
    """Attempt it while the other has done its work and not committed yet."""
    results: list[Any] = []

    def work() -> None:
        try:
            results.append(attempt())
        except Exception as error:
            results.append(error)
        connections.close_all()

    thread = threading.Thread(target=work)
    with transaction.atomic():
        unfinished()
        thread.start()
        thread.join(0.5)
    thread.join()
    return results[0]


@pytest.mark.clause("[3.5]")
def test_place_beside_the_calling_off_of_its_session_is_refused(sitting: Sitting, cast: Cast) -> None:
    special = make_session(sitting, SessionKind.SPECIAL, starts=time(14), ends=time(17))
    booking = accept(confirm(take(sitting, 1)), cast.bureau_staff)
    common = {"session_id": special.pk, "actor": cast.bureau_staff, "now": NOW}
    result = beside(
        lambda: services.call_off_session(reason="会场检修", **common),
        lambda: services.place_booking(booking_id=booking.pk, meet_at=special.starts_at, **common),
    )
    assert outcome(result) == "other_sitting"


@pytest.mark.clause("[3.4]")
def test_accept_beside_the_moving_of_its_sitting_ends_before_the_new_day(sitting: Sitting, cast: Cast) -> None:
    booking = confirm(take(sitting, 1))
    earlier = date(2026, 11, 25)
    result = beside(
        lambda: services.move_sitting(
            sitting_id=sitting.pk, day=earlier, reason="会场检修", actor=cast.bureau_supervisor, now=NOW
        ),
        lambda: accept(booking, cast.bureau_staff),
    )
    assert outcome(result) == "given"
    assert Obligation.objects.get(kind="verification").no_later_than == date(2026, 11, 24)


@pytest.mark.clause("[3.4]")
def test_moving_a_sitting_beside_cancellations_moves_it(sitting: Sitting, cast: Cast) -> None:
    """Each booking ends with its clocks, or goes along; the move itself is never refused for either."""
    held = [accept(confirm(take(sitting, serial)), cast.bureau_staff) for serial in range(4)]
    for booking, days in zip(held, (1, 2, 1, 2), strict=True):
        results = at_once(
            2,
            lambda place, booking=booking, days=days: (
                cancel(booking)
                if place
                else services.move_sitting(
                    sitting_id=sitting.pk,
                    day=DAY + timedelta(days=days - 3 if days == 2 else days),
                    reason="会议",
                    actor=cast.bureau_supervisor,
                    now=NOW,
                )
            ),
        )
        assert [outcome(result) for result in results] == ["given", "given"]
        assert not Obligation.objects.filter(owner=f"appointments.booking:{booking.pk}", status="open").exists()


def test_of_codes_asked_for_at_the_same_moment_one_is_sent(sitting: Sitting) -> None:
    answered = threading.Barrier(8)

    def ask(_place: int) -> Any:
        """Nobody commits before everybody has asked."""
        with transaction.atomic():
            try:
                return services.send_code(mobile="13800000077", now=NOW)
            finally:
                answered.wait(10)

    counted = Counter(map(outcome, at_once(8, ask)))
    assert counted == {"given": 1, "too_often": 7}
