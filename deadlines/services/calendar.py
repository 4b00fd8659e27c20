"""A year's notice arrives: open dates are reckoned again. Later by itself, earlier only by a decision. [3.7]"""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.errors import AlreadyDone, Refused
from core.models import CalendarDay, User
from core.transitions import lock
from core.workdays import next_working_day
from deadlines import guards, permissions
from deadlines.enums import Cause, TimerStatus
from deadlines.models import Obligation, Revision, Timer
from deadlines.services.reckoning import Reckoning, newest_calendar, reckon, rule_of
from deadlines.services.revisions import apply_dates


def recompute_after_calendar(*, now: datetime, actor: audit.Actor) -> int:
    """Reckon again whatever is open and was reckoned with an older calendar; returns how many changed.

    Reads what an unchanged calendar leaves: nothing. A pause, or a second run, changes nothing.
    """
    older = Obligation.objects.open().filter(calendar__lt=newest_calendar())
    keys = list(older.order_by("pk").values_list("pk", flat=True))
    return sum(_reckon_again(key, now, actor) for key in keys)


def _reckon_again(key: int, now: datetime, actor: audit.Actor) -> bool:
    with transaction.atomic():
        obligation = lock(Obligation, key)
        if not obligation.is_open or obligation.calendar_id >= newest_calendar().pk:
            return False
        dates = _reckon_anew(obligation)
        if dates.due < obligation.due:
            _ask_for_decision(obligation, dates, actor)
            return True
        obligation.earlier_due = None
        if _differs(obligation, dates):
            reason = _("放假安排调整后重新计算。")
            apply_dates(obligation, dates, Cause.CALENDAR, actor=actor, now=now, reason=reason)
            return True
        obligation.calendar = dates.calendar
        obligation.save(update_fields=["calendar", "earlier_due"])
        return False


def _reckon_anew(obligation: Obligation) -> Reckoning:
    """A counted date is counted again; a day that was set gives way only to a rest day. (Civil Code, art. 203)"""
    if obligation.due_is_set:
        obligation.due = next_working_day(obligation.due, including=True)
    return reckon(rule_of(obligation))


def _ask_for_decision(obligation: Obligation, dates: Reckoning, actor: audit.Actor) -> None:
    obligation.calendar, obligation.earlier_due = dates.calendar, dates.due
    obligation.save(update_fields=["calendar", "earlier_due"])
    audit.record(
        "would_move_earlier",
        obligation,
        actor=actor,
        before=obligation.due,
        after=dates.due,
        clause=obligation.clause,
    )


def _differs(obligation: Obligation, dates: Reckoning) -> bool:
    """Another day, other reasons for the same day, or a reminder that would now fall on a rest day."""
    current = Revision.objects.get(obligation=obligation, number=obligation.revision)
    if (current.after, current.explanation) != (dates.last_day, dates.explanation):
        return True
    pending = Timer.objects.filter(obligation=obligation, status=TimerStatus.PENDING)
    days = [timezone.localdate(moment) for moment in pending.values_list("fire_at", flat=True)]
    return CalendarDay.objects.filter(date__in=days, is_working=False).exists()


def decide_earlier(*, obligation_id: int, move: bool, actor: User, reason: str, now: datetime) -> Obligation:
    """A new calendar would end it earlier: move it there, or keep the day that people were told.

    Refuses `no_reason`, `not_open`, and `already_done` when nothing is left to decide.
    """
    permissions.check_can_decide_earlier(actor)
    if not reason.strip():
        raise Refused("no_reason", _("请说明理由。"), field="reason")
    with transaction.atomic():
        obligation = lock(Obligation, obligation_id)
        guards.check_open(obligation)
        if obligation.earlier_due is None:
            raise AlreadyDone("already_done", _("该时限没有待决定的调整。"))
        obligation.earlier_due = None
        # A day that is kept is a day that was set: counting again would move it after all.
        obligation.due_is_set = not move
        dates = _reckon_anew(obligation)
        apply_dates(obligation, dates, Cause.CALENDAR, actor=actor, now=now, reason=reason)
    return obligation
