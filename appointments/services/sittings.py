"""Moving or cancelling a sitting with its bookings, and extra numbers. [3.2] [3.3] [3.6]"""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from appointments import guards, moves, notices, permissions
from appointments.enums import COMING, EXPECTED, BookingStatus
from appointments.models import Booking
from appointments.selectors import first_session_start, offer_end
from appointments.services import clocks
from appointments.services.endings import end_handling
from appointments.services.numbers import pass_on
from appointments.services.placing import give_up_places, shift_places
from core import audit, policy
from core.errors import Refused
from core.models import User
from core.templatetags.cn import cn_datetime
from core.transitions import lock, moving
from sessions_app import moves as sitting_moves
from sessions_app.guards import check_working_day
from sessions_app.models import Session, Sitting, Slot
from sessions_app.permissions import check_can_override
from sessions_app.selectors import sessions_of
from sessions_app.services import add_extra_slot, align_day, check_day_is_free, closing_of, shift_sessions


def move_sitting(*, sitting_id: int, day: date, reason: str, actor: User, now: datetime) -> Sitting:
    """Hold the sitting on another day, at the same hours; whoever has a number or waits is told. [3.2]

    Booking closes and offers end in time for the new day. To a day that is less than 7 days off only who may override
    a publication moves an announced sitting. Refuses `no_reason`, `not_a_working_day`, `in_the_past`, `same_day`,
    `clash`, `sitting_cancelled`, `already_begun`, `needs_override`, `no_time_to_book`.
    """
    permissions.check_can_move_sitting(actor)
    _require_reason(reason)
    check_working_day(day)
    guards.check_ahead(day, now)
    with transaction.atomic():
        sitting = lock(Sitting, sitting_id)
        guards.check_sitting_can_move(sitting)
        guards.check_not_begun(sessions_of(sitting_id), now)
        if day == sitting.day:
            raise Refused("same_day", _("日期没有变化。"), field="day")
        if sitting.published_at and guards.is_short_notice(day, now):
            check_can_override(actor)
        before = sitting.day
        shift_sessions(sitting, (day - before).days)
        shift_places(sessions_of(sitting_id), timedelta(days=(day - before).days), actor=actor)
        _fit_booking_window(sitting, day, reason, actor, now)
        change = audit.record(
            "move_sitting", sitting, actor=actor, before=before, after=day, reason=reason, clause="[3.2]"
        )
        for booking in _alive(sitting):
            notices.sitting_moved(booking, change=change, before=before, after=day, reason=reason)
    return sitting


def _fit_booking_window(sitting: Sitting, day: date, reason: str, actor: User, now: datetime) -> None:
    """Put a locked sitting, whose sessions were moved, on its day; nothing may be booked or held beyond it."""
    check_day_is_free(day, but=[sitting.pk])
    align_day(sitting)
    sitting.day = day
    if sitting.opens_at:
        sitting.closes_at = closing_of(sitting.opens_at, day)
        guards.check_some_booking_time(sitting)
    sitting.save(update_fields=["day", "closes_at"])
    if sitting.published_at:
        _end_offers_in_time(sitting, now)
        _fit_clocks(sitting, reason, actor, now)


def _fit_clocks(sitting: Sitting, reason: str, actor: User, now: datetime) -> None:
    """Under each booking's lock: beside its end it either keeps its clocks, or has none any more."""
    for key in list(_alive(sitting).filter(status__in=EXPECTED).values_list("pk", flat=True)):
        booking = lock(Booking, key)
        if booking.status in EXPECTED:
            clocks.fit_to_sitting(booking, reason=reason, actor=actor, now=now)


def _end_offers_in_time(sitting: Sitting, now: datetime) -> None:
    latest = offer_end(sitting.pk, now) or now
    late = Booking.objects.filter(sitting=sitting, status=BookingStatus.OFFERED, held_until__gt=latest)
    for key in list(late.order_by("pk").values_list("pk", flat=True)):
        booking = lock(Booking, key)
        if booking.status == BookingStatus.OFFERED:
            booking.held_until = latest
            booking.save(update_fields=["held_until"])


