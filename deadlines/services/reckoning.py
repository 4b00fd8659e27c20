"""Which day, and why: the dates of an obligation reckoned from its rule."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from core.models import CalendarYear
from core.templatetags.cn import cn_clause, cn_date
from core.workdays import close_of_business, due_date, explain, working_days_between
from deadlines.models import Obligation


@dataclass(frozen=True)
class Rule:
    """What a date is reckoned from. `due`: a day that somebody set, in place of the count."""

    start: date
    working_days: int
    clause: str
    legal_basis: str = ""
    no_later_than: date | None = None
    due: date | None = None


@dataclass(frozen=True)
class Reckoning:
    """The dates, and the explanation as it is stored."""

    due: date
    last_day: date
    due_at: datetime
    provisional: bool
    explanation: dict[str, Any]
    calendar: CalendarYear


def rule_of(obligation: Obligation) -> Rule:
    return Rule(
        start=obligation.start,
        working_days=obligation.working_days,
        clause=obligation.clause,
        legal_basis=obligation.legal_basis,
        no_later_than=obligation.no_later_than,
        due=obligation.due if obligation.due_is_set else None,
    )


def late_on(last_day: date, now: datetime) -> int:
    """Working days past close of business of the last day; a part of one counts as one. (Civil Code, art. 203)"""
    if now <= close_of_business(last_day):
        return 0
    return max(1, working_days_between(last_day, timezone.localdate(now)))


def keep_lateness(obligation: Obligation, now: datetime) -> None:
    """How late it is by now, against the day in force and against the first; it never becomes less. [3.7]"""
    first = obligation.original_day
    if obligation.checked_working_days:
        first = due_date(first, obligation.checked_working_days).due
    late, late_first = late_on(obligation.last_day, now), late_on(first, now)
    obligation.late_working_days = max(obligation.late_working_days or 0, late)
    obligation.late_working_days_original = max(obligation.late_working_days_original or 0, late_first)


def newest_calendar() -> CalendarYear:
    """The version that came into force last: what was reckoned with it has seen every one before."""
    return CalendarYear.objects.filter(in_force=True).latest("pk")


def reckon(rule: Rule) -> Reckoning:
    """Refuses as `core.workdays.explain` does: `bad_length`, `calendar_missing`.

    The version is read before the days: one that comes into force in between is then reckoned with again.
    """
    calendar = newest_calendar()
    days = working_days_between(rule.start, rule.due) if rule.due else rule.working_days
    counted = explain(rule.start, days)
    last_day = min(counted.due, rule.no_later_than or counted.due)
    # What is opened after its outer limit is late from its first day on, not before it began.
    last_day = max(last_day, rule.start)
    sentences = [*_opening(rule), *counted.sentences, *_closing(rule, counted.due)]
    listed = [[day.date.isoformat(), day.number, day.reason, day.provisional] for day in counted.days]
    return Reckoning(
        due=counted.due,
        last_day=last_day,
        due_at=close_of_business(last_day),
        provisional=counted.provisional,
        explanation={"sentences": sentences, "days": listed},
        calendar=calendar,
    )


def _opening(rule: Rule) -> list[str]:
    if rule.due:
        return [_("经决定，期限为%s。") % cn_date(rule.due)]
    if rule.legal_basis:
        return [_("依据%(law)s，时限为 %(days)s 个工作日。") % {"law": rule.legal_basis, "days": rule.working_days}]
    return [
        _("依据工作方案%(clause)s，时限为 %(days)s 个工作日。")
        % {"clause": cn_clause(rule.clause), "days": rule.working_days}
    ]


def _closing(rule: Rule, due: date) -> list[str]:
    if rule.no_later_than is None:
        return []
    if rule.no_later_than < due:
        return [_("同时应不晚于%s完成，早于上述期限，以此为准。") % cn_date(rule.no_later_than)]
    return [_("同时应不晚于%s完成，不早于上述期限，以上述期限为准。") % cn_date(rule.no_later_than)]
