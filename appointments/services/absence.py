"""Who did not come, and who could not be seen: noted when it is over, with a way to the next sitting. [3.3]"""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from appointments import guards_day as guards
from appointments import moves
from appointments import notices_day as notices
from appointments.enums import FILLING
from appointments.models import Booking, BookingDraft
from appointments.selectors import answers_of
from appointments.selectors_day import absence_submission, due_absences, due_not_seen, joined_after, next_after
from appointments.services.drafts import keep_answers
from appointments.services.endings import end_handling
from appointments.services.numbers import application_of
from appointments.services.waiting import join_waiting_list
from core import audit
from core.errors import Refused
from core.transitions import Move, lock, moving

BATCH = 200

Due = Callable[[datetime], QuerySet[Booking]]


def end_sessions(now: datetime) -> int:
    """Bookings of sessions that are over become absent, if they never checked in or had gone, and are told. [3.3]

    Who still waits, is called or in consultation is left to people.
    """
    return _end_due(due_absences, moves.MISS, notices.booking_absent, now)


def end_sittings(now: datetime) -> int:
    """Bookings that nobody decided about or placed before their sitting was over end; all concerned hear of it. [3.3]

    The enterprise comes first in the next sitting, unless it left the bureau's question unanswered.
    """
    return _end_due(due_not_seen, moves.NOT_SEEN, notices.booking_not_seen, now)


def _end_due(due: Due, move: Move, tell: Callable[[Booking], None], now: datetime) -> int:
    keys = list(due(now).values_list("pk", flat=True)[:BATCH])
    return sum(_end(key, due, move, tell, now) for key in keys)


def _end(booking_id: int, due: Due, move: Move, tell: Callable[[Booking], None], now: datetime) -> bool:
    with transaction.atomic():
        # A check-in, and a decision of the bureau, hold the same lock: looked at again after it.
        lock(Booking, booking_id)
        if not due(now).filter(pk=booking_id).exists():
            return False
        with moving(Booking, booking_id, move, actor=audit.SYSTEM) as booking:
            end_handling(booking, actor=audit.SYSTEM, now=now)
            tell(booking)
    return True


def join_after_absence(*, booking_id: int, now: datetime) -> Booking:
    """Stand in line of the next announced sitting, with the same form; again gives the same booking. [3.3]

    Refuses `not_absent`, `no_next_sitting`, and what `join_waiting_list` refuses.
    """
    absent = Booking.objects.select_related("sitting").get(pk=booking_id)
    guards.check_absent(absent)
    joined = joined_after(absent) or _join(absent, now)
    if joined.status in FILLING and not BookingDraft.objects.filter(booking=joined).exists():
        keep_answers(booking_id=joined.pk, answers=answers_of(absent), now=now)
    return joined


def _join(absent: Booking, now: datetime) -> Booking:
    sitting = next_after(absent.sitting, now)
    if sitting is None:
        raise Refused("no_next_sitting", _("下一期坐诊尚未开放预约，开放后可在挂号单页面加入候补。"))
    return join_waiting_list(
        sitting_id=sitting.pk,
        application=application_of(absent),
        submission=absence_submission(absent),
        actor=audit.HOLDER,
        now=now,
    )
