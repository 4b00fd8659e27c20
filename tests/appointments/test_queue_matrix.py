"""The queue of the day: every status, every verb, every role, and nothing left out. [3.6]"""

from collections.abc import Callable
from typing import Any

import pytest

from appointments import services
from appointments.enums import BookingStatus
from appointments.enums import QueueStatus as Q
from appointments.models import QueueEntry
from appointments.moves import QUEUE_MOVES
from core.errors import Refused
from departments.enums import Role
from sessions_app.models import Sitting
from tests.appointments.day_steps import DESK, FIRST_SESSION, arrived, bring_entry_to, check_in
from tests.conftest import CAST, Cast
from tests.matrix import FORBIDDEN, outcomes

pytestmark = [pytest.mark.clause("[3.6]"), pytest.mark.django_db]
AT = FIRST_SESSION

VERBS: dict[str, Callable[[QueueEntry, Any], Any]] = {
    "check_in": lambda entry, actor: check_in(entry.booking, actor),
    "call_next": lambda entry, actor: services.call_next(session_id=entry.session_id, desk=DESK, actor=actor, now=AT),
    "call": lambda entry, actor: services.call(entry_id=entry.pk, desk=DESK, actor=actor, now=AT),
    "call_again": lambda entry, actor: services.call_again(entry_id=entry.pk, actor=actor, now=AT),
    "pass_over": lambda entry, actor: services.pass_over(entry_id=entry.pk, actor=actor),
    "start": lambda entry, actor: services.start_consultation(entry_id=entry.pk, actor=actor, now=AT),
    "finish": lambda entry, actor: services.finish_consultation(entry_id=entry.pk, actor=actor, now=AT),
    "mark_absent": lambda entry, actor: services.mark_absent(entry_id=entry.pk, actor=actor),
    "bring_back": lambda entry, actor: services.bring_back(entry_id=entry.pk, actor=actor, now=AT),
}
HERE, WRONG, AGAIN, NOBODY = "already_checked_in", "wrong_status", "already_done", "nobody_waits"
# Verb -> what becomes of an entry in each status, or the code of the refusal.
EXPECTED = {
    "check_in": {Q.WAITING: HERE, Q.CALLED: HERE, Q.CONSULTING: HERE, Q.DONE: HERE, Q.ABSENT: Q.WAITING},
    "call_next": {Q.WAITING: Q.CALLED, Q.CALLED: NOBODY, Q.CONSULTING: NOBODY, Q.DONE: NOBODY, Q.ABSENT: NOBODY},
    "call": {Q.WAITING: Q.CALLED, Q.CALLED: AGAIN, Q.CONSULTING: WRONG, Q.DONE: WRONG, Q.ABSENT: WRONG},
    "call_again": {Q.WAITING: WRONG, Q.CALLED: Q.CALLED, Q.CONSULTING: WRONG, Q.DONE: WRONG, Q.ABSENT: WRONG},
    "pass_over": {Q.WAITING: AGAIN, Q.CALLED: Q.WAITING, Q.CONSULTING: WRONG, Q.DONE: WRONG, Q.ABSENT: WRONG},
    "start": {Q.WAITING: WRONG, Q.CALLED: Q.CONSULTING, Q.CONSULTING: AGAIN, Q.DONE: WRONG, Q.ABSENT: WRONG},
    "finish": {Q.WAITING: WRONG, Q.CALLED: WRONG, Q.CONSULTING: Q.DONE, Q.DONE: AGAIN, Q.ABSENT: WRONG},
    "mark_absent": {Q.WAITING: Q.ABSENT, Q.CALLED: Q.ABSENT, Q.CONSULTING: WRONG, Q.DONE: WRONG, Q.ABSENT: AGAIN},
    "bring_back": {Q.WAITING: AGAIN, Q.CALLED: WRONG, Q.CONSULTING: WRONG, Q.DONE: WRONG, Q.ABSENT: Q.WAITING},
}
# A status in which each verb does something, for the question who may.
STARTS_FROM = {
    "check_in": Q.ABSENT,
    "call_next": Q.WAITING,
    "call": Q.WAITING,
    "call_again": Q.CALLED,
    "pass_over": Q.CALLED,
    "start": Q.CALLED,
    "finish": Q.CONSULTING,
    "mark_absent": Q.WAITING,
    "bring_back": Q.ABSENT,
}
# The session is that of 市税务局: the other department's staff may not.
MAY = {"window_clerk", "bureau_staff", "bureau_supervisor", "department_staff", "department_head"}


@pytest.mark.parametrize("status", Q.values)
def test_every_verb_in_a_status(status: str, sitting: Sitting, cast: Cast) -> None:
    (entry,) = arrived(sitting, cast.bureau_staff, 1)
    bring_entry_to(status, entry, cast.bureau_staff)
    tried = outcomes(entry, {verb: lambda row, verb=verb: VERBS[verb](row, cast.window_clerk) for verb in VERBS})
    assert tried == {verb: EXPECTED[verb][Q(status)] for verb in VERBS}


@pytest.mark.parametrize("verb", VERBS)
def test_every_role_of_a_verb(verb: str, sitting: Sitting, cast: Cast) -> None:
    (entry,) = arrived(sitting, cast.bureau_staff, 1)
    start = STARTS_FROM[verb]
    bring_entry_to(start, entry, cast.bureau_staff)
    tried = outcomes(entry, {who: lambda row, who=who: VERBS[verb](row, cast[who]) for who in CAST})
    assert tried == {who: EXPECTED[verb][start] if who in MAY else FORBIDDEN for who in CAST}


@pytest.mark.parametrize("verb", sorted(VERBS.keys() - {"check_in", "call_next"}))
def test_who_cancelled_after_checking_in_is_not_handled_further(verb: str, sitting: Sitting, cast: Cast) -> None:
    (entry,) = arrived(sitting, cast.bureau_staff, 1)
    services.cancel_booking(booking_id=entry.booking_id, actor=cast.bureau_staff, now=entry.checked_in_at)
    with pytest.raises(Refused) as refusal:
        VERBS[verb](entry, cast.window_clerk)
    assert refusal.value.code in ("not_expected", WRONG, AGAIN)


def test_who_cancelled_after_checking_in_is_passed_by_the_next_call(sitting: Sitting, cast: Cast) -> None:
    first, second = arrived(sitting, cast.bureau_staff, 1, 2)
    services.cancel_booking(booking_id=first.booking_id, actor=cast.bureau_staff, now=first.checked_in_at)
    assert VERBS["call_next"](second, cast.window_clerk) == second


def test_a_finished_consultation_is_an_attended_booking(sitting: Sitting, cast: Cast) -> None:
    (entry,) = arrived(sitting, cast.bureau_staff, 1)
    bring_entry_to(Q.DONE, entry, cast.department_staff)
    assert entry.booking.status == BookingStatus.ATTENDED


def test_the_tables_know_every_status_and_every_role() -> None:
    assert set(EXPECTED) == set(VERBS) == set(STARTS_FROM)
    assert all(set(row) == set(Q) for row in EXPECTED.values())
    assert {role for role, _department in CAST.values()} == set(Role)
    assert {status for move in QUEUE_MOVES for status in (*move.sources, move.target)} == set(Q)
