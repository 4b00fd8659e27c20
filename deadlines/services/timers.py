"""The timers of a date: when each step of the ladder is taken. [3.7]"""

from datetime import date, datetime

from django.utils import timezone

from core import policy
from core.selectors import ours_time
from core.transitions import move_all
from core.workdays import is_working_day, next_working_day, reminding_moment, working_days_around
from deadlines import moves
from deadlines.enums import TimerKind, TimerStatus
from deadlines.models import Obligation, Revision, Timer

STEPS = {
    TimerKind.TWO_BEFORE: -policy.REMIND_BEFORE_WORKING_DAYS,
    TimerKind.ON_DAY: 0,
    TimerKind.ONE_LATE: policy.ESCALATE_TO_BUREAU_WORKING_DAYS,
    TimerKind.THREE_LATE: policy.ESCALATE_TO_INSPECTION_WORKING_DAYS,
}


def make_timers(obligation: Obligation, revision: Revision, now: datetime) -> None:
    """Those still to come, and of those already past the latest one, unless it was told for this very day before."""
    told = _told(obligation) if revision.number > 1 else set()
    moments = moments_of(obligation.start, obligation.last_day, now)
    Timer.objects.bulk_create(
        Timer(obligation=obligation, revision=revision, kind=kind, fire_at=moment)
        for kind, moment in moments.items()
        if kind not in told
    )


def _told(obligation: Obligation) -> set[str]:
    fired = Timer.objects.filter(obligation=obligation, status=TimerStatus.FIRED, revision__after=obligation.last_day)
    return set(fired.values_list("kind", flat=True))


def supersede_timers(obligation: Obligation) -> None:
    """Under the obligation's lock."""
    move_all(Timer.objects.filter(obligation=obligation), moves.SUPERSEDE)


def moments_of(start: date, last_day: date, now: datetime) -> dict[TimerKind, datetime]:
    """When each step is taken, lowest first. Nobody is warned before the start, nor twice at one moment."""
    days = working_days_around(last_day, STEPS.values())
    planned = {kind: days[offset] for kind, offset in STEPS.items()}
    planned[TimerKind.TWO_BEFORE] = max(planned[TimerKind.TWO_BEFORE], next_working_day(start, including=True))
    if planned[TimerKind.TWO_BEFORE] >= planned[TimerKind.ON_DAY]:
        del planned[TimerKind.TWO_BEFORE]
    moments = {kind: reminding_moment(day) for kind, day in planned.items()}
    ahead = {kind: moment for kind, moment in moments.items() if moment > now}
    past = [kind for kind in moments if kind not in ahead]
    if not past:
        return ahead
    soon = _next_reminding_moment(now)
    return {past[-1]: soon} | ahead if all(soon < moment for moment in ahead.values()) else ahead


def _next_reminding_moment(now: datetime) -> datetime:
    """Today's while the offices are open, else the next one."""
    local = timezone.localtime(now)
    today = local.date()
    if is_working_day(today) and local.time() < ours_time(policy.CLOSE_OF_BUSINESS):
        return reminding_moment(today)
    return reminding_moment(next_working_day(today))
