"""Moving or cancelling a sitting with its bookings, and extra numbers. [3.2] [3.3] [3.6]"""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from appointments import guards, moves, notices, permissions
from appointments.enums import LIVE, BookingStatus, Origin
from appointments.models import Booking, BookingDraft
from appointments.selectors import answers_of
from appointments.services.numbers import Application, claim_free_slot, create_booking, pass_on
from core import audit, policy
from core.errors import Refused
from core.models import User
from core.templatetags.cn import cn_datetime
from core.transitions import lock, moving
from sessions_app import moves as sitting_moves
from sessions_app.enums import SittingStatus
from sessions_app.guards import check_working_day
from sessions_app.models import Session, Sitting, Slot
from sessions_app.selectors import days_with_sitting
from sessions_app.services import add_extra_slot, align_day, shift_sessions


def move_sitting(*, sitting_id: int, day: date, reason: str, actor: User, now: datetime) -> Sitting:
    """Hold the sitting on another day, at the same hours; whoever has a number or waits is told. [3.2]

    Refuses `not_a_working_day`, `clash`, `in_the_past`, `no_reason`, `sitting_cancelled`.
    """
    permissions.check_can_move_sitting(actor)
    _require_reason(reason)
    check_working_day(day)
    if day <= timezone.localdate(now):
        raise Refused("in_the_past", _("请选择今天以后的日期。"), field="day")
    with transaction.atomic():
        sitting = lock(Sitting, sitting_id)
        guards.check_sitting_can_move(sitting)
        if day == sitting.day:
            raise Refused("same_day", _("日期没有变化。"), field="day")
        if days_with_sitting([day]):
            raise Refused("clash", _("%s 已安排坐诊。") % f"{day:%Y-%m-%d}", field="day")
        before = sitting.day
        shift_sessions(sitting, (day - before).days)
        if sitting.day != day:
            sitting.day = day
            sitting.save(update_fields=["day"])
        audit.record("move_sitting", sitting, actor=actor, before=before, after=day, reason=reason, clause="[3.2]")
        for booking in _alive(sitting):
            notices.sitting_moved(booking, before=before, after=day, reason=reason)
    return sitting


def cancel_sitting(*, sitting_id: int, reason: str, actor: User) -> Sitting:
    """Call a sitting off: every booking ends, is told, and comes first in the next sitting. [3.3]

    Refuses `no_reason`, `already_done`.
    """
    permissions.check_can_move_sitting(actor)
    _require_reason(reason)
    with moving(Sitting, sitting_id, sitting_moves.CANCEL, actor=actor, reason=reason) as sitting:
        sitting.cancel_reason = reason
        list(Slot.objects.select_for_update(of=("self",)).filter(sitting=sitting).order_by("pk"))
        Slot.objects.filter(sitting=sitting).update(taken=True)
        alive = Booking.objects.filter(sitting=sitting, status__in=moves.SITTING_CANCELLED.sources)
        for key in list(alive.order_by("pk").values_list("pk", flat=True)):
            with moving(Booking, key, moves.SITTING_CANCELLED, actor=actor, reason=reason) as booking:
                booking.held_until = None
                notices.sitting_cancelled(booking, reason=reason)
    return sitting


def move_session(
    *, session_id: int, starts_at: datetime, ends_at: datetime, place: str, reason: str, actor: User, now: datetime
) -> Session:
    """Hold one announced session at another time or place; whoever has a number or waits is told. [3.2] [3.6]

    Refuses `no_reason`, `not_announced`, `ends_before_start`, `in_the_past`, `not_a_working_day`,
    `before_first_session`.
    """
    permissions.check_can_move_sitting(actor)
    _require_reason(reason)
    with transaction.atomic():
        sitting, session = _lock_announced(session_id)
        guards.check_new_time(sitting, starts_at, ends_at, now)
        check_working_day(timezone.localdate(starts_at))
        before = describe(session)
        session.starts_at, session.ends_at, session.place = starts_at, ends_at, place or str(policy.WINDOW_PLACE)
        session.save(update_fields=["starts_at", "ends_at", "place"])
        align_day(sitting)
        after = describe(session)
        audit.record("move_session", session, actor=actor, before=before, after=after, reason=reason, clause="[3.2]")
        for booking in _alive(sitting):
            notices.session_moved(booking, before=before, after=after, reason=reason)
    return session


def call_off_session(*, session_id: int, reason: str, actor: User) -> None:
    """Take a special or extra session off an announced sitting, and tell who holds a number or waits. [3.2]

    Refuses `no_reason`, `not_announced`, `main_session`, `has_numbers`.
    """
    permissions.check_can_move_sitting(actor)
    _require_reason(reason)
    with transaction.atomic():
        sitting, session = _lock_announced(session_id)
        guards.check_session_can_be_called_off(session)
        described = describe(session)
        audit.record("call_off_session", session, actor=actor, before=described, reason=reason, clause="[3.2]")
        session.delete()
        for booking in _alive(sitting):
            notices.session_called_off(booking, session=described, reason=reason)


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
    return Booking.objects.filter(sitting=sitting, status__in=LIVE).order_by("pk")


def add_extra_number(*, session_id: int, actor: User, now: datetime) -> Booking:
    """One number more for an extra session, given to the first in line. [3.6] Refuses `nobody_waits`, `not_extra`."""
    permissions.check_can_add_extra_number(actor)
    with transaction.atomic():
        slot = add_extra_slot(session_id=session_id, actor=actor)
        booking = pass_on(slot, now)
        guards.check_extra_number_has_taker(booking is not None)
    assert booking is not None
    return booking


def offer_first_claims(now: datetime) -> int:
    """Who lost its booking with a cancelled sitting is offered a number of the next one before it opens. [3.3]"""
    upcoming = Sitting.objects.filter(status=SittingStatus.PUBLISHED, opens_at__gt=now).order_by("day").first()
    if upcoming is None:
        return 0
    booked_again = Booking.objects.filter(sitting=upcoming, enterprise=OuterRef("enterprise"), status__in=LIVE)
    lost = Booking.objects.filter(
        ~Exists(booked_again),
        status=BookingStatus.SITTING_CANCELLED,
        carried_to__isnull=True,
        sitting__day__lte=upcoming.day,
    )
    # Those with a number first, in its order; then the line, in its order.
    in_order = lost.order_by("sitting__day", F("slot__number").asc(nulls_last=True), "queued_at", "pk")
    free = Slot.objects.filter(sitting=upcoming, session__isnull=True, taken=False).count()
    keys = list(in_order.values_list("pk", flat=True)[:free])
    return sum(_carry_over(key, upcoming, now) for key in keys)


def _carry_over(booking_id: int, sitting: Sitting, now: datetime) -> bool:
    with transaction.atomic():
        lock(Sitting, sitting.pk)
        slot = claim_free_slot(sitting.pk)
        lost = lock(Booking, booking_id)
        if slot is None or Booking.objects.filter(carried_from=lost).exists():
            transaction.set_rollback(True)
            return False
        booking = create_booking(
            sitting,
            Application(lost.enterprise_kind, lost.company_name, lost.credit_code, lost.mobile),
            status=BookingStatus.OFFERED,
            submission=f"carried:{lost.pk}",
            actor=audit.SYSTEM,
            now=now,
            slot=slot,
            held_until=sitting.opens_at,
            origin=Origin.CARRIED,
            carried_from=lost,
        )
        BookingDraft.objects.create(booking=booking, answers=answers_of(lost), saved_at=now)
        notices.number_offered(booking)
    return True
