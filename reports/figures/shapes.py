"""What a quarter's figures look like once they are counted. [3.10]"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from reports.figures.counts import ENOUGH, NONE, Count, Filters
from reports.figures.definition import Definition
from reports.figures.quarter import Quarter


@dataclass(frozen=True)
class Figure:
    """One figure with those of the four quarters before: `history`, the oldest first, the quarter's own last."""

    definition: Definition
    history: tuple[Count, ...]

    @property
    def key(self) -> str:
        return self.definition.key

    @property
    def label(self) -> str:
        return str(self.definition.label)

    @property
    def count(self) -> Count:
        return self.history[-1]

    @property
    def before(self) -> Count:
        return self.history[-2]

    @property
    def year_before(self) -> Count:
        return self.history[0]

    @property
    def value(self) -> str:
        """92.3%, 12, 18 分钟; "—" where there is nothing to say."""
        return self.definition.value_of(self.count)

    @property
    def fraction(self) -> str:
        """12/13: every rate prints it."""
        return self.definition.fraction_of(self.count)

    @property
    def text(self) -> str:
        """92.3%（12/13）, as it stands in a sentence."""
        return f"{self.value}（{self.fraction}）" if self.fraction and self.value != NONE else self.value

    @property
    def note(self) -> str:
        """基数不足 5, or nothing."""
        return _("基数不足 %s") % ENOUGH if self.count.is_few and self.count.denominator else ""

    @property
    def change(self) -> str:
        """Against the quarter before: +3.2 个百分点."""
        return self.definition.change(self.count, self.before)

    @property
    def change_of_the_year(self) -> str:
        return self.definition.change(self.count, self.year_before)


@dataclass(frozen=True)
class Cell:
    """`withheld`: it would tell who rated how, and is not listed. [5.2]"""

    definition: Definition
    count: Count
    withheld: bool = False

    @property
    def value(self) -> str:
        return _("不列出") if self.withheld else self.definition.value_of(self.count)

    @property
    def fraction(self) -> str:
        """12/13; nothing of what has no denominator, or counts out of none."""
        return "" if self.withheld or not self.count.denominator else self.definition.fraction_of(self.count)

    @property
    def is_few(self) -> bool:
        return self.count.is_few and bool(self.count.denominator)


@dataclass(frozen=True)
class TableRow:
    """`key`: of the department, area, street or park; None: nothing was named."""

    key: int | None
    label: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Table:
    """One table of the quarter: its rows in the notice's order or the list's, never by size; the last line is `total`,
    which counts every thing once.
    """

    dimension: str
    title: str
    heading: str
    columns: tuple[Definition, ...]
    rows: tuple[TableRow, ...]
    total: TableRow

    def row_of(self, key: int | None) -> TableRow | None:
        return next((row for row in self.rows if row.key == key), None)


@dataclass(frozen=True)
class QuarterFigures:
    """All figures of a quarter by their keys, in the order of the chain, and the tables."""

    quarter: Quarter
    filters: Filters
    figures: dict[str, Figure]
    tables: tuple[Table, ...]
    # Of this day: what is late, and what is still within its limit.
    today: date
    # Keys and names of departments, areas and districts, in their order: what may be filtered by.
    names: dict[str, list[tuple[int, str]]]
    # Ratings and follow-ups are left out for who may not see them. [5.2]
    with_ratings: bool = True

    def __getitem__(self, key: str) -> Figure:
        return self.figures[key]

    def get(self, key: str) -> Figure | None:
        return self.figures.get(key)

    @property
    def is_empty(self) -> bool:
        """Nothing was planned, booked, handled or due."""
        return not any(count.numerator or count.denominator for count in self._counts())

    def _counts(self) -> Sequence[Any]:
        return [figure.count for figure in self.figures.values()]

    @property
    def narrowed_to(self) -> str:
        """市税务局，太平新城街道: what the filters ask for, by name."""
        names = [dict(self.names[dimension]).get(key, "") for dimension, key in self.filters.given().items()]
        return "，".join(name for name in names if name)

    def table(self, dimension: str) -> Table | None:
        return next((table for table in self.tables if table.dimension == dimension), None)
