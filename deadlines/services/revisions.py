"""Another date for what is open: the old one stays on record, those concerned are told by the owning app. [3.7]"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime
from types import EllipsisType

from django.db import transaction

from core import audit
from core.models import User
from core.transitions import lock
from core.workdays import next_working_day
from deadlines import guards
from deadlines.enums import Cause, ObligationStatus
from deadlines.models import Obligation, Revision, RevisionTold
from deadlines.services.reckoning import Reckoning, keep_lateness, reckon, rule_of
from deadlines.services.timers import make_timers, supersede_timers

TellRevisions = Callable[[Obligation, list[Revision]], object]
# What a new revision changes on its obligation.
DATES = (
    "due",
    "due_is_set",
    "working_days",
    "no_later_than",
    "last_day",
    "due_at",
    "provisional",
    "calendar",
    "earlier_due",
    "revision",
    "late_working_days",
    "late_working_days_original",
)


def write_revision(
    obligation: Obligation,
    dates: Reckoning,
    cause: Cause,
    *,
    actor: audit.Actor,
    now: datetime,
    before: date | None = None,
    reason: str = "",
    told: bool = False,
) -> Revision:
    """The row that says why, and the timers of its day in place of the older ones. The obligation has the dates."""
    revision = Revision.objects.create(
        obligation=obligation,
        number=obligation.revision,
        cause=cause,
        before=before,
        after=dates.last_day,
        due=dates.due,
        reason=reason,
        explanation=dates.explanation,
        calendar=dates.calendar,
        by=actor if isinstance(actor, User) else None,
        at=now,
    )
    if cause != Cause.OPENED:
        RevisionTold.objects.create(revision=revision, at=now if told else None)
        supersede_timers(obligation)
    make_timers(obligation, revision, now)
    return revision


def revise_obligation(
    *,
    obligation_id: int,
    cause: Cause,
    actor: audit.Actor,
    now: datetime,
    reason: str,
    working_days: int | None = None,
    due: date | None = None,
    no_later_than: date | EllipsisType | None = ...,
    late_at: datetime | None = None,
    told: bool = False,
) -> Revision:
    """Another length, another day, or another outer limit (None: no longer any); what is not given stays.

    `late_at`: what was late at that moment, against the day that now goes, stays late. `told`: the caller's own
    message says it, no sweep need tell it.

    A part of the owning app's verb, which has asked who may. Refuses `not_open`; for `due` also `rest_day`,
    `not_after_start`; `bad_length` and `calendar_missing` as the calendar does.
    """
    with transaction.atomic():
        obligation = lock(Obligation, obligation_id)
        guards.check_open(obligation)
        if late_at is not None:
            keep_lateness(obligation, late_at)
        if working_days is not None:
            obligation.working_days, obligation.due_is_set = working_days, False
        if due is not None:
            guards.check_can_end_on(obligation.start, due)
            obligation.due, obligation.due_is_set = due, True
        if not isinstance(no_later_than, EllipsisType):
            obligation.no_later_than = no_later_than
        counts_anew = working_days is not None or due is not None
        dates = _counted_anew(obligation) if counts_anew else _as_it_stands(obligation)
        return apply_dates(obligation, dates, cause, actor=actor, now=now, reason=reason, told=told)


def _counted_anew(obligation: Obligation) -> Reckoning:
    obligation.earlier_due = None
    return reckon(rule_of(obligation))


def _as_it_stands(obligation: Obligation) -> Reckoning:
    """Only the outer limit moves: what a new calendar would end earlier still waits for its own decision."""
    rule = rule_of(obligation)
    dates = reckon(rule)
    if dates.due >= obligation.due:
        return dates
    obligation.earlier_due = dates.due
    return reckon(replace(rule, due=next_working_day(obligation.due, including=True)))


def apply_dates(
    obligation: Obligation,
    dates: Reckoning,
    cause: Cause,
    *,
    actor: audit.Actor,
    now: datetime,
    reason: str,
    told: bool = False,
) -> Revision:
    """Put the dates on a locked obligation, with revision, timers and audit row; what the caller changed is saved."""
    before = obligation.last_day
    obligation.due, obligation.last_day, obligation.due_at = dates.due, dates.last_day, dates.due_at
    obligation.provisional, obligation.calendar = dates.provisional, dates.calendar
    obligation.revision += 1
    obligation.save(update_fields=DATES)
    audit.record(
        "revise_obligation",
        obligation,
        actor=actor,
        before=before,
        after=dates.last_day,
        reason=reason,
        clause=obligation.clause,
    )
    return write_revision(obligation, dates, cause, actor=actor, now=now, before=before, reason=reason, told=told)


def tell_revisions(*, kinds: Iterable[str], on_tell: TellRevisions, now: datetime, limit: int = 200) -> int:
    """Hand out every change of a day that nobody was told of yet; returns how many obligations were told.

    `on_tell(obligation, revisions)` writes its messages in the same transaction; several changes of one obligation
    come together, oldest first. What is no longer open, or ended where it began, is told to nobody.
    """
    untold = RevisionTold.objects.filter(at__isnull=True, revision__obligation__kind__in=list(kinds))
    wanted = untold.order_by("revision_id").values_list("revision__obligation_id", flat=True)
    keys = list(dict.fromkeys(wanted[:limit]))
    return sum(_tell_one(key, on_tell, now) for key in keys)


def _tell_one(key: int, on_tell: TellRevisions, now: datetime) -> bool:
    with transaction.atomic():
        claimed = Obligation.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
        obligation = claimed.filter(pk=key).first()
        if obligation is None:
            return False
        revisions = list(obligation.revisions.filter(told__isnull=False, told__at__isnull=True).order_by("number"))
        RevisionTold.objects.filter(revision__in=revisions).update(at=now)
        moved = bool(revisions) and revisions[0].before != revisions[-1].after
        if not moved or obligation.status != ObligationStatus.OPEN:
            return False
        on_tell(obligation, revisions)
    return True