def cancel_sitting(*, sitting_id: int, reason: str, actor: User, now: datetime) -> Sitting:
    """Call a sitting off: every booking ends, is told, and comes first in the next sitting. [3.3]

    A claim that nobody has settled ends with it: it is no booking yet. Refuses `no_reason`, `already_begun`,
    `already_done`.
    """
    permissions.check_can_move_sitting(actor)
    _require_reason(reason)
    with moving(Sitting, sitting_id, sitting_moves.CANCEL, actor=actor, reason=reason) as sitting:
        guards.check_not_begun(sessions_of(sitting_id), now)
        sitting.cancel_reason, sitting.cancelled_at = reason, now
        list(Slot.objects.select_for_update(of=("self",)).filter(sitting=sitting).order_by("pk"))
        Slot.objects.filter(sitting=sitting).update(taken=True)
        for key in list(_alive(sitting).values_list("pk", flat=True)):
            with moving(Booking, key, moves.SITTING_CANCELLED, actor=actor, reason=reason) as booking:
                booking.held_until = None
                end_handling(booking, actor=actor, now=now)
                notices.sitting_cancelled(booking, reason=reason)
        claims = Booking.objects.filter(sitting=sitting, status=BookingStatus.CONTESTED).order_by("pk")
        for key in list(claims.values_list("pk", flat=True)):
            with moving(Booking, key, moves.DISMISS_CLAIM, actor=actor, reason=reason) as claim:
                clocks.stop(claim, actor=actor, now=now)
                notices.claim_ended(claim, reason=reason)
    return sitting


def move_session(
    *, session_id: int, starts_at: datetime, ends_at: datetime, place: str, reason: str, actor: User, now: datetime
) -> Session:
    """Hold one announced session at another time or place; whoever has a number or waits is told. [3.2] [3.6]

    Refuses `no_reason`, `not_announced`, `ends_before_start`, `in_the_past`, `not_a_working_day`,
    `before_first_session`, `already_begun`.
    """
    permissions.check_can_move_sitting(actor)
    _require_reason(reason)
    with transaction.atomic():
        sitting, session = _lock_announced(session_id)
        guards.check_not_begun([session], now)
        guards.check_new_time(sitting, starts_at, ends_at, now)
        check_working_day(timezone.localdate(starts_at))
        before, by = describe(session), starts_at - session.starts_at
        session.starts_at, session.ends_at, session.place = starts_at, ends_at, place or str(policy.WINDOW_PLACE)
        session.save(update_fields=["starts_at", "ends_at", "place"])
        shift_places([session], by, actor=actor)
        _fit_booking_window(sitting, first_day_of(sitting), reason, actor, now)
        after = describe(session)
        change = audit.record(
            "move_session", session, actor=actor, before=before, after=after, reason=reason, clause="[3.2]"
        )
        for booking in _alive(sitting):
            notices.session_moved(booking, change=change, before=before, after=after, reason=reason)
    return session


def call_off_session(*, session_id: int, reason: str, actor: User, now: datetime) -> None:
    """Take a special or extra session off an announced sitting, and tell who holds a number or waits. [3.2]

    Refuses `no_reason`, `not_announced`, `already_begun`, `main_session`, `has_numbers`.
    """
    permissions.check_can_move_sitting(actor)
    _require_reason(reason)
    with transaction.atomic():
        sitting, session = _lock_announced(session_id)
        guards.check_not_begun([session], now)
        guards.check_session_can_be_called_off(session)
        described = describe(session)
        change = audit.record(
            "call_off_session", session, actor=actor, before=described, reason=reason, clause="[3.2]"
        )
        give_up_places(session, actor=actor)
        session.delete()
        _fit_booking_window(sitting, first_day_of(sitting), reason, actor, now)
        for booking in _alive(sitting):
            notices.session_called_off(booking, change=change, session=described, reason=reason)


def first_day_of(sitting: Sitting) -> date:
    return timezone.localdate(first_session_start(sitting.pk))


def describe(session: Session) -> str:
    """As people read it: 主场 2026年11月26日（周四）09:00，地点。"""
    return f"{session.get_kind_display()} {cn_datetime(session.starts_at)}，{session.place}"


def _lock_announced(session_id: int) -> tuple[Sitting, Session]:
    sitting_id = Session.objects.filter(pk=session_id).values_list("sitting_id", flat=True).first()
    sitting = lock(Sitting, sitting_id)
    guards.check_announced(sitting)
    return sitting, lock(Session, session_id)


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise Refused("no_reason", _("请说明原因，将告知已预约企业。"), field="reason")


def _alive(sitting: Sitting) -> QuerySet[Booking]:
    return Booking.objects.filter(sitting=sitting, status__in=COMING).order_by("pk")


def add_extra_number(*, session_id: int, actor: User, now: datetime) -> Booking:
    """One number more for an extra session, given to the first in line. [3.6] Refuses `nobody_waits`, `not_extra`."""
    permissions.check_can_add_extra_number(actor)
    with transaction.atomic():
        slot = add_extra_slot(session_id=session_id, actor=actor)
        booking = pass_on(slot, now)
        guards.check_extra_number_has_taker(booking is not None)
    assert booking is not None
    return booking
