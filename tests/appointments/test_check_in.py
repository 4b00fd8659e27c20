"""Check in on the day: who may come, when, and what the others are told. [3.3]"""

from datetime import timedelta

import pytest
from django.db import IntegrityError

from appointments import services
from appointments.enums import BookingStatus
from appointments.enums import QueueStatus as Q
from appointments.models import QueueEntry
from core.constraints import violated
from core.errors import AlreadyDone, Refused
from core.models import AuditEntry, Setting
from core.selectors import forget_settings
from sessions_app.enums import SessionKind
from sessions_app.models import Sitting
from tests.appointments.conftest import DAY, FIRST_SESSION, bring_to, cancel, take
from tests.appointments.day_steps import MORNING, NOON, arrived, bring_entry_to, check_in, placed
from tests.conftest import Cast
from tests.factories import make_session

pytestmark = [pytest.mark.clause("[3.3]"), pytest.mark.django_db]


def refusal_of(booking: object, cast: Cast, **options: object) -> Refused:
    with pytest.raises(Refused) as refusal:
        check_in(booking, cast.window_clerk, **options)
    return refusal.value


def test_check_in_of_a_placed_booking_waits_and_keeps_who_and_when(sitting: Sitting, cast: Cast) -> None:
    booking = placed(sitting, 1, cast.bureau_staff)
    entry = check_in(booking, cast.window_clerk)
    assert (entry.status, entry.checked_in_at, entry.checked_in_by) == (Q.WAITING, MORNING, cast.window_clerk)
    assert AuditEntry.objects.get(action="check_in").user == cast.window_clerk


@pytest.mark.parametrize(
    ("by", "code"),
    [
        (timedelta(days=-1), "other_day"),
        (timedelta(days=1), "other_day"),
        (timedelta(minutes=-121), "too_early"),
        (timedelta(hours=3), "session_over"),
    ],
)
def test_check_in_at_another_time_is_refused(by: timedelta, code: str, sitting: Sitting, cast: Cast) -> None:
    booking = placed(sitting, 1, cast.bureau_staff)
    assert refusal_of(booking, cast, now=FIRST_SESSION + by).code == code
    assert not QueueEntry.objects.exists()


def test_check_in_on_another_day_is_told_which_day(sitting: Sitting, cast: Cast) -> None:
    booking = placed(sitting, 1, cast.bureau_staff)
    assert "2026年11月26日（周四）09:00" in refusal_of(booking, cast, now=MORNING - timedelta(days=1)).message


@pytest.mark.parametrize("by", [timedelta(minutes=-120), timedelta(hours=3, seconds=-1)])
def test_check_in_at_the_edges_is_taken(by: timedelta, sitting: Sitting, cast: Cast) -> None:
    assert check_in(placed(sitting, 1, cast.bureau_staff), cast.window_clerk, now=FIRST_SESSION + by)


def test_check_in_opens_as_the_bureau_sets(sitting: Sitting, cast: Cast) -> None:
    Setting.objects.create(key="check_in_opens_minutes", value="20")
    forget_settings()
    refusal = refusal_of(placed(sitting, 1, cast.bureau_staff), cast, now=MORNING)
    assert (refusal.code, "08:40" in refusal.message) == ("too_early", True)


def test_check_in_twice_is_told_when_it_was_used(sitting: Sitting, cast: Cast) -> None:
    booking = placed(sitting, 1, cast.bureau_staff)
    check_in(booking, cast.window_clerk)
    refusal = refusal_of(booking, cast, now=MORNING + timedelta(minutes=5))
    assert isinstance(refusal, AlreadyDone)
    assert "08:30" in refusal.message


def test_check_in_after_the_consultation_is_told_when_it_was_used(sitting: Sitting, cast: Cast) -> None:
    (entry,) = arrived(sitting, cast.bureau_staff, 1)
    bring_entry_to(Q.DONE, entry, cast.bureau_staff)
    assert refusal_of(entry.booking, cast).code == "already_checked_in"


