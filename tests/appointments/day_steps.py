"""Bookings on the day of their sitting: placed from 09:00 on, half an hour each, and brought through the queue."""

from datetime import datetime, timedelta
from typing import Any

from appointments import services
from appointments.enums import QueueStatus as Q
from appointments.models import Booking, QueueEntry
from core.models import User
from sessions_app.models import Session, Sitting
from tests.appointments.conftest import FIRST_SESSION, NOW, accept, confirm, take

# The session lasts from 09:00 to 12:00, and opens for check-in at 07:00.
MORNING = FIRST_SESSION - timedelta(minutes=30)
NOON = FIRST_SESSION + timedelta(hours=3)
DESK = "1号桌"


def placed(sitting: Sitting, serial: int, bureau: User, *, now: datetime = NOW, **options: Any) -> Booking:
    """An accepted booking in the first session, at the first free half hour."""
    booking = accept(confirm(take(sitting, serial, now=now), now=now), bureau, now=now)
    session = options.pop("session", None) or sitting.sessions.order_by("starts_at", "pk")[0]
    taken = Booking.objects.filter(session=session).count()
    meet_at = session.starts_at + timedelta(minutes=30 * taken)
    return services.place_booking(
        booking_id=booking.pk, session_id=session.pk, meet_at=meet_at, actor=bureau, now=options.pop("at", now)
    )


def check_in(booking: Booking, actor: User, *, now: datetime = MORNING) -> QueueEntry:
    return services.check_in(booking_id=booking.pk, actor=actor, now=now)


def arrived(sitting: Sitting, bureau: User, *serials: int) -> list[QueueEntry]:
    """Placed one after the other, and checked in."""
    return [check_in(placed(sitting, serial, bureau), bureau) for serial in serials]


def call_next(session: Session | int, actor: User, *, desk: str = DESK, now: datetime = FIRST_SESSION) -> QueueEntry:
    key = session if isinstance(session, int) else session.pk
    return services.call_next(session_id=key, desk=desk, actor=actor, now=now)


def bring_entry_to(status: str, entry: QueueEntry, actor: User) -> QueueEntry:
    """A waiting entry, brought to a status through the verbs."""
    if status == Q.ABSENT:
        services.mark_absent(entry_id=entry.pk, actor=actor)
    elif status != Q.WAITING:
        services.call(entry_id=entry.pk, desk=DESK, actor=actor, now=FIRST_SESSION)
    if status in (Q.CONSULTING, Q.DONE):
        services.start_consultation(entry_id=entry.pk, actor=actor, now=FIRST_SESSION + timedelta(minutes=2))
    if status == Q.DONE:
        services.finish_consultation(entry_id=entry.pk, actor=actor, now=FIRST_SESSION + timedelta(minutes=22))
    entry.refresh_from_db()
    assert entry.status == status
    return entry
