"""The sweep of timers whose time has come, and taking up what it told. [3.7]

A timer fires once: its obligation is locked first, as everywhere, so that meeting and moving it wait or go before.
"""

from collections.abc import Callable, Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.errors import Refused
from core.models import User
from core.transitions import lock, move_all
from core.workdays import is_office_time
from deadlines import guards, moves, permissions
from deadlines.enums import TimerKind, TimerStatus
from deadlines.models import Escalation, Obligation, Timer

OnFire = Callable[[Obligation, TimerKind, list[TimerKind]], Iterable[User]]
LADDER = list(TimerKind)


def fire_due(*, kinds: Iterable[str], on_fire: OnFire, now: datetime, limit: int = 200) -> int:
    """Take every step of the ladder that is due for obligations of these kinds, oldest first; returns how many timers
    were settled, fired or superseded.

    `on_fire(obligation, timer_kind, levels)` tells people in the same transaction and returns whom; `levels` are the
    steps that are due together and told in this one message, `timer_kind` the highest. It may lock nothing that stands
    above an obligation. Each obligation is committed by itself; one that fails is left for the next sweep, and raised
    when the others are done. Outside office hours nothing is told: it is due when they begin.
    """
    if not is_office_time(now):
        return 0
    due = Timer.objects.filter(status=TimerStatus.PENDING, fire_at__lte=now, obligation__kind__in=list(kinds))
    keys = list(dict.fromkeys(due.order_by("fire_at", "id").values_list("obligation_id", flat=True)[:limit]))
    settled, failures = 0, []
    for key in keys:
        try:
            settled += _fire_one(key, on_fire, now)
        except Exception as failure:
            failures.append(failure)
    if failures:
        raise failures[0]
    return settled


def _fire_one(key: int, on_fire: OnFire, now: datetime) -> int:
    """What another sweep holds is left to it; what it has fired is no longer pending."""
    with transaction.atomic():
        claimed = Obligation.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
        obligation = claimed.select_related("department", "handler").filter(pk=key).first()
        if obligation is None:
            return 0
        pending = Timer.objects.filter(obligation=obligation, status=TimerStatus.PENDING, fire_at__lte=now)
        timers = list(pending.select_related("revision").order_by("fire_at", "id"))
        live = [timer for timer in timers if obligation.is_open and timer.revision.number == obligation.revision]
        if live:
            _tell(obligation, live, on_fire, now)
        stale = [timer.pk for timer in timers if timer not in live]
        if stale:
            move_all(Timer.objects.filter(pk__in=stale), moves.SUPERSEDE)
    return len(timers)


def _tell(obligation: Obligation, timers: list[Timer], on_fire: OnFire, now: datetime) -> None:
    levels = sorted((TimerKind(timer.kind) for timer in timers), key=LADDER.index)
    highest = next(timer for timer in timers if timer.kind == levels[-1])
    told = sorted({user.pk for user in on_fire(obligation, levels[-1], levels)})
    Escalation.objects.create(
        timer=highest,
        obligation=obligation,
        kind=levels[-1],
        levels=[level.value for level in levels],
        recipients=told,
        at=now,
    )
    move_all(Timer.objects.filter(pk__in=[timer.pk for timer in timers]), moves.FIRE)
    audit.record("escalate", obligation, actor=audit.SYSTEM, after=levels[-1].value, clause=moves.FIRE.clause)


def acknowledge(*, escalation_id: int, actor: User, note: str, now: datetime) -> Escalation:
    """One of those who were told takes it up, and says what is done about it. Refuses `no_note`, `already_done`."""
    if not note.strip():
        raise Refused("no_note", _("请填写处理情况。"), field="note")
    with transaction.atomic():
        escalation = lock(Escalation, escalation_id)
        permissions.check_can_acknowledge(actor, escalation)
        guards.check_not_acknowledged(escalation)
        escalation.acknowledged_by, escalation.acknowledged_at, escalation.note = actor, now, note.strip()
        escalation.save(update_fields=["acknowledged_by", "acknowledged_at", "note"])
        audit.record("acknowledge_escalation", escalation, actor=actor, clause=moves.FIRE.clause)
    return escalation
