"""Working days: named reads of the calendar table. Nothing here guesses; what the table lacks is refused.

A working day is what the State Council's yearly notice makes one. A period does not count the day it starts on
(Civil Code, art. 201) and ends at close of business on its last day (art. 203). All days are Asia/Shanghai.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, Max, Min, OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from core import policy
from core.calendar_table import Kind, day_reason, runs
from core.errors import Refused
from core.models import CalendarDay, CalendarYear
from core.selectors import ours_time
from core.templatetags.cn import cn_date

# Eight years of work: a longer length is a slip of the hand.
WORKING_DAYS_MAX = 2000


@dataclass(frozen=True)
class DueDate:
    """`working_days` after `start`, which is not counted. `provisional`: a day on the way is only estimated."""

    start: date
    working_days: int
    due: date
    provisional: bool

    @property
    def due_at(self) -> datetime:
        return close_of_business(self.due)


@dataclass(frozen=True)
class ExplainedDay:
    """A day after the start, up to the due day. `number`: which working day of the period it is; None if skipped."""

    date: date
    number: int | None
    reason: str
    provisional: bool

    @property
    def counted(self) -> bool:
        return self.number is not None


@dataclass(frozen=True)
class Explanation:
    """A due date with every day of its period, and sentences that people read."""

    start: date
    working_days: int
    due: date
    due_at: datetime
    provisional: bool
    days: tuple[ExplainedDay, ...]
    sentences: tuple[str, ...]


def close_of_business(day: date) -> datetime:
    """The moment a period ends on its last day: 17:30 unless the bureau set another. (Civil Code, art. 203)"""
    return timezone.make_aware(
        datetime.combine(day, ours_time(policy.CLOSE_OF_BUSINESS)), timezone.get_default_timezone()
    )


def calendar_span() -> tuple[date, date]:
    """The first and last day of the table. Refuses `calendar_missing` when it is empty."""
    span = CalendarDay.objects.aggregate(first=Min("date"), last=Max("date"))
    if span["first"] is None:
        raise Refused("calendar_missing", _("系统中还没有工作日历。请先完成数据库迁移，再重新计算。"))
    return span["first"], span["last"]


def is_working_day(day: date) -> bool:
    """Refuses `calendar_missing` beyond the table."""
    found = CalendarDay.objects.filter(date=day).values_list("is_working", flat=True).first()
    if found is None:
        raise _missing(day)
    return found


def next_working_day(day: date, including: bool = False) -> date:
    """The first working day after `day`, or from it on when `including`. Refuses `calendar_missing`."""
    first = day if including else day + timedelta(days=1)
    known = Exists(CalendarDay.objects.filter(date=first))
    later = CalendarDay.objects.filter(known, date__gte=first, is_working=True)
    found = later.order_by("date").values_list("date", flat=True).first()
    if found is None:
        raise _missing(first)
    return found


def last_working_day(day: date) -> date:
    """The last working day on or before `day`. Refuses `calendar_missing`."""
    known = Exists(CalendarDay.objects.filter(date=day))
    earlier = CalendarDay.objects.filter(known, date__lte=day, is_working=True)
    found = earlier.order_by("-date").values_list("date", flat=True).first()
    if found is None:
        raise _missing(day)
    return found


def working_days_in(first: date, last: date) -> list[date]:
    """The working days of a span, in order; what the table lacks is left out."""
    days = CalendarDay.objects.filter(date__range=(first, last), is_working=True)
    return list(days.order_by("date").values_list("date", flat=True))


def with_due(starts: QuerySet[CalendarDay], working_days: int) -> QuerySet[Any]:
    """Adds `due` (None beyond the table) and `provisional` to days taken as starts.

    The working day whose running number is the start's plus `working_days` is the due day: one look-up for each.
    """
    target = OuterRef("working_days_to_date") + working_days
    numbered = CalendarDay.objects.filter(is_working=True, working_days_to_date=target)
    estimated = CalendarDay.objects.filter(
        date__gt=OuterRef("date"), date__lte=OuterRef("due"), calendar__source=CalendarYear.Source.ESTIMATED
    )
    return starts.annotate(due=Subquery(numbered.values("date")), provisional=Exists(estimated))


def due_date(start: date, working_days: int) -> DueDate:
    """The last day of a period of working days; the start day is never counted, working or not. One query.

    Refuses `bad_length` (not 1 to 2000) and `calendar_missing` (the table ends before the period does).
    """
    if not 1 <= working_days <= WORKING_DAYS_MAX:
        raise Refused("bad_length", _("工作日数应为 1 至 %s 的整数。") % WORKING_DAYS_MAX)
    starts = with_due(CalendarDay.objects.filter(date=start), working_days)
    found = starts.values_list("due", "provisional").first()
    if found is None:
        raise _missing(start)
    due, provisional = found
    if due is None:
        raise _too_far(start, working_days)
    return DueDate(start, working_days, due, provisional)


def working_days_between(a: date, b: date) -> int:
    """Working days after `a` up to and including `b`; negative when `b` is earlier. Refuses `calendar_missing`.

    The inverse of `due_date`: between a start and its due day lie exactly the days of the period.
    """
    numbers = dict(CalendarDay.objects.filter(date__in=[a, b]).values_list("date", "working_days_to_date"))
    for day in (a, b):
        if day not in numbers:
            raise _missing(day)
    return numbers[b] - numbers[a]


def working_days_around(day: date, offsets: Iterable[int]) -> dict[int, date]:
    """The working days so many working days after `day`, or before it; 0 is the day itself or the last one before.

    Refuses `calendar_missing`.
    """
    number = CalendarDay.objects.filter(date=day).values_list("working_days_to_date", flat=True).first()
    if number is None:
        raise _missing(day)
    wanted = {number + offset: offset for offset in offsets}
    rows = CalendarDay.objects.filter(is_working=True, working_days_to_date__in=wanted)
    found = {wanted[row.working_days_to_date]: row.date for row in rows}
    for offset in wanted.values():
        if offset not in found:
            raise _too_far(day, offset)
    return found


def is_office_time(now: datetime) -> bool:
    """From the reminding hour of a working day to its close of business: when people are told what can wait."""
    local = timezone.localtime(now)
    open_hours = ours_time(policy.REMIND_AT) <= local.time() < ours_time(policy.CLOSE_OF_BUSINESS)
    return open_hours and is_working_day(local.date())


def reminding_moment(day: date) -> datetime:
    """The reminding hour of a day: 09:00 unless the bureau set another."""
    return timezone.make_aware(datetime.combine(day, ours_time(policy.REMIND_AT)), timezone.get_default_timezone())


def explain(start: date, working_days: int) -> Explanation:
    """The due date with each day counted or skipped and why. Refuses as `due_date` does."""
    found = due_date(start, working_days)
    days = _explained_days(start, found.due)
    return Explanation(
        start=start,
        working_days=working_days,
        due=found.due,
        due_at=found.due_at,
        provisional=found.provisional,
        days=days,
        sentences=_sentences(found, days),
    )


def _explained_days(start: date, due: date) -> tuple[ExplainedDay, ...]:
    columns = ("date", "is_working", "kind", "name", "calendar__source")
    rows = CalendarDay.objects.filter(date__gt=start, date__lte=due).order_by("date").values_list(*columns)
    days, number = [], 0
    for day, is_working, kind, name, source in rows:
        number += is_working
        estimated = source == CalendarYear.Source.ESTIMATED
        days.append(ExplainedDay(day, number if is_working else None, day_reason(kind, name), estimated))
    return tuple(days)


def _sentences(found: DueDate, days: tuple[ExplainedDay, ...]) -> tuple[str, ...]:
    sentences = [
        _("自%s起算，当日不计入（《民法典》第二百零一条）。") % cn_date(found.start),
    ]
    skipped = [(day.date, day.reason) for day in days if not day.counted]
    if skipped:
        sentences.append(
            _("其间休息日 %(count)s 天不计：%(spans)s。") % {"count": len(skipped), "spans": _spans(skipped)}
        )
    makeup = [(day.date, day.reason) for day in days if day.counted and day.reason == Kind.MAKEUP.label]
    if makeup:
        sentences.append(_("调休上班 %(count)s 天计入：%(spans)s。") % {"count": len(makeup), "spans": _spans(makeup)})
    sentences.append(
        _("第 %(number)s 个工作日为%(due)s，期限于当日 %(time)s 届满（《民法典》第二百零三条）。")
        % {"number": found.working_days, "due": cn_date(found.due), "time": f"{found.due_at:%H:%M}"}
    )
    if found.provisional:
        years = sorted({day.date.year for day in days if day.provisional})
        sentences.append(
            _("暂定：%s 年的放假安排尚未公布，先按法定节假日推算，通知公布后重新计算。")
            % "、".join(str(year) for year in years)
        )
    return tuple(sentences)


def _spans(days: list[tuple[date, str]]) -> str:
    """10月1日至10月7日 国庆节；10月12日 周末"""
    parts = []
    for first, last, reason in runs(days):
        span = f"{first.month}月{first.day}日"
        if last != first:
            span += _("至%s") % f"{last.month}月{last.day}日"
        parts.append(f"{span} {reason}")
    return "；".join(parts)


def _missing(day: date) -> Refused:
    first, last = calendar_span()
    if day < first:
        return Refused(
            "calendar_missing",
            _("工作日历自%(first)s开始，无法推算%(day)s。请核对日期。")
            % {"first": cn_date(first), "day": cn_date(day)},
            last=last,
        )
    return Refused(
        "calendar_missing",
        _("工作日历目前到%(last)s为止，无法推算%(day)s。请先在“设置—年度工作日历”中导入该年度的放假安排。")
        % {"last": cn_date(last), "day": cn_date(day)},
        last=last,
    )


def _too_far(start: date, working_days: int) -> Refused:
    _first, last = calendar_span()
    return Refused(
        "calendar_missing",
        _(
            "自%(start)s起 %(days)s 个工作日超出工作日历（目前到%(last)s为止）。"
            "请先在“设置—年度工作日历”中导入 %(year)s 年的放假安排。"
        )
        % {"start": cn_date(start), "days": working_days, "last": cn_date(last), "year": last.year + 1},
        last=last,
    )
