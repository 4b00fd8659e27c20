"""Every status, every verb, every role: what happens. A status or role missing from the tables fails."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from appointments import services
from appointments.enums import HOLDING, LIVE, BookingStatus
from appointments.models import Booking
from appointments.moves import BOOKING_MOVES
from core import audit
from departments.enums import Role
from sessions_app.models import Sitting
from tests.appointments.conftest import (
    NOW,
    ONCE_SUBMITTED,
    accept,
    add_facts,
    bring_to,
    cancel,
    claim,
    confirm,
    refuse,
    send_back,
    take,
    wait,
)
from tests.conftest import CAST, Cast
from tests.matrix import FORBIDDEN, outcomes

pytestmark = pytest.mark.clause("[3.3]")
S = BookingStatus
AFTER_HOLD = NOW + timedelta(minutes=16)


def booking_in(status: str, sitting: Sitting, cast: Cast) -> Booking:
    """A booking that came to its status through the verbs."""
    if status == S.CONTESTED:
        take(sitting, 1)
        return claim(sitting, 1)
    if status in (S.WAITING, S.OFFERED, S.LAPSED):
        for serial in range(1, 6):
            confirm(take(sitting, serial))
        booking = wait(sitting, 6)
        if status != S.WAITING:
            cancel(Booking.objects.get(slot__number=1))
        if status == S.LAPSED:
            services.release_due(NOW + timedelta(days=2))
    else:
        booking = take(sitting, 1)
    if status in ONCE_SUBMITTED:
        bring_to(status, booking, cast.bureau_staff)
    elif status == S.CANCELLED:
        cancel(booking)
    elif status == S.EXPIRED:
        services.release_due(AFTER_HOLD)
    elif status == S.SITTING_CANCELLED:
        services.cancel_sitting(sitting_id=sitting.pk, reason="x", actor=cast.bureau_staff, now=NOW)
    # What a department proposed during verification: only an accepted booking can be ended by saying yes to it.
    Booking.objects.filter(pk=booking.pk).update(solution="已办结")
    booking.refresh_from_db()
    assert booking.status == status
    return booking


def solve(booking: Booking, actor: Any) -> Booking:
    """The enterprise says yes to what the department has proposed."""
    return services.confirm_solved(booking_id=booking.pk, actor=actor, now=NOW)


VERBS: dict[str, Callable[[Booking, Any], Any]] = {
    "confirm": lambda booking, actor: confirm(booking, actor=actor),
    "cancel": lambda booking, actor: cancel(booking, actor=actor),
    "retake": lambda booking, actor: services.retake_number(booking_id=booking.pk, actor=actor, now=NOW),
    "uphold": lambda booking, actor: services.settle_claim(
        booking_id=booking.pk, upheld=True, note="已核实", actor=actor, now=NOW
    ),
    "dismiss": lambda booking, actor: services.settle_claim(
        booking_id=booking.pk, upheld=False, note="已核实", actor=actor, now=NOW
    ),
    "accept": accept,
    "refuse": refuse,
    "send_back": send_back,
    "add_facts": add_facts,
    "solve": solve,
    "ask_call_back": lambda booking, actor: services.ask_call_back(booking_id=booking.pk, now=NOW),
}
# Verbs of the bureau; the others are the holder's.
OF_THE_BUREAU = {"uphold", "dismiss", "accept", "refuse", "send_back"}

# From -> verb -> the status afterwards, or the code of the refusal.
EXPECTED = {
    S.WAITING: {"confirm": "wrong_status", "cancel": S.CANCELLED, "retake": "already_done", "uphold": "already_done"},
    S.CONTESTED: {"confirm": "wrong_status", "cancel": S.CANCELLED, "retake": "wrong_status", "uphold": S.OFFERED},
    S.OFFERED: {"confirm": S.CONFIRMED, "cancel": S.CANCELLED, "retake": "wrong_status", "uphold": "already_done"},
    S.HELD: {"confirm": S.CONFIRMED, "cancel": S.CANCELLED, "retake": "already_done", "uphold": "wrong_status"},
    S.CONFIRMED: {
        "confirm": "already_done",
        "cancel": S.CANCELLED,
        "retake": "wrong_status",
        "uphold": "wrong_status",
    },
    S.RETURNED: {"confirm": "wrong_status", "cancel": S.CANCELLED, "retake": "wrong_status", "uphold": "wrong_status"},
    S.ACCEPTED: {"confirm": "wrong_status", "cancel": S.CANCELLED, "retake": "wrong_status", "uphold": "wrong_status"},
    **{
        status: dict.fromkeys(("confirm", "cancel", "retake", "uphold"), "wrong_status")
        for status in (S.REFUSED, S.SOLVED, S.ATTENDED, S.ABSENT, S.NOT_SEEN)
    },
    S.CANCELLED: {
        "confirm": "wrong_status",
        "cancel": "already_done",
        "retake": "wrong_status",
        "uphold": "wrong_status",
    },
    S.EXPIRED: {"confirm": "wrong_status", "cancel": "wrong_status", "retake": S.HELD, "uphold": "wrong_status"},
    S.LAPSED: {"confirm": "wrong_status", "cancel": "wrong_status", "retake": S.HELD, "uphold": "wrong_status"},
    S.SITTING_CANCELLED: {
        "confirm": "wrong_status",
        "cancel": "wrong_status",
        "retake": "sitting_cancelled",
        "uphold": "wrong_status",
    },
}
# Verb -> from -> afterwards; every other status refuses it as wrong.
ELSEWHERE_WRONG = {
    "dismiss": {S.CONTESTED: S.CANCELLED, S.CANCELLED: "already_done"},
    "accept": {S.CONFIRMED: S.ACCEPTED, S.RETURNED: S.ACCEPTED, S.ACCEPTED: "already_done"},
    "refuse": {
        S.CONFIRMED: S.REFUSED,
        S.RETURNED: S.REFUSED,
        S.ACCEPTED: S.REFUSED,
        S.REFUSED: "already_done",
    },
    "send_back": {S.CONFIRMED: S.RETURNED, S.RETURNED: "already_done"},
    "add_facts": {S.RETURNED: S.CONFIRMED, S.CONFIRMED: "already_done"},
    "solve": {S.ACCEPTED: S.SOLVED, S.SOLVED: "already_done"},
    "ask_call_back": {S.HELD: S.WAITING, S.OFFERED: S.WAITING, S.WAITING: "already_done"},
}


def expected(status: str, verb: str) -> str:
    if verb in ELSEWHERE_WRONG:
        return ELSEWHERE_WRONG[verb].get(status, "wrong_status")
    return EXPECTED[status][verb]


@pytest.mark.parametrize("status", BookingStatus.values)
def test_every_verb_in_a_status(status: str, sitting: Sitting, cast: Cast) -> None:
    booking = booking_in(status, sitting, cast)
    actors = {verb: cast.bureau_staff if verb in OF_THE_BUREAU else audit.HOLDER for verb in VERBS}
    tried = outcomes(booking, {verb: lambda row, verb=verb: VERBS[verb](row, actors[verb]) for verb in VERBS})
    assert tried == {verb: expected(status, verb) for verb in VERBS}


# Who may, of those who are signed in; for the holder and for nobody see the end of the table. Asking to be called back
# takes no actor: the page of the ticket's secret address is the only way to it.
MAY = {
    "confirm": {Role.WINDOW_CLERK, Role.BUREAU_STAFF, Role.BUREAU_SUPERVISOR},
    "cancel": {Role.WINDOW_CLERK, Role.BUREAU_STAFF, Role.BUREAU_SUPERVISOR},
    "retake": {Role.WINDOW_CLERK, Role.BUREAU_STAFF, Role.BUREAU_SUPERVISOR},
    "uphold": {Role.WINDOW_CLERK, Role.BUREAU_STAFF, Role.BUREAU_SUPERVISOR},
    "dismiss": {Role.WINDOW_CLERK, Role.BUREAU_STAFF, Role.BUREAU_SUPERVISOR},
    "accept": {Role.BUREAU_STAFF, Role.BUREAU_SUPERVISOR},
    "refuse": {Role.BUREAU_STAFF, Role.BUREAU_SUPERVISOR},
    "send_back": {Role.BUREAU_STAFF, Role.BUREAU_SUPERVISOR},
    "add_facts": {Role.WINDOW_CLERK, Role.BUREAU_STAFF, Role.BUREAU_SUPERVISOR},
    "solve": {Role.WINDOW_CLERK, Role.BUREAU_STAFF, Role.BUREAU_SUPERVISOR},
}
STARTS_FROM = {
    "confirm": S.HELD,
    "cancel": S.HELD,
    "retake": S.EXPIRED,
    "uphold": S.CONTESTED,
    "dismiss": S.CONTESTED,
    "accept": S.CONFIRMED,
    "refuse": S.ACCEPTED,
    "send_back": S.CONFIRMED,
    "add_facts": S.RETURNED,
    "solve": S.ACCEPTED,
}
HOLDER_MAY = {"confirm", "cancel", "retake", "add_facts", "solve"}


@pytest.mark.parametrize("verb", MAY)
def test_every_role_of_a_verb(verb: str, sitting: Sitting, cast: Cast) -> None:
    booking = booking_in(STARTS_FROM[verb], sitting, cast)
    actors = {**cast, "holder": audit.HOLDER}
    tried = outcomes(booking, {who: lambda row, who=who: VERBS[verb](row, actors[who]) for who in actors})
    may = {who for who in CAST if CAST[who][0] in MAY[verb]} | ({"holder"} if verb in HOLDER_MAY else set())
    done = expected(STARTS_FROM[verb], verb)
    assert tried == {who: done if who in may else FORBIDDEN for who in actors}


def test_the_tables_know_every_status_and_every_role() -> None:
    assert set(EXPECTED) == set(BookingStatus)
    assert {role for role, _department in CAST.values()} == set(Role)
    assert {status for move in BOOKING_MOVES for status in (*move.sources, move.target)} <= set(BookingStatus)
    assert set(HOLDING) < set(LIVE)
