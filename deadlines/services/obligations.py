"""Opening an obligation, meeting it, and ending it otherwise. [3.4] [3.7]

These verbs are parts of the owning app's: it has asked who may, and they join its transaction.
"""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core import audit
from core.constraints import violated
from core.errors import Refused
from core.models import User
from core.transitions import moving
from core.transitions import start as begin
from core.workdays import working_days_between
from deadlines import guards, moves
from deadlines.enums import Cause, ObligationStatus
from deadlines.models import Obligation
from deadlines.selectors import obligation_of
from deadlines.services.reckoning import Reckoning, Rule, keep_lateness, reckon
from deadlines.services.revisions import revise_obligation, write_revision
from deadlines.services.timers import supersede_timers
from departments.models import Department

ONE_OF_A_KIND = {"one_obligation_of_a_department", "one_obligation_of_the_bureau"}


def open_obligation(
    *,
    owner: str,
    kind: str,
    start: date,
    clause: str,
    title: str,
    actor: audit.Actor,
    now: datetime,
    working_days: int = 0,
    due: date | None = None,
    department: Department | None = None,
    handler: User | None = None,
    no_later_than: date | None = None,
    legal_basis: str = "",
    url: str = "",
    round: int = 1,
    belongs_to: str = "",
) -> Obligation:
    """Owe `kind` for `owner` by so many working days after `start`, which is not counted, or by `no_later_than`; or by
    the day `due` that somebody set.

    Opened again while open it is the same one. Without a department the bureau owes it. `title` says what must be done
    and about whom, without contact data. `belongs_to`: where the owner is part of something larger, its key. Refuses
    `already_met`, and `bad_length`, `calendar_missing` as the calendar does.
    """
    same = obligation_of(owner, kind, department, round)
    if same is not None:
        return _still_open(same)
    if due is not None:
        guards.check_can_end_on(start, due)
        working_days = working_days_between(start, due)
    rule = Rule(start, working_days, clause, legal_basis, no_later_than, due)
    dates = reckon(rule)
    obligation = _row(rule, dates, now)
    obligation.owner, obligation.kind, obligation.round = owner, kind, round
    obligation.department, obligation.handler = department, handler
    obligation.title, obligation.url, obligation.belongs_to = title, url, belongs_to or owner
    try:
        return _open(obligation, dates, actor, now)
    except IntegrityError as error:
        if violated(error) not in ONE_OF_A_KIND:
            raise
        return _still_open(obligation_of(owner, kind, department, round))


def _row(rule: Rule, dates: Reckoning, now: datetime) -> Obligation:
    return Obligation(
        start=rule.start,
        working_days=rule.working_days,
        clause=rule.clause,
        legal_basis=rule.legal_basis,
        no_later_than=rule.no_later_than,
        due=dates.due,
        due_is_set=rule.due is not None,
        last_day=dates.last_day,
        original_day=dates.last_day,
        due_at=dates.due_at,
        provisional=dates.provisional,
        calendar=dates.calendar,
        opened_at=now,
    )


def _open(obligation: Obligation, dates: Reckoning, actor: audit.Actor, now: datetime) -> Obligation:
    with transaction.atomic():
        begin(obligation, ObligationStatus.OPEN, actor=actor, action="open_obligation", clause=obligation.clause)
        write_revision(obligation, dates, Cause.OPENED, actor=actor, now=now)
    return obligation


def _still_open(obligation: Obligation | None) -> Obligation:
    """Refuses `already_met`: what was done is not owed again in the same round."""
    if obligation is None or not obligation.is_open:
        raise Refused("already_met", _("该事项的这一时限已经办结，不能重新计时。"))
    return obligation


def meet_obligation(
    *,
    owner: str,
    kind: str,
    actor: audit.Actor,
    now: datetime,
    department: Department | None = None,
    round: int = 1,
) -> Obligation | None:
    """It is done: lateness is kept for ever, reminders end. A second call is nothing; None when it is not owed."""
    obligation = obligation_of(owner, kind, department, round)
    if obligation is None or not obligation.is_open:
        return obligation
    try:
        with moving(Obligation, obligation.pk, moves.MEET, actor=actor) as met:
            met.met_at = now
            # What was late before it was returned stays late.
            keep_lateness(met, now)
            supersede_timers(met)
    except Refused:  # met or ended otherwise while this waited for the lock
        return obligation_of(owner, kind, department, round)
    return met


def reopen_obligation(
    *,
    owner: str,
    kind: str,
    due: date,
    reason: str,
    actor: audit.Actor,
    now: datetime,
    department: Department | None = None,
    round: int = 1,
    checked: int = 0,
    told: bool = False,
) -> Obligation:
    """What was done is not good enough: owed again, by the working day `due`, and no less late than it was. [3.7]

    `checked`: how many working days it lay with who checked it; `told` as in `revise_obligation`.
    Refuses `not_met`, `rest_day`, `not_after_start`.
    """
    met = obligation_of(owner, kind, department, round)
    if met is None or met.is_open:
        raise Refused("not_met", _("该时限尚未办结，无需重新计时。"))
    with transaction.atomic():
        with moving(Obligation, met.pk, moves.REOPEN, actor=actor, reason=reason) as reopened:
            reopened.met_at = None
            reopened.checked_working_days += checked
        revise_obligation(
            obligation_id=met.pk, cause=Cause.RETURNED, due=due, reason=reason, actor=actor, now=now, told=told
        )
    return Obligation.objects.get(pk=met.pk)


def void_obligations(
    *,
    owner: str,
    actor: audit.Actor,
    now: datetime,
    kinds: Iterable[str] | None = None,
    department: Department | None = None,
) -> int:
    """What ended otherwise is no longer owed: all that is open of `owner`, or of these kinds, or of one debtor.

    Returns how many.
    """
    wanted = Obligation.objects.open().filter(owner=owner)
    if department is not None:
        wanted = wanted.filter(department=department)
    if kinds is not None:
        wanted = wanted.filter(kind__in=list(kinds))
    with transaction.atomic():
        return sum(_void(key, actor, now) for key in wanted.order_by("pk").values_list("pk", flat=True))


def _void(key: int, actor: audit.Actor, now: datetime) -> bool:
    try:
        with moving(Obligation, key, moves.VOID, actor=actor) as obligation:
            obligation.voided_at = now
            # What was late and ended otherwise was late.
            keep_lateness(obligation, now)
            supersede_timers(obligation)
    except Refused:
        return False
    return True
