"""Take a number, submit the form, cancel. [3.3]"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from appointments import guards, moves, notices, permissions
from appointments.enums import BookingStatus
from appointments.models import Booking, BookingDraft, ConsentText
from appointments.selectors import phase_of, sitting_for_booking, start_of
from appointments.services import clocks
from appointments.services.endings import end_handling
from appointments.services.indexing import index_booking
from appointments.services.numbers import (
    Application,
    booking_of_submission,
    claim_free_slot,
    create_booking,
    hold_until,
    pass_on,
    refusal_of,
    with_its_slot,
)
from core import audit
from core.errors import Refused
from core.transitions import lock, moving
from sessions_app.enums import SittingPhase
from sessions_app.models import Sitting, Slot

__all__ = ["Application", "cancel_booking", "confirm_booking", "lock_waitable", "once", "retake_number", "take_number"]

WORTH_ANOTHER_TRY = {"number_taken", "reference_taken"}


def once(submission: str, attempt: Callable[[], Booking]) -> Booking:
    """Run an inserting attempt; the same submission again gives the booking that it made before.

    A number that was taken between the look and the insert, and a reference drawn twice, are tried once more.
    """
    for last_try in (False, True):
        try:
            with transaction.atomic():
                return attempt()
        except IntegrityError as error:
            if made_before := booking_of_submission(submission):
                return made_before
            refusal = refusal_of(error)
            if last_try or refusal.code not in WORTH_ANOTHER_TRY:
                raise refusal from error
    raise AssertionError("unreachable")


def take_number(
    *, sitting_id: int, application: Application, submission: str, actor: audit.Actor, now: datetime
) -> Booking:
    """Hold the lowest free number for 15 minutes, in which the form is filled. [3.3]

    Refuses `full`, `closed`, `not_open_yet`, `over`, `sitting_cancelled`, `already_booked`. The same submission again
    gives the same booking. When there is no number the answer costs one read and no lock.
    """
    permissions.check_can_book(actor)
    sitting = readable_sitting(sitting_id, submission)
    if sitting.answered and (made_before := booking_of_submission(submission)):
        return made_before
    guards.check_open(phase_of(sitting, now))

    def attempt() -> Booking:
        slot = claim_open_slot(sitting_id, now)
        return create_booking(
            sitting,
            application,
            status=BookingStatus.HELD,
            submission=submission,
            actor=actor,
            now=now,
            slot=slot,
            held_until=hold_until(now),
        )

    return once(submission, attempt)


def readable_sitting(sitting_id: int, submission: str = "") -> Sitting:
    sitting = sitting_for_booking(sitting_id, submission)
    if sitting is None:
        raise Refused("not_published", _("没有这期坐诊，或公告尚未发布。"))
    return sitting


def lock_waitable(sitting_id: int, now: datetime) -> Sitting:
    """The sitting under its lock, still open to who waits: it cannot be called off beside a booking being made."""
    sitting = lock(Sitting, sitting_id)
    guards.check_can_wait(sitting.phase(now, free=0))
    return sitting


def claim_open_slot(sitting_id: int, now: datetime) -> Slot:
    """A number under its lock, then the look whether it may be given: the sitting as it is now, and nobody in line."""
    slot = claim_free_slot(sitting_id)
    sitting = readable_sitting(sitting_id)
    if slot is None or sitting.waiting:
        raise guards.no_number_in(SittingPhase.FULL)
    guards.check_open(sitting.phase(now, free=1))
    return slot


def confirm_booking(
    *, booking_id: int, answers: dict[str, Any], consent: ConsentText, actor: audit.Actor, now: datetime
) -> Booking:
    """Submit the form: the number is the enterprise's. `answers` are the form's cleaned values. [3.3]

    Refuses `hold_ran_out`, `already_done` (a second press), `wrong_status`.
    """
    permissions.check_can_book(actor)
    with moving(Booking, booking_id, moves.CONFIRM, actor=actor) as booking:
        guards.check_hold_running(booking, now)
        guards.check_mobile_verified(booking, actor)
        for name, value in answers.items():
            if name != "departments":
                setattr(booking, name, value)
        booking.departments.set(answers["departments"])
        booking.consent, booking.confirmed_at, booking.held_until = consent, now, None
        BookingDraft.objects.filter(booking=booking).delete()
        index_booking(booking)
        clocks.start_triage(booking, actor=actor, now=now)
        notices.booking_confirmed(booking)
    return booking


def cancel_booking(*, booking_id: int, actor: audit.Actor, now: datetime, reason: str = "") -> Booking:
    """Give the booking up; its number goes to the first in line. [3.3]

    Refuses `session_started`, `already_done`, `wrong_status`.
    """
    permissions.check_can_cancel(actor)

    def cancel(slot: Slot | None) -> Booking:
        with moving(Booking, booking_id, moves.CANCEL, actor=actor, reason=reason) as booking:
            guards.check_before_session(start_of(booking), now)
            booking.held_until = None
            end_handling(booking, actor=actor, now=now)
            notices.booking_cancelled(booking)
        if slot:
            pass_on(slot, now)
        return booking

    return with_its_slot(booking_id, cancel)


def retake_number(*, booking_id: int, actor: audit.Actor, now: datetime) -> Booking:
    """After the time ran out: the next free number for the same booking, with what was typed, or a place in line.

    Refuses `closed`, `over`, `already_booked`, `already_done`. [3.3]
    """
    permissions.check_can_book(actor)
    found = Booking.objects.only("sitting_id").get(pk=booking_id)
    sitting = readable_sitting(found.sitting_id)
    phase = phase_of(sitting, now)
    guards.check_can_wait(phase)
    try:
        with transaction.atomic():
            if phase == SittingPhase.OPEN and not sitting.waiting:
                return _hold_again(booking_id, claim_open_slot(sitting.pk, now), actor, now)
            lock_waitable(sitting.pk, now)
            return _wait_again(booking_id, actor, now)
    except IntegrityError as error:
        raise refusal_of(error) from error


def _hold_again(booking_id: int, slot: Slot, actor: audit.Actor, now: datetime) -> Booking:
    with moving(Booking, booking_id, moves.RETAKE, actor=actor) as booking:
        booking.slot, booking.held_until, booking.queued_at = slot, hold_until(now), now
    return booking


def _wait_again(booking_id: int, actor: audit.Actor, now: datetime) -> Booking:
    with moving(Booking, booking_id, moves.REJOIN, actor=actor) as booking:
        booking.slot, booking.queued_at = None, now
    return booking