def test_check_in_of_who_was_marked_absent_waits_behind_the_others(sitting: Sitting, cast: Cast) -> None:
    first, second = arrived(sitting, cast.bureau_staff, 1, 2)
    bring_entry_to(Q.ABSENT, first, cast.bureau_staff)
    check_in(first.booking, cast.window_clerk, now=FIRST_SESSION)
    assert list(QueueEntry.objects.in_line()) == [second, first]


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (BookingStatus.CONFIRMED, "not_accepted"),
        (BookingStatus.RETURNED, "not_accepted"),
        (BookingStatus.REFUSED, "wrong_status"),
        (BookingStatus.SOLVED, "wrong_status"),
        (BookingStatus.ABSENT, "session_over"),
        (BookingStatus.ATTENDED, "wrong_status"),
        (BookingStatus.ACCEPTED, "not_placed"),
    ],
)
def test_check_in_in_another_status_is_refused(status: str, code: str, sitting: Sitting, cast: Cast) -> None:
    booking = bring_to(status, take(sitting, 1), cast.bureau_staff)
    assert refusal_of(booking, cast).code == code


def test_check_in_of_a_cancelled_booking_says_so(sitting: Sitting, cast: Cast) -> None:
    booking = placed(sitting, 1, cast.bureau_staff)
    cancel(booking)
    assert refusal_of(booking, cast).code == "cancelled"


def test_check_in_of_a_held_number_is_refused(sitting: Sitting, cast: Cast) -> None:
    assert refusal_of(take(sitting, 1), cast).code == "wrong_status"


def test_place_on_the_same_day_takes_the_waiting_entry_along(sitting: Sitting, cast: Cast) -> None:
    afternoon = make_session(
        sitting, SessionKind.SPECIAL, starts=NOON.time().replace(hour=14), ends=NOON.time().replace(hour=17)
    )
    (entry,) = arrived(sitting, cast.bureau_staff, 1)
    services.place_booking(
        booking_id=entry.booking_id,
        session_id=afternoon.pk,
        meet_at=afternoon.starts_at,
        actor=cast.bureau_staff,
        now=FIRST_SESSION,
    )
    entry.refresh_from_db()
    assert (entry.session, entry.status) == (afternoon, Q.WAITING)


def test_place_of_who_is_called_is_refused(sitting: Sitting, cast: Cast) -> None:
    (entry,) = arrived(sitting, cast.bureau_staff, 1)
    bring_entry_to(Q.CALLED, entry, cast.bureau_staff)
    with pytest.raises(Refused, match="already_called"):
        services.place_booking(
            booking_id=entry.booking_id,
            session_id=entry.session_id,
            meet_at=FIRST_SESSION + timedelta(hours=2),
            actor=cast.bureau_staff,
            now=FIRST_SESSION,
        )


def test_sitting_moved_to_another_day_voids_the_check_in(sitting: Sitting, cast: Cast) -> None:
    (entry,) = arrived(sitting, cast.bureau_staff, 1)
    services.move_sitting(
        sitting_id=sitting.pk, day=DAY + timedelta(days=1), reason="停电", actor=cast.bureau_supervisor, now=MORNING
    )
    assert not QueueEntry.objects.exists()
    assert AuditEntry.objects.filter(action="withdraw_check_in").count() == 1
    assert check_in(entry.booking, cast.window_clerk, now=MORNING + timedelta(days=1)).status == Q.WAITING


@pytest.mark.parametrize(
    ("columns", "constraint"),
    [
        ({"calls": 1}, "a_call_says_when_by_whom_and_where"),
        ({"status": Q.CALLED}, "who_was_called_has_a_call"),
        ({"started_at": MORNING}, "a_consultation_has_its_start"),
        ({"ended_at": MORNING}, "a_finished_consultation_has_its_end"),
    ],
)
def test_an_entry_whose_times_do_not_fit_its_status_is_refused_by_the_database(
    columns: dict[str, object], constraint: str, sitting: Sitting, cast: Cast
) -> None:
    (entry,) = arrived(sitting, cast.bureau_staff, 1)
    with pytest.raises(IntegrityError) as error:
        QueueEntry.objects.filter(pk=entry.pk).update(**columns)
    assert violated(error.value) == constraint


def test_steps_in_the_wrong_order_are_refused_by_the_database(sitting: Sitting, cast: Cast) -> None:
    (entry,) = arrived(sitting, cast.bureau_staff, 1)
    bring_entry_to(Q.DONE, entry, cast.bureau_staff)
    with pytest.raises(IntegrityError) as error:
        QueueEntry.objects.filter(pk=entry.pk).update(ended_at=MORNING)
    assert violated(error.value) == "the_steps_of_the_day_are_in_order"
