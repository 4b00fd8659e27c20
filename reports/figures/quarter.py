"""A quarter of the calendar year: what bulletins and figures are of. [3.10]"""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from core.templatetags.cn import NUMERALS

# A quarter is seen beside those before it, back to the same one a year ago.
SEEN_TOGETHER = 5
# What an address may ask for: dates end with the year 9999, and a quarter ends with the day after it.
YEARS = range(2000, 9999)


@dataclass(frozen=True, order=True)
class Quarter:
    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> "Quarter":
        return cls(day.year, (day.month - 1) // 3 + 1)

    @classmethod
    def parse(cls, text: str) -> "Quarter | None":
        """2026-4, as an address names it; None for what is none."""
        year, _dash, number = text.partition("-")
        if not (year.isdecimal() and len(year) == 4 and number in ("1", "2", "3", "4") and int(year) in YEARS):
            return None
        return cls(int(year), int(number))

    @property
    def key(self) -> str:
        return f"{self.year}-{self.number}"

    @property
    def title(self) -> str:
        """2026年第四季度"""
        return _("%(year)s年第%(number)s季度") % {"year": self.year, "number": NUMERALS[self.number]}

    @property
    def short(self) -> str:
        """2026年四季度, where there is little room."""
        return _("%(year)s年%(number)s季度") % {"year": self.year, "number": NUMERALS[self.number]}

    @property
    def first(self) -> date:
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def after(self) -> date:
        """The first day that is no part of it."""
        return self.plus(1).first

    def plus(self, quarters: int) -> "Quarter":
        at = self.year * 4 + self.number - 1 + quarters
        return Quarter(at // 4, at % 4 + 1)

    @property
    def before(self) -> "Quarter":
        return self.plus(-1)

    @property
    def year_before(self) -> "Quarter":
        return self.plus(-4)

    @property
    def seen_together(self) -> tuple["Quarter", ...]:
        """Itself and those it is compared with, the oldest first: from a year before to itself."""
        return tuple(self.plus(-back) for back in range(SEEN_TOGETHER - 1, -1, -1))

    def is_over(self, today: date) -> bool:
        return today >= self.after
