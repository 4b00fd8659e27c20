"""The waiting list, offers, numbers that run out, and contested bookings. [3.3]"""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from appointments import guards, moves, notices, permissions
from appointments.enums import HOLDING, TIMED, BookingStatus
from appointments.models import Booking
from appointments.selectors import first_session_start, live_booking_of, offer_end, phase_of
from appointments.services import clocks
from appointments.services.booking import lock_waitable, once, readable_sitting, take_number
from appointments.services.endings import end_handling
from appointments.services.numbers import (
    Application,
    booking_of_submission,
    create_booking,
    pass_on,
    with_its_slot,
)
from core import audit, policy
from core.errors import Refused
from core.models import User
from core.selectors import ours
from core.transitions import Move, check_source, lock, moving
from core.workdays import due_date
from sessions_app.enums import SittingStatus
from sessions_app.models import Slot

BATCH = 200
# What sends an applicant to the line instead.
NO_NUMBER_NOW = {"full", "closed", "number_taken"}


def join_waiting_list(
    *, sitting_id: int, application: Application, submission: str, actor: audit.Actor, now: datetime
) -> Booking:
    """Stand in line for a number that is given up; while there is one and nobody in line, it is taken instead. [3.3]

    Refuses `not_open_yet`, `over`, `sitting_cancelled`, `already_booked`. A line beside free numbers would close the
    sitting to everybody else, and give its first a day where others have minutes.
    """
    try:
        return take_number(sitting_id=sitting_id, application=application, submission=submission, actor=actor, now=now)
    except Refused as refusal:
        if refusal.code not in NO_NUMBER_NOW:
            raise

    def attempt() -> Booking:
        sitting = lock_waitable(sitting_id, now)
        booking = create_booking(
            sitting, application, status=BookingStatus.WAITING, submission=submission, actor=actor, now=now
        )
        notices.waiting(booking)
        return booking

    return once(submission, attempt)


def claim_booking(
    *, sitting_id: int, application: Application, submission: str, actor: audit.Actor, now: datetime
) -> Booking:
    """Say that the live booking for one's credit code is not one's own; the desk calls both within a working day.

    Credit codes are public, so nothing of the other booking is shown. [3.3]
    Refuses `nothing_to_claim`, `already_claimed`.
    """
    permissions.check_can_book(actor)
    sitting = readable_sitting(sitting_id, submission)
    if sitting.answered and (made_before := booking_of_submission(submission)):
        return made_before
    guards.check_can_wait(phase_of(sitting, now))
    if live_booking_of(sitting_id, application.identity) is None:
        raise Refused("nothing_to_claim", _("该企业本期没有预约，请直接取号。"))
    settle_by = due_date(timezone.localdate(now), ours(policy.CLAIM_WORKING_DAYS)).due

    def attempt() -> Booking:
        booking = create_booking(
            lock_waitable(sitting_id, now),
            application,
            status=BookingStatus.CONTESTED,
            submission=submission,
            actor=actor,
            now=now,
            settle_by=settle_by,
        )
        clocks.start_claim(booking, actor=actor, now=now)
        notices.claim_received(booking)
        return booking

    return once(submission, attempt)


def settle_claim(*, booking_id: int, upheld: bool, note: str, actor: User, now: datetime) -> Booking:
    """The desk's finding after calling both. Upheld: the other booking ends and its place is the claimant's. [3.3]

    Refuses `no_note`, `already_done`, `wrong_status`.
    """
    permissions.check_can_settle_claim(actor)
    if not note.strip():
        raise Refused("no_note", _("请记录与双方电话核实的情况。"), field="note")
    with transaction.atomic():
        if not upheld:
            return _dismiss(booking_id, note, actor, now)
        claim = Booking.objects.select_related("enterprise").get(pk=booking_id)
        in_line = claim.status == BookingStatus.WAITING
        check_source(claim, moves.UPHOLD_IN_LINE if in_line else moves.UPHOLD_WITH_NUMBER)
        other = live_booking_of(claim.sitting_id, claim.enterprise.identity)
        if other is None:
            place = {"queued_at": claim.queued_at}
            return _move_claim(booking_id, moves.UPHOLD_IN_LINE, note, actor, now, **place)
        return _hand_over(booking_id, other, note, actor, now)


