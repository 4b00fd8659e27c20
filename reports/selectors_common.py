"""Named reads of what was found in common, as its pages show it. [5.3]"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from appointments.models import Choice
from cases.models import CommonDemandCase
from core.templatetags.cn import NUMERALS
from departments.models import Department
from reports.enums import FINDING_AHEAD, ProposalStatus
from reports.figures.quarter import Quarter
from reports.models import CommonFinding, CommonProposal, CommonProposalCase

# Read and ticked on one page; more of one group follow as what may join it.
TICKED_AT_MOST = 150
# A strip of four quarters in four heights.
LEVELS = 4


@dataclass(frozen=True)
class Season:
    """A quarter of the year, whichever year: how many cases, of which years, and how high it stands in the strip."""

    number: int
    count: int
    years: tuple[int, ...]
    level: int

    @property
    def name(self) -> str:
        return NUMERALS[self.number]

    @property
    def years_said(self) -> str:
        return "、".join(map(str, self.years))

    @property
    def returns(self) -> bool:
        return len(self.years) > 1


@dataclass(frozen=True)
class Shown:
    """What a group's card says beside its own columns."""

    departments: list[tuple[str, int]]
    areas: list[tuple[str, int]]
    districts: list[tuple[str, int]]
    seasons: list[Season]

    @property
    def returning(self) -> list[Season]:
        return [season for season in self.seasons if season.returns]


def shown_of(proposals: Iterable[CommonProposal]) -> dict[int, Shown]:
    """By key. Two queries, however many."""
    rows = list(proposals)
    units = {int(key) for row in rows for key in row.departments}
    choices = {int(key) for row in rows for key in (*row.areas, *row.districts)}
    unit_names = dict(Department.objects.filter(pk__in=units).values_list("pk", "name"))
    choice_names = dict(Choice.objects.filter(pk__in=choices).values_list("pk", "name"))
    return {
        row.pk: Shown(
            _named(row.departments, unit_names),
            _named(row.areas, choice_names),
            _named(row.districts, choice_names),
            seasons_of(row.quarters),
        )
        for row in rows
    }


def _named(counts: Mapping[str, int], names: Mapping[int, str]) -> list[tuple[str, int]]:
    return [(names[int(key)], n) for key, n in counts.items() if int(key) in names]


def seasons_of(quarters: Mapping[str, int]) -> list[Season]:
    """The four quarters of the year: what comes each spring stands in one cell with two years. [5.3]"""
    found = {Quarter.parse(key): n for key, n in quarters.items()}
    counts = {number: [(q.year, n) for q, n in found.items() if q and q.number == number] for number in range(1, 5)}
    most = max((sum(n for _year, n in rows) for rows in counts.values()), default=0)
    seasons = []
    for number, rows in counts.items():
        count = sum(n for _year, n in rows)
        level = -(-LEVELS * count // most) if most else 0
        seasons.append(Season(number, count, tuple(sorted(year for year, _n in rows)), level))
    return seasons


def to_tick(proposal: CommonProposal) -> list[CommonProposalCase]:
    """Its cases that stand in no common demand by now, the most alike first. One query.

    Of one that was decided on every case: what is pressed again is answered by the verb.
    """
    found: QuerySet[CommonProposalCase] = proposal.entries.all()
    if proposal.status == ProposalStatus.PROPOSED:
        taken = CommonDemandCase.objects.filter(removed_at__isnull=True)
        found = found.exclude(case__in=taken.values("case"))
    return list(found.select_related("case__booking")[:TICKED_AT_MOST])


def entries_of(proposal: CommonProposal) -> list[CommonProposalCase]:
    """Its cases to read, the most alike first. Two queries; `listed` is where one stands by now."""
    booking = ("case__booking", "case__booking__district", "case__booking__demand_area")
    entries = list(proposal.entries.select_related(*booking)[:TICKED_AT_MOST])
    rows = CommonDemandCase.objects.filter(case__in=[entry.case_id for entry in entries], removed_at__isnull=True)
    listed = {row.case_id: row.item for row in rows.select_related("item")}
    for entry in entries:
        entry.__dict__["listed"] = listed.get(entry.case_id)
    return entries


def finding_ahead() -> CommonFinding | None:
    return CommonFinding.objects.filter(status__in=FINDING_AHEAD).first()


def latest_finding() -> CommonFinding | None:
    """The last that ended, well or not."""
    return CommonFinding.objects.exclude(status__in=FINDING_AHEAD).order_by("-finished_at", "-pk").first()


def of_department(rows: QuerySet[Any], key: str) -> QuerySet[Any]:
    return rows.filter(departments__has_key=key)


def in_season(rows: QuerySet[Any], number: str) -> QuerySet[Any]:
    """With cases in this quarter of some year: those that are kept are of few years."""
    years = {key.partition("-")[0] for row in rows.values_list("quarters", flat=True) for key in row}
    wanted = Q()
    for year in years:
        wanted |= Q(quarters__has_key=f"{year}-{number}")
    return rows.filter(wanted) if years else rows.none()
