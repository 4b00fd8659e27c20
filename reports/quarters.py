"""Quarters of the calendar. [3.10]"""

from datetime import date, timedelta

MONTHS = 3


def quarter_of(day: date) -> tuple[int, int]:
    return day.year, (day.month - 1) // MONTHS + 1


def days_of(year: int, quarter: int) -> tuple[date, date]:
    """Its first and its last day."""
    after = date(year + quarter // 4, quarter % 4 * MONTHS + 1, 1)
    return date(year, (quarter - 1) * MONTHS + 1, 1), after - timedelta(days=1)


def before(year: int, quarter: int) -> tuple[int, int]:
    return (year, quarter - 1) if quarter > 1 else (year - 1, 4)
