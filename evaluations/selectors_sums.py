"""What a department may be shown of ratings: sums of a closed quarter, and never who. [3.8] [5.2]

What is counted. A round counts in the quarter in which it was closed, for the one unit that answers for it
(`Invitation.unit`), so every given rating stands in exactly one cell. Late ratings are left out, and a quarter is
shown only when its last enterprise can no longer rate in time: what is shown once stays as it is, and nobody learns
from the difference of two days how the rating in between was. Silence is not counted here at all.

What is withheld. Whoever reads one page may read all of them, and the city's sum stands in the bulletin; so a quarter
is protected as one table, whose rows are the units and whose last row is their sum.

1. A cell of fewer than `RATINGS_IN_A_SUM_MIN` given ratings is withheld.
2. From the sum and the cells that are shown anybody can reckon what the withheld cells have together. So for each
   small cell that has a rating at all, the other withheld ones must together have at least as many as a sum needs,
   and the small ones must not all be as large as a small one can be; else the smallest that could have been shown is
   withheld too, with its equals, and so on. A cell withheld as cover looks like a small one. Every table of up to
   four units was tried: also who knows these rules is left with two possible figures at least for each such cell.
3. Where no cell is left to cover a small one, everything is withheld, the sum too.
4. A cell is shown whole or not at all: given, and of these satisfied with either question. There is no part of it
   that a second table splits otherwise: by reason, by area or over several quarters nothing is shown to departments.

What it does not promise: when all ratings of a cell were alike, its reader knows how each of them was, without knowing
who of its enterprises rated. And who knows from elsewhere how many ratings a small cell can have at most may narrow
it down. Other tables of ratings (a bulletin's) must come from `protect` too, and by no other division.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Generic, TypeVar

from django.db.models import Count, F, Max, Min, Q
from django.utils import timezone

from cases.models import Closing
from core import policy
from departments.models import Department
from evaluations.models import Invitation
from evaluations.selectors_ratings import given_in_time

Key = TypeVar("Key", bound=Hashable)
QUARTERS_SHOWN = 8


@dataclass(frozen=True, order=True)
class Quarter:
    """2026, 4"""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> "Quarter":
        return cls(day.year, (day.month + 2) // 3)

    @property
    def first_day(self) -> date:
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def begins(self) -> datetime:
        return timezone.make_aware(datetime.combine(self.first_day, time()))

    def before(self) -> "Quarter":
        return Quarter(self.year, self.number - 1) if self.number > 1 else Quarter(self.year - 1, 4)

    def after(self) -> "Quarter":
        return Quarter(self.year, self.number + 1) if self.number < 4 else Quarter(self.year + 1, 1)


@dataclass(frozen=True)
class Sum:
    """Given ratings, and how many of them were satisfied with each."""

    given: int = 0
    consultation: int = 0
    handling: int = 0

    def __add__(self, other: "Sum") -> "Sum":
        return Sum(self.given + other.given, self.consultation + other.consultation, self.handling + other.handling)

    @property
    def is_small(self) -> bool:
        return self.given < policy.RATINGS_IN_A_SUM_MIN


@dataclass(frozen=True)
class Table(Generic[Key]):
    """Cells and their sum as they may be shown; None is withheld."""

    cells: dict[Key, Sum | None]
    total: Sum | None


def protect(cells: Mapping[Key, Sum]) -> Table[Key]:
    """The table as it may be shown, by the rules above. [5.2]"""
    total = sum(cells.values(), Sum())
    withheld = {key for key, cell in cells.items() if cell.is_small}
    while len(withheld) < len(cells) and not _covered(cells, withheld):
        least = min(cell.given for key, cell in cells.items() if key not in withheld)
        withheld |= {key for key, cell in cells.items() if cell.given == least}
    shown = {key: None if key in withheld else cell for key, cell in cells.items()}
    return Table(shown, total if not total.is_small and _covered(cells, withheld) else None)


def _covered(cells: Mapping[Key, Sum], withheld: set[Key]) -> bool:
    """Each small cell with a rating in it stands among enough ratings of the other withheld ones."""
    hidden = [cells[key] for key in withheld if cells[key].given]
    small = [cell for cell in hidden if cell.is_small]
    together = sum(cell.given for cell in hidden)
    if small and together == len(hidden) * (policy.RATINGS_IN_A_SUM_MIN - 1):
        return False  # they can only all have as many as a small one can
    return all(together - cell.given >= policy.RATINGS_IN_A_SUM_MIN for cell in small)


def closed_quarters(today: date) -> list[Quarter]:
    """The latest whose last enterprise can no longer rate in time, the latest first."""
    quarters = [Quarter.of(today).before()]
    while len(quarters) < QUARTERS_SHOWN:
        quarters.append(quarters[-1].before())
    # Only the latest can still be open: no period for ratings is as long as a quarter.
    return quarters if _is_complete(quarters[0], today) else quarters[1:]


def quarters_to_show(today: date) -> list[Quarter]:
    """The closed quarters since anybody was first asked; of a system that is younger, the latest alone."""
    quarters = closed_quarters(today)
    first = Invitation.objects.aggregate(first=Min("closed_at"))["first"]
    since = [quarter for quarter in quarters if first and first < quarter.after().begins]
    return since or quarters[:1]


def _is_complete(quarter: Quarter, today: date) -> bool:
    """Every round of it was asked about, and for each the last day is over."""
    within = {"closed_at__gte": quarter.begins, "closed_at__lt": quarter.after().begins}
    if Closing.objects.filter(**within, taken_up_at__isnull=True).exists():
        return False
    last = Invitation.objects.filter(**within).aggregate(last=Max("silent_on"))["last"]
    return last is None or today > last


def sums_by_unit(quarters: list[Quarter]) -> dict[Quarter, dict[int | None, Sum]]:
    """Every unit's sums of these quarters, not yet fit to be shown: `protect` them. One read for each quarter."""
    return {quarter: _sums(quarter) for quarter in quarters}


def _sums(quarter: Quarter) -> dict[int | None, Sum]:
    """By the key of the unit; None where nobody answers for a round."""
    asked = Q(
        case__invitations__round=F("round"),
        case__invitations__closed_at__gte=quarter.begins,
        case__invitations__closed_at__lt=quarter.after().begins,
    )
    counted = (
        given_in_time()
        .filter(asked)
        .order_by()
        .values(unit=F("case__invitations__unit"))
        .annotate(
            given=Count("pk"),
            consulted=Count("pk", filter=Q(consultation=True)),
            handled=Count("pk", filter=Q(handling=True)),
        )
    )
    return {row["unit"]: Sum(row["given"], row["consulted"], row["handled"]) for row in counted}


@dataclass(frozen=True)
class Line:
    """A quarter as one department sees it: its own sum and the city's. None is withheld."""

    quarter: Quarter
    own: Sum | None
    city: Sum | None


def lines_of(department: Department, today: date) -> list[Line]:
    """The closed quarters for a department, the latest first. [5.2]"""
    tables = {quarter: protect(cells) for quarter, cells in sums_by_unit(quarters_to_show(today)).items()}
    return [Line(quarter, table.cells.get(department.pk), table.total) for quarter, table in tables.items()]


def table_of(quarter: Quarter) -> tuple[list[tuple[Department, Sum | None]], Sum | None]:
    """Every unit that was rated in a closed quarter, and the city's sum, as departments may see them too."""
    table = protect(_sums(quarter))
    units = Department.objects.filter(pk__in=[key for key in table.cells if key is not None])
    return [(unit, table.cells[unit.pk]) for unit in units], table.total
