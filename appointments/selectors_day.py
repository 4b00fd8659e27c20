"""Named reads of the day: who has come, who is next, how long it takes. [3.3] [3.6]"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from appointments.enums import EXPECTED, UNDECIDED, BookingStatus, QueueStatus
from appointments.guards import PHASES_TO_WAIT_IN
from appointments.models import BoardDevice, Booking, QueueEntry
from appointments.permissions import department_bound
from core import secrets
from core.models import User
from sessions_app.enums import SittingPhase, SittingStatus
from sessions_app.models import Session, Sitting

CALLS_SHOWN = 4
FOUND_AT_MOST = 20
# Whose place a session's page shows.
OF_THE_DAY = (BookingStatus.ACCEPTED, BookingStatus.ATTENDED, BookingStatus.ABSENT)


def sessions_of_day(day: date) -> QuerySet[Session]:
    """Announced sessions held on that day, soonest first."""
    return Session.objects.filter(
        sitting__status=SittingStatus.PUBLISHED, starts_at__gte=_midnight(day), starts_at__lt=_midnight(day, 1)
    ).select_related("sitting")


def _midnight(day: date, days_later: int = 0) -> datetime:
    midnight = datetime.combine(day + timedelta(days=days_later), datetime.min.time())
    return timezone.make_aware(midnight)


def sessions_for(user: User, day: date) -> QuerySet[Session]:
    """Those of the day where this person may check in and call: a department's where it sits."""
    unit = department_bound(user)
    sessions = sessions_of_day(day)
    return sessions if unit is None else sessions.filter(chairs__department=unit)


@dataclass(frozen=True)
class Place:
    """A booking's line in the queue of the day; `entry` is None until it checks in."""

    booking: Booking
    entry: QueueEntry | None


def queue_of(session_id: int) -> list[Place]:
    """Everybody placed in a session, in order of time, with whoever has come. One query."""
    rows = Booking.objects.filter(session=session_id, status__in=OF_THE_DAY).select_related("slot", "queue_entry")
    return [Place(row, getattr(row, "queue_entry", None)) for row in rows.order_by("meet_at", "slot__number")]


def in_line(places: Iterable[Place]) -> list[Place]:
    """Of a session's places, who waits, in the order of `QueueEntryQuerySet.in_line`."""
    waiting = [
        (p.entry.passes, n, p) for n, p in enumerate(places) if p.entry and p.entry.status == QueueStatus.WAITING
    ]
    return [place for _passes, _order, place in sorted(waiting, key=lambda row: row[:2])]


def entry_of(booking_id: int) -> QueueEntry | None:
    return QueueEntry.objects.filter(booking=booking_id).first()


def before(entry: QueueEntry) -> int:
    """How many are called before this one. One query."""
    keys = list(QueueEntry.objects.filter(session=entry.session_id).in_line().values_list("pk", flat=True))
    return keys.index(entry.pk) if entry.pk in keys else 0


def due_absences(now: datetime) -> QuerySet[Booking]:
    """Accepted bookings of a session that is over, who never checked in or were marked absent. [3.3]"""
    missing = Q(queue_entry__isnull=True) | Q(queue_entry__status=QueueStatus.ABSENT)
    over = Booking.objects.filter(missing, status=BookingStatus.ACCEPTED, session__ends_at__lte=now)
    return over.order_by("pk")


def due_not_seen(now: datetime) -> QuerySet[Booking]:
    """Bookings of a sitting that is over, which the bureau never decided about or which never had a place. [3.3]"""
    unfinished = Session.objects.filter(sitting=OuterRef("sitting"), ends_at__gt=now)
    left = Q(status__in=UNDECIDED) | Q(status=BookingStatus.ACCEPTED, session__isnull=True)
    # Twice the condition: the planner knows the partial index by this one.
    expected = Booking.objects.filter(status__in=EXPECTED, sitting__status=SittingStatus.PUBLISHED)
    return expected.filter(left, ~Exists(unfinished)).order_by("pk")


@dataclass(frozen=True)
class Length:
    """How long one enterprise waited, and how long its consultation took. [3.6]"""

    entry_id: int
    session_id: int
    waited: timedelta
    consulted: timedelta


def lengths_between(first: date, last: date) -> list[Length]:
    """Of the consultations that were held from `first` to `last`, both included. One query."""
    held = QueueEntry.objects.filter(
        status=QueueStatus.DONE, started_at__gte=_midnight(first), started_at__lt=_midnight(last, 1)
    )
    return [
        Length(row.pk, row.session_id, row.started_at - row.checked_in_at, row.ended_at - row.started_at)
        for row in held.order_by("started_at")
        if row.started_at and row.ended_at
    ]


def find_placed(text: str, sessions: Iterable[Session]) -> list[Booking]:
    """Bookings placed in these sessions by number, reference, company or representative. One query."""
    asked = Q(reference__icontains=text) | Q(company_name__icontains=text) | Q(representative_name__icontains=text)
    if number := re.fullmatch(r"([0-9]{1,3})\s*号?", text):
        asked = Q(slot__number=int(number[1]))
    placed = Booking.objects.filter(asked, session__in=list(sessions), status__in=OF_THE_DAY)
    return list(placed.select_related("slot", "session", "queue_entry").order_by("meet_at")[:FOUND_AT_MOST])


def calls_of(sessions: Iterable[Session]) -> list[QueueEntry]:
    """What the board shows: the last calls of who is called or in consultation, the newest first. One query."""
    shown = [QueueStatus.CALLED, QueueStatus.CONSULTING]
    rows = QueueEntry.objects.of_the_day().filter(session__in=list(sessions), status__in=shown)
    return list(rows.select_related("booking__slot", "session").order_by("-called_at", "-pk")[:CALLS_SHOWN])


def waiting_numbers(sessions: Iterable[Session]) -> list[int]:
    rows = QueueEntry.objects.filter(session__in=list(sessions)).in_line()
    return list(rows.values_list("booking__slot__number", flat=True))


def board_by_secret(secret: str) -> BoardDevice | None:
    return BoardDevice.objects.filter(secret_digest=secrets.digest(secret)).first()


def absence_submission(absent: Booking) -> str:
    """The one submission of the offer: repeated, it gives the booking that it made. No visitor can sign such one."""
    return f"absent:{absent.pk}"


def joined_after(absent: Booking) -> Booking | None:
    """What who was absent was given for it. [3.3]"""
    return Booking.objects.filter(submission_digest=secrets.digest(absence_submission(absent))).first()


def next_after(sitting: Sitting, now: datetime) -> Sitting | None:
    """The next announced sitting after this one that can be waited in. [3.3]"""
    for coming in _announced_after(sitting, now):
        if coming.phase(now, coming.free) in PHASES_TO_WAIT_IN:
            return coming
    return None


def opening_after(sitting: Sitting, now: datetime) -> Sitting | None:
    """Before there is one to wait in: the announced sitting that opens next, else the planned one. [3.3]"""
    for coming in _announced_after(sitting, now):
        if coming.phase(now, coming.free) == SittingPhase.UPCOMING:
            return coming
    later = max(sitting.day, timezone.localdate(now))
    return Sitting.objects.filter(status=SittingStatus.PLANNED, day__gt=later).order_by("day").first()


def _announced_after(sitting: Sitting, now: datetime) -> QuerySet[Sitting]:
    later = Sitting.objects.announced().filter(day__gt=sitting.day, day__gte=timezone.localdate(now))
    return later.with_free_numbers().order_by("day")
