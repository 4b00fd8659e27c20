"""Which session and time each accepted booking should get: by number, and by who sits where. [3.5]"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from appointments.models import Booking
from core import policy
from core.selectors import ours
from sessions_app.enums import SessionKind
from sessions_app.models import Session

# Session and time of those that have theirs.
Taken = set[tuple[int | None, datetime | None]]


@dataclass(frozen=True)
class Place:
    booking_id: int
    session_id: int
    meet_at: datetime


def times_of(session: Session) -> Iterator[datetime]:
    """The starts of consultations in a session, each ending before it does."""
    length = timedelta(minutes=ours(policy.CONSULTATION_MINUTES))
    at = session.starts_at
    while at + length <= session.ends_at:
        yield at
        at += length


def propose_places(sessions: Sequence[Session], bookings: Sequence[Booking], now: datetime) -> list[Place]:
    """For those without a place, in order of number. `bookings` are all accepted ones, with their verifications.

    A number of an extra session belongs there; else the first session where the lead department sits and a time is
    free, main sessions before special ones; else any session with a free time.
    """
    ahead = [session for session in sessions if session.starts_at > now]
    taken: Taken = {(booking.session_id, booking.meet_at) for booking in bookings if booking.session_id}
    found = []
    for booking in sorted((b for b in bookings if not b.session_id), key=lambda b: b.number or 0):
        place = _first_free(_in_order(ahead, booking), taken)
        if place is not None:
            session, at = place
            taken.add((session.pk, at))
            found.append(Place(booking.pk, session.pk, at))
    return found


def _first_free(
    sessions: Sequence[Session], taken: set[tuple[int | None, datetime | None]]
) -> tuple[Session, datetime] | None:
    for session in sessions:
        for at in times_of(session):
            if (session.pk, at) not in taken:
                return session, at
    return None


def _in_order(sessions: Sequence[Session], booking: Booking) -> list[Session]:
    lead = next((row.department_id for row in booking.verifications.all() if row.is_lead), None)

    def preference(session: Session) -> tuple[bool, bool, bool, datetime]:
        sits_there = any(chair.department_id == lead for chair in session.chairs.all())
        own_extra = booking.slot is not None and booking.slot.session_id == session.pk
        return not own_extra, not sits_there, session.kind != SessionKind.MAIN, session.starts_at

    return sorted(sessions, key=preference)
