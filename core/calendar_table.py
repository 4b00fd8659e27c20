"""What a year's days are: pure reckoning without a database, shared by the verbs, the parser and the first filling.

A year is the plain week and its exceptions: the days a notice makes a holiday (放假) or a working day (调休上班).
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any, TypeVar

from django.utils.translation import gettext as _
from lunardate import LunarDate

from core.models import CalendarDay

Kind = CalendarDay.Kind
Exceptions = Mapping[date, tuple[str, str]]
Label = TypeVar("Label")

SATURDAY = 5
NAME_CHARACTERS_MAX = 30
# 全国年节及纪念日放假办法 as amended in 2024 holds from this year: 13 days. Earlier years had fewer.
STATUTORY_SINCE = 2025


def qingming(year: int) -> date:
    """The day of 清明, by the solar-term formula of the 21st century: [Y × 0.2422 + 4.81] − [Y ÷ 4]."""
    short = year % 100
    return date(year, 4, int(short * 0.2422 + 4.81) - short // 4)


def statutory_holidays(year: int) -> dict[date, str]:
    """The 13 days that the law makes holidays in any year since 2025, whatever the notice adds around them."""
    spring = LunarDate(year, 1, 1).to_solar_date()
    named = [
        (date(year, 1, 1), _("元旦")),
        *((spring + timedelta(days=offset), _("春节")) for offset in range(-1, 3)),
        (qingming(year), _("清明节")),
        (date(year, 5, 1), _("劳动节")),
        (date(year, 5, 2), _("劳动节")),
        (LunarDate(year, 5, 5).to_solar_date(), _("端午节")),
        (LunarDate(year, 8, 15).to_solar_date(), _("中秋节")),
        *((date(year, 10, number), _("国庆节")) for number in range(1, 4)),
    ]
    holidays: dict[date, str] = {}
    for day, name in named:
        # 中秋 can fall into the National Day holidays.
        holidays[day] = f"{holidays[day]}、{name}" if day in holidays else name
    return holidays


def estimated_exceptions(year: int) -> dict[date, tuple[str, str]]:
    """A year before its notice: statutory holidays only, no make-up days."""
    return {day: (Kind.HOLIDAY.value, name) for day, name in statutory_holidays(year).items()}


def missing_statutory(year: int, exceptions: Exceptions) -> dict[date, str]:
    """Statutory holidays that a list does not make a holiday."""
    if year < STATUTORY_SINCE:
        return {}
    free = {day for day, (kind, _name) in exceptions.items() if kind == Kind.HOLIDAY}
    return {day: name for day, name in statutory_holidays(year).items() if day not in free}


def day_problem(year: int, day: date, kind: str, name: str) -> str | None:
    """Why this exception cannot stand in the year's list, as a sentence; None when it can."""
    if day.year != year:
        return _("%(day)s 不属于 %(year)s 年；跨年的放假、调休日请在其所在年度另行导入。") % {
            "day": day.isoformat(),
            "year": year,
        }
    if kind not in (Kind.HOLIDAY, Kind.MAKEUP):
        return _("%s 的类型应为“放假”或“调休上班”。") % day.isoformat()
    if kind == Kind.MAKEUP and day.weekday() < SATURDAY:
        return _("%s 不是周六或周日，不能列为调休上班。") % day.isoformat()
    if kind == Kind.HOLIDAY and not name:
        return _("%s 放假，请写明节日名称。") % day.isoformat()
    if len(name) > NAME_CHARACTERS_MAX or not name.isprintable():
        return _("%(day)s 的名称应不超过 %(most)s 个字，且不含特殊字符。") % {
            "day": day.isoformat(),
            "most": NAME_CHARACTERS_MAX,
        }
    return None


def day_rows(year: int, exceptions: Exceptions, number_before: int) -> list[dict[str, Any]]:
    """Columns of every day of the year. `number_before`: the running number of the last day before it."""
    rows: list[dict[str, Any]] = []
    day, number = date(year, 1, 1), number_before
    while day.year == year:
        plain = Kind.WEEKDAY if day.weekday() < SATURDAY else Kind.WEEKEND
        kind, name = exceptions.get(day, (plain.value, ""))
        is_working = kind in (Kind.WEEKDAY, Kind.MAKEUP)
        number += is_working
        rows.append(
            {"date": day, "kind": kind, "name": name, "is_working": is_working, "working_days_to_date": number}
        )
        day += timedelta(days=1)
    return rows


def day_reason(kind: str, name: str) -> str:
    """What makes the day work or rest, for people: 工作日, 周末, 国庆节, 调休上班."""
    return name if kind == Kind.HOLIDAY and name else str(Kind(kind).label)


def to_json(exceptions: Exceptions) -> dict[str, list[str]]:
    return {day.isoformat(): [str(kind), name] for day, (kind, name) in sorted(exceptions.items())}


def from_json(stored: Mapping[str, list[str]]) -> dict[date, tuple[str, str]]:
    return {date.fromisoformat(day): (kind, name) for day, (kind, name) in stored.items()}


def runs(days: Iterable[tuple[date, Label]]) -> list[tuple[date, date, Label]]:
    """Neighbouring days with one label, as (first, last, label). `days` in order."""
    found: list[tuple[date, date, Label]] = []
    for day, label in days:
        if found and found[-1][2] == label and found[-1][1] + timedelta(days=1) == day:
            found[-1] = (found[-1][0], day, label)
        else:
            found.append((day, day, label))
    return found