def _dismiss(booking_id: int, note: str, actor: User, now: datetime) -> Booking:
    with moving(Booking, booking_id, moves.DISMISS_CLAIM, actor=actor, reason=note) as claim:
        clocks.end_claim(claim, actor=actor, now=now)
        notices.claim_dismissed(claim)
    return claim


def _hand_over(booking_id: int, other: Booking, note: str, actor: User, now: datetime) -> Booking:
    """End the stranger's booking and give the claimant its number, or its place in the line.

    Until the session starts the number is the claimant's, however near that is. Refuses `session_started`.
    """
    starts_at = first_session_start(other.sitting_id)
    guards.check_before_session(starts_at, now)

    def hand_over(slot: Slot | None) -> Booking:
        with moving(Booking, other.pk, moves.CANCEL, actor=actor, reason=note) as stranger:
            stranger.held_until = None
            end_handling(stranger, actor=actor, now=now)
            notices.booking_cancelled(stranger)
        if slot is None:
            place = {"queued_at": other.queued_at}
            return _move_claim(booking_id, moves.UPHOLD_IN_LINE, note, actor, now, **place)
        number = {"slot": slot, "held_until": offer_end(other.sitting_id, now) or starts_at}
        return _move_claim(booking_id, moves.UPHOLD_WITH_NUMBER, note, actor, now, **number)

    return with_its_slot(other.pk, hand_over)


def _move_claim(booking_id: int, move: Move, note: str, actor: User, now: datetime, **columns: object) -> Booking:
    with moving(Booking, booking_id, move, actor=actor, reason=note) as claim:
        for name, value in columns.items():
            setattr(claim, name, value)
        claim.mobile_verified_at = now
        clocks.end_claim(claim, actor=actor, now=now)
        notices.claim_upheld(claim, with_number=move is moves.UPHOLD_WITH_NUMBER)
    return claim


def release_due(now: datetime) -> int:
    """End every hold and offer whose time is over, and pass the numbers on; catches up after any pause. [3.3]"""
    due = Booking.objects.filter(status__in=TIMED, held_until__lt=now).order_by("held_until")
    keys = list(due.values_list("pk", flat=True)[:BATCH])
    ended = sum(release_if_due(booking_id=key, now=now) for key in keys)
    _settle_slots(now)
    return ended


def release_if_due(*, booking_id: int, now: datetime) -> bool:
    """End one hold or offer whose time is over; False when it was submitted, cancelled or offered anew meanwhile."""

    def release(slot: Slot | None) -> None:
        status = Booking.objects.values_list("status", flat=True).get(pk=booking_id)
        move = moves.LAPSE if status == BookingStatus.OFFERED else moves.EXPIRE
        with moving(Booking, booking_id, move, actor=audit.SYSTEM) as booking:
            if not booking.hold_has_run_out(now):
                raise Refused("still_held", "")
            booking.held_until = None
            notices.no_call_back(booking)
            notices.number_lost(booking)
        if slot:
            pass_on(slot, now)

    try:
        with_its_slot(booking_id, release)
    except Refused:
        return False
    return True


def _settle_slots(now: datetime) -> None:
    """Numbers beside the line go to the line, and numbers that nobody holds are free: what a lost moment left."""
    coming = Slot.objects.filter(
        sitting__status=SittingStatus.PUBLISHED, sitting__day__gte=timezone.localdate(now)
    ).order_by("pk")
    waiting = Booking.objects.filter(sitting_id=OuterRef("sitting_id")).in_line()
    held = Booking.objects.filter(slot_id=OuterRef("pk"), status__in=HOLDING)
    astray = coming.filter(Exists(waiting), taken=False) | coming.filter(~Exists(held), taken=True)
    for key in list(astray.values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            pass_on(lock(Slot, key), now)


def end_lines(now: datetime) -> int:
    """Who still waits when the sitting is over has waited to the end, and is told. [3.3]"""
    over = Booking.objects.filter(status__in=moves.END_OF_LINE.sources, sitting__day__lt=timezone.localdate(now))
    return sum(_end_line(key, now) for key in list(over.order_by("pk").values_list("pk", flat=True)[:BATCH]))


def _end_line(booking_id: int, now: datetime) -> bool:
    try:
        with moving(Booking, booking_id, moves.END_OF_LINE, actor=audit.SYSTEM) as booking:
            clocks.stop(booking, actor=audit.SYSTEM, now=now)
            notices.no_call_back(booking)
            notices.line_ended(booking)
    except Refused:
        return False
    return True
