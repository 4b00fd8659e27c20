"""What a figure of the quarter is made of, and how it is written. [3.10]"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports.figures.counts import NONE, Count, Filters
from reports.figures.sources import Source


class Unit(Enum):
    COUNT = "count"
    SHARE = "share"
    MINUTES = "minutes"


class Part(Enum):
    """The parts of the chain, as page and workbook group the figures."""

    SITTINGS = gettext_lazy("坐诊组织")
    BOOKINGS = gettext_lazy("挂号受理")
    CONSULTATIONS = gettext_lazy("坐诊接诉")
    HANDLING = gettext_lazy("交办办理")
    RESULTS = gettext_lazy("办结销号")
    RATINGS = gettext_lazy("诊后评价")
    FOLLOW_UPS = gettext_lazy("督办回访")


# Not for the departments. [5.2]
GUARDED = (Part.RATINGS, Part.FOLLOW_UPS)
# Where a word is not given.
ITEMS = gettext_lazy("件")


@dataclass(frozen=True)
class Definition:
    """`counted`: which rows of the source are the figure; `out_of`: which are its denominator, None for a plain count.
    `measure`: the duration of a row, of which the figure is the average.
    """

    key: str
    label: str | Promise
    clause: str
    part: Part
    source: Source
    counted: Q
    out_of: Q | None = None
    meaning: str | Promise = ""
    measure: str = ""
    word: str | Promise = ITEMS

    @property
    def unit(self) -> Unit:
        if self.measure:
            return Unit.MINUTES
        return Unit.COUNT if self.out_of is None else Unit.SHARE

    @property
    def is_guarded(self) -> bool:
        return self.part in GUARDED

    def accepts(self, filters: Filters) -> bool:
        """Whether its rows can be told apart by what is asked for."""
        return all(name in self.source.dimensions for name in filters.given())

    @property
    def explanation(self) -> str:
        """What is counted and where it belongs, for whom the label says too little."""
        return _("%(meaning)s；%(belongs)s。") % {
            "meaning": self.meaning or self.label,
            "belongs": self.source.belongs,
        }

    def value_of(self, count: Count) -> str:
        return _VALUES[self.unit](count)

    def fraction_of(self, count: Count) -> str:
        """Numerator and denominator, where the value does not already say them."""
        if self.unit is not Unit.SHARE or count.is_few:
            return ""
        return f"{count.numerator}/{count.denominator}"

    def change(self, count: Count, other: Count) -> str:
        """How it moved against another quarter; "" where the two cannot be compared."""
        return _CHANGES[self.unit](count, other)


def _share(count: Count) -> str:
    if not count.denominator:
        return NONE
    if count.is_few:
        return f"{count.numerator}/{count.denominator}"
    return f"{(count.per_mille or 0) / 10:.1f}%"


def _minutes(count: Count) -> str:
    return NONE if count.minutes is None else _("%.0f 分钟") % count.minutes


_VALUES: dict[Unit, Callable[[Count], str]] = {
    Unit.COUNT: lambda count: str(count.numerator),
    Unit.SHARE: _share,
    Unit.MINUTES: _minutes,
}


def _signed(difference: float, digits: int) -> str:
    """+3.2, −1.0; "" for nothing. A true minus, as wide as the plus."""
    text = f"{abs(difference):.{digits}f}"
    if float(text) == 0:
        return ""
    return f"{'+' if difference > 0 else '−'}{text}"


def _points(count: Count, other: Count) -> str:
    """Between the two as they are printed, so that a reader who subtracts finds the same."""
    if count.per_mille is None or other.per_mille is None or count.is_few or other.is_few:
        return ""
    moved = _signed((count.per_mille - other.per_mille) / 10, 1)
    return _("%s 个百分点") % moved if moved else _("持平")


def _difference(count: Count, other: Count) -> str:
    return _signed(count.numerator - other.numerator, 0) or _("持平")


def _longer(count: Count, other: Count) -> str:
    if count.minutes is None or other.minutes is None:
        return ""
    moved = _signed(count.minutes - other.minutes, 0)
    return _("%s 分钟") % moved if moved else _("持平")


_CHANGES: dict[Unit, Callable[[Count, Count], str]] = {
    Unit.COUNT: _difference,
    Unit.SHARE: _points,
    Unit.MINUTES: _longer,
}
