"""The day of the sitting: check in, call, see in, finish. [3.3] [3.6]

Locked in this order: session, booking, entry.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from appointments import guards_day as guards
from appointments import moves, permissions
from appointments.enums import QueueStatus
from appointments.models import Booking, QueueEntry
from appointments.selectors_day import entry_of
from appointments.services.endings import end_handling
from core import audit
from core.models import User
from core.transitions import Move, lock, moving, start
from sessions_app.models import Session


def check_in(*, booking_id: int, actor: User, now: datetime) -> QueueEntry:
    """Note that an accepted, placed booking has come, on the day of its session; who was marked absent is back. [3.3]

    Refuses `already_checked_in`, `not_accepted`, `cancelled`, `wrong_status`, `not_placed`, `other_day`, `too_early`,
    `session_over`.
    """
    with transaction.atomic():
        booking = lock(Booking, booking_id)
        permissions.check_can_run_queue(actor, booking.session)
        entry = entry_of(booking_id)
        guards.check_check_in(booking, entry, now)
        if entry is not None:
            return _come_back(entry.pk, actor)
        arrived = QueueEntry(booking=booking, session=booking.session, checked_in_at=now, checked_in_by=actor)
        return start(arrived, QueueStatus.WAITING, actor=actor, action="check_in", clause="[3.3]")


def call_next(*, session_id: int, desk: str, actor: User, now: datetime) -> QueueEntry:
    """Call the first in line to a desk. Refuses `no_desk`, `nobody_waits`. [3.6]

    The session's lock makes desks that press at once call one after the other, each a different number.
    """
    with transaction.atomic():
        permissions.check_can_run_queue(actor, lock(Session, session_id))
        guards.check_desk(desk)
        first = QueueEntry.objects.filter(session=session_id).in_line().first()
        return call(entry_id=guards.check_somebody_waits(first).pk, desk=desk, actor=actor, now=now)


def call(*, entry_id: int, desk: str, actor: User, now: datetime) -> QueueEntry:
    """Call this very number to a desk, in line or not. Refuses `no_desk`, `already_done`, `wrong_status`. [3.6]"""
    guards.check_desk(desk)
    with _stepping(entry_id, moves.CALL, actor) as entry:
        _count_call(entry, desk, actor, now)
    return entry


def call_again(*, entry_id: int, actor: User, now: datetime) -> QueueEntry:
    """Nobody came: call the number once more to the same desk. Refuses `wrong_status`. [3.6]"""
    with _stepping(entry_id, moves.CALL_AGAIN, actor) as entry:
        _count_call(entry, entry.desk, actor, now)
    return entry


def _count_call(entry: QueueEntry, desk: str, actor: User, now: datetime) -> None:
    # Two servers' clocks differ by more than a quick hand needs.
    entry.called_at, entry.called_by = max(now, entry.checked_in_at), actor
    entry.desk, entry.calls = desk, entry.calls + 1


def pass_over(*, entry_id: int, actor: User) -> QueueEntry:
    """Nobody came: the next ones first, and this number behind them. Refuses `already_done`, `wrong_status`. [3.6]"""
    with _stepping(entry_id, moves.PASS_OVER, actor) as entry:
        entry.passes += 1
    return entry


def start_consultation(*, entry_id: int, actor: User, now: datetime) -> QueueEntry:
    """Who was called has sat down. Refuses `already_done`, `wrong_status`. [3.6]"""
    with _stepping(entry_id, moves.START_CONSULTATION, actor) as entry:
        entry.started_at = max(now, entry.called_at or now)
    return entry


def finish_consultation(*, entry_id: int, actor: User, now: datetime) -> QueueEntry:
    """The consultation is over, and the booking attended. Refuses `already_done`, `wrong_status`. [3.6]"""
    with _stepping(entry_id, moves.FINISH_CONSULTATION, actor) as entry:
        entry.ended_at = max(now, entry.started_at or now)
        with moving(Booking, entry.booking_id, moves.ATTEND, actor=actor) as booking:
            end_handling(booking, actor=actor, now=now)
    return entry


def mark_absent(*, entry_id: int, actor: User) -> QueueEntry:
    """Checked in and gone; may come back until the session ends. Refuses `already_done`, `wrong_status`. [3.3]"""
    with _stepping(entry_id, moves.MARK_ABSENT, actor) as entry:
        pass
    return entry


def bring_back(*, entry_id: int, actor: User, now: datetime) -> QueueEntry:
    """Who was marked absent waits again, behind the others. Refuses `session_over`, `already_done`. [3.3]"""
    with _stepping(entry_id, moves.BRING_BACK, actor) as entry:
        guards.check_session_running(entry.session, now)
        entry.passes += 1
    return entry


def _come_back(entry_id: int, actor: User) -> QueueEntry:
    with moving(QueueEntry, entry_id, moves.BRING_BACK, actor=actor) as entry:
        entry.passes += 1
    return entry


@contextmanager
def _stepping(entry_id: int, move: Move, actor: User) -> Iterator[QueueEntry]:
    """An entry under its lock, after its session and its booking, by somebody who may, while it is expected."""
    with transaction.atomic():
        found = QueueEntry.objects.filter(pk=entry_id).first()
        session = lock(Session, found.session_id if found else None)
        permissions.check_can_run_queue(actor, session)
        booking = lock(Booking, found.booking_id if found else None)
        with moving(QueueEntry, entry_id, move, actor=actor) as entry:
            guards.check_still_expected(booking)
            yield entry


def follow_place(booking: Booking, *, actor: audit.Actor) -> None:
    """A locked booking was given another place: who has checked in is in line there, or on another day checks in
    anew. Refuses `already_called`. [3.5]"""
    entry = entry_of(booking.pk)
    if entry is None:
        return
    guards.check_not_called(entry)
    if booking.session is not None and booking.session.day == timezone.localdate(entry.checked_in_at):
        entry.session = booking.session
        entry.save(update_fields=["session"])
        return
    audit.record("withdraw_check_in", booking, actor=actor, before=entry.get_status_display(), clause="[3.5]")
    entry.delete()
