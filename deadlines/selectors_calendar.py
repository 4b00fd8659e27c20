"""Which dates a year's notice would move, before it is put in force. Nothing is written. [3.7]"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from core.calendar_table import Exceptions, day_rows
from core.models import CalendarDay
from deadlines.models import Obligation


@dataclass(frozen=True)
class WouldMove:
    """An open date and the day it would end on. Earlier: somebody decides, it does not move by itself."""

    obligation: Obligation
    before: date
    after: date
    earlier: bool


class Days:
    """The calendar as it would be, kept in memory: a date is reckoned without a query."""

    def __init__(self, year: int, exceptions: Exceptions, since: date) -> None:
        rows = CalendarDay.objects.filter(date__gte=since).exclude(date__year=year)
        days = dict(rows.values_list("date", "is_working"))
        days |= {row["date"]: row["is_working"] for row in day_rows(year, exceptions, 0) if row["date"] >= since}
        self.first = min(days, default=since)
        self.working = sorted(day for day, works in days.items() if works)

    def due(self, start: date, working_days: int) -> date | None:
        """None beyond the table."""
        return self._at(bisect_left(self.working, date.fromordinal(start.toordinal() + 1)) + working_days - 1)

    def on_or_after(self, day: date) -> date | None:
        return self._at(bisect_left(self.working, day))

    def _at(self, place: int) -> date | None:
        return self.working[place] if place < len(self.working) else None


def dates_that_would_move(year: int, exceptions: Exceptions) -> list[WouldMove]:
    """What is open and would end on another day under this list; what would be earlier first. Two queries."""
    still_open: Sequence[Obligation] = list(
        Obligation.objects.open().select_related("department").order_by("last_day", "pk")
    )
    if not still_open:
        return []
    days = Days(year, exceptions, min(row.start for row in still_open))
    moves = [move for row in still_open if (move := _move(row, days)) is not None]
    return sorted(moves, key=lambda move: not move.earlier)


def _move(row: Obligation, days: Days) -> WouldMove | None:
    """As `services.calendar` reckons it when the list is in force."""
    due = days.on_or_after(row.due) if row.due_is_set else days.due(row.start, row.working_days)
    if due is None:
        return None
    last_day = max(min(due, row.no_later_than or due), row.start)
    if due < row.due:
        return WouldMove(row, row.last_day, last_day, earlier=True)
    if last_day != row.last_day:
        return WouldMove(row, row.last_day, last_day, earlier=False)
    return None
