"""A session and a time for each accepted booking (排场), and the call notice that tells it. [3.5]"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from appointments import guards, permissions
from appointments import notices_handling as notices
from appointments.enums import BookingStatus
from appointments.models import Booking
from appointments.proposals import Place, propose_places
from appointments.selectors_handling import (
    bookings_to_place,
    sessions_to_call,
    sittings_with_unplaced,
    to_be_told,
)
from appointments.services.day import follow_place
from appointments.services.numbers import in_its_sitting
from appointments.services.verification import lead_of
from core import audit
from core.constraints import violated
from core.errors import Refused
from core.transitions import lock
from sessions_app.models import Session, Sitting
from sessions_app.selectors import sessions_of

# Stands where a place was told, until the next notice: no place is called so.
HELD_BACK = "-"


def place_booking(
    *, booking_id: int, session_id: int, meet_at: datetime, actor: audit.Actor, now: datetime
) -> Booking:
    """Give an accepted booking its session and time; who was told another one is told again by the sweep. [3.5]

    Refuses `not_accepted`, `other_sitting`, `outside_session`, `in_the_past`, `time_taken`.
    """
    try:
        with in_its_sitting(booking_id):
            booking = lock(Booking, booking_id)
            permissions.check_can_place(actor, lead_of(booking))
            guards.check_accepted(booking)
            session = Session.objects.filter(pk=session_id, sitting=booking.sitting_id).first()
            if session is None:
                raise Refused("other_sitting", _("请选择本期的场次。"), field="session")
            guards.check_place(session, meet_at, now)
            _put(booking, session, meet_at, actor)
    except IntegrityError as error:
        if violated(error) != "one_booking_at_a_time_of_a_session":
            raise
        raise Refused("time_taken", _("该场次的这一时间已安排给其他企业。"), field="meet_at") from error
    return booking


def place_text(booking: Booking) -> str:
    """主场 11-26 09:00，09:30; "" without a place."""
    if booking.session is None or booking.meet_at is None:
        return ""
    return f"{booking.session}，{timezone.localtime(booking.meet_at):%H:%M}"


def place_as_proposed(*, sitting_id: int, actor: audit.Actor, now: datetime) -> int:
    """Place the accepted bookings that have no place yet, as proposed by number and departments. [3.5]

    A department places its own; the times proposed for the others stay free for them.
    """
    permissions.check_can_propose_places(actor)
    with transaction.atomic():
        lock(Sitting, sitting_id)
        bookings = bookings_to_place(sitting_id)
        own = {booking.pk for booking in bookings if permissions.can_place(actor, booking)}
        proposed = propose_places(sessions_of(sitting_id), bookings, now)
        return sum(_place_if_still_open(place, actor, now) for place in proposed if place.booking_id in own)


def _place_if_still_open(place: Place, actor: audit.Actor, now: datetime) -> bool:
    try:
        place_booking(
            booking_id=place.booking_id, session_id=place.session_id, meet_at=place.meet_at, actor=actor, now=now
        )
    except Refused:
        return False
    return True


def shift_places(sessions: Iterable[Session], by: timedelta, *, actor: audit.Actor) -> None:
    """The times of those placed in these sessions move with them. The sessions have been moved already. [3.5]

    In the order in which nobody meets a neighbour's time; a time that lies outside the session now is given up, and
    proposed anew.
    """
    for session in sessions:
        placed = Booking.objects.filter(session=session, status=BookingStatus.ACCEPTED)
        for key in list(placed.order_by("-meet_at" if by > timedelta() else "meet_at").values_list("pk", flat=True)):
            booking = lock(Booking, key)
            meet_at = booking.meet_at + by if booking.meet_at else None
            fits = meet_at is not None and session.starts_at <= meet_at < session.ends_at
            _put(booking, session if fits else None, meet_at if fits else None, actor)


def give_up_places(session: Session, *, actor: audit.Actor) -> None:
    """The session is not held: whoever was placed there gets another place. [3.5]"""
    for key in list(Booking.objects.filter(session=session).order_by("pk").values_list("pk", flat=True)):
        _put(lock(Booking, key), None, None, actor)


def _put(booking: Booking, session: Session | None, meet_at: datetime | None, actor: audit.Actor) -> None:
    before = place_text(booking)
    booking.session, booking.meet_at = session, meet_at
    # A notice that has not gone out yet is no longer true, and told nobody. [3.5]
    if booking.told_place not in ("", booking.place_key) and notices.nothing_more_to_call(booking):
        booking.told_place = HELD_BACK
    booking.save(update_fields=["session", "meet_at", "told_place"])
    follow_place(booking, actor=actor)
    audit.record("place_booking", booking, actor=actor, before=before, after=place_text(booking), clause="[3.5]")


def send_call_notices(now: datetime) -> int:
    """Tell who is placed in a session three days off when and where to come, in order of number. [3.5]

    Due and not yet told: a notice that was missed, a booking accepted later, a place changed since. What nobody placed
    by then is placed as proposed; the bureau is warned of those for whom no time is free.
    """
    sessions = sessions_to_call(now)
    for sitting_id in sittings_with_unplaced({session.sitting_id for session in sessions}):
        place_as_proposed(sitting_id=sitting_id, actor=audit.SYSTEM, now=now)
        _warn_of_unplaced(sitting_id)
    keys = [booking.pk for booking in to_be_told([session.pk for session in sessions])]
    return sum(_call(key, now) for key in keys)


def _warn_of_unplaced(sitting_id: int) -> None:
    """Once for each, however often the sweep comes by."""
    with transaction.atomic():
        lock(Sitting, sitting_id)
        for booking in bookings_to_place(sitting_id):
            if booking.session_id is None:
                notices.no_place_left(booking)


def _call(booking_id: int, now: datetime) -> bool:
    with transaction.atomic():
        booking = lock(Booking, booking_id)
        if booking.status != BookingStatus.ACCEPTED or booking.place_key in ("", booking.told_place):
            return False
        again, booking.told_place = bool(booking.told_place), booking.place_key
        booking.save(update_fields=["told_place"])
        notice = audit.record(
            "send_call_notice", booking, actor=audit.SYSTEM, after=place_text(booking), clause="[3.5]"
        )
        notices.call_notice(booking, again=again, once_for=str(notice.pk))
    return True
