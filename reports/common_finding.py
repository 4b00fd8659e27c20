"""Named reads: which cases of a span ask the same thing, and what the group could become. [5.3]

Four queries, whatever the span holds: values only, no rows, and of texts no more than are compared at most.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from appointments.models import Verification
from cases.enums import CommonStatus
from cases.models import Assignment, Case, CommonDemandCase
from core import policy
from core.selectors import ours
from reports.enums import ProposalKind
from reports.figures.quarter import Quarter
from reports.likeness import Group, groups_of

# What is held in memory at once. More than that, and the latest ones are compared.
COMPARED_AT_MOST = 50_000
CHUNK = 2000


@dataclass(frozen=True)
class Demand:
    """A case as far as it is compared and counted."""

    case: int
    enterprise: int
    quarter: str
    area: int | None
    district: int | None
    title: str
    text: str


@dataclass(frozen=True)
class Candidate:
    """A group as it is proposed: the demands that no common demand has yet, and the one that has the others."""

    kind: ProposalKind
    demands: tuple[Demand, ...]
    alike: dict[int, int]
    title: str
    terms: tuple[str, ...]
    alike_percent: int
    akin: int | None
    akin_count: int
    departments: Counter[int]

    @property
    def cases(self) -> frozenset[int]:
        return frozenset(demand.case for demand in self.demands)

    @property
    def enterprises(self) -> int:
        return len({demand.enterprise for demand in self.demands})

    def columns(self) -> dict[str, Any]:
        """As `CommonProposal` keeps them."""
        return {
            "title": self.title,
            "terms": list(self.terms),
            "alike_percent": self.alike_percent,
            "case_count": len(self.demands),
            "enterprise_count": self.enterprises,
            "departments": _counted(self.departments.elements()),
            "areas": _counted(demand.area for demand in self.demands),
            "districts": _counted(demand.district for demand in self.demands),
            "quarters": _counted(demand.quarter for demand in self.demands),
            "akin_id": self.akin,
            "akin_count": self.akin_count,
        }


def _counted(keys: Iterable[Any]) -> dict[str, int]:
    """The most frequent first; as JSON keeps them."""
    found = Counter(str(key) for key in keys if key is not None)
    return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))


def first_day(today: date) -> date:
    """This quarter and the ones before it: by default the same quarter a year ago is seen, too."""
    return Quarter.of(today).plus(-ours(policy.COMMON_QUARTERS)).first


def demands_of(first: date, last: date) -> list[Demand]:
    """The cases of these days, the oldest first. What is asked in the title counts twice. One query."""
    fields = ("pk", "booking__enterprise_id", "start", "booking__demand_area_id", "booking__district_id")
    words = ("booking__title", "booking__facts", "booking__request")
    cases = Case.objects.filter(start__range=(first, last)).order_by("-start", "-pk")
    rows = cases.values_list(*fields, *words)[:COMPARED_AT_MOST]
    found = [
        Demand(case, enterprise, Quarter.of(start).key, area, district, title, f"{title} {title} {facts} {request}")
        for case, enterprise, start, area, district, title, facts, request in rows.iterator(CHUNK)
    ]
    return found[::-1]


def candidates(demands: Sequence[Demand], first: date, last: date) -> list[Candidate]:
    """What several enterprises ask alike in these cases of these days, the largest group first. Three queries."""
    texts = [(demand.text, str(demand.area or "")) for demand in demands]
    groups = groups_of(texts, ours(policy.COMMON_LIKENESS_PERCENT) / 100)
    listed = _listed()
    found = [one for group in groups if (one := _candidate(group, demands, listed)) is not None]
    units = _units_of({case for one in found for case in one.cases}, first, last)
    for one in found:
        one.departments.update(unit for case in one.cases for unit in units.get(case, ()))
    return found


def _listed() -> dict[int, tuple[int, str]]:
    """Case -> the common demand that it is listed in, and its status."""
    entries = CommonDemandCase.objects.filter(removed_at__isnull=True)
    return {case: (item, status) for case, item, status in entries.values_list("case", "item", "item__status")}


def _candidate(group: Group, demands: Sequence[Demand], listed: dict[int, tuple[int, str]]) -> Candidate | None:
    """None where too few enterprises ask it, or where all of it is listed."""
    members = [demands[place] for place in group.members]
    free = [demand for demand in members if demand.case not in listed]
    if not free:
        return None
    others = Counter(listed[demand.case] for demand in members if demand.case in listed)
    open_ones = [(item, status) for item, status in others if status == CommonStatus.OPEN]
    # Of those that have as many of the group, the older one.
    akin = max(open_ones or others, default=None, key=lambda one: (others[one], -one[0]))
    kind = ProposalKind.JOIN if open_ones else ProposalKind.NEW
    if kind == ProposalKind.NEW and len({one.enterprise for one in free}) < ours(policy.COMMON_ENTERPRISES_MIN):
        return None
    closeness = dict(zip((demands[place].case for place in group.members), group.closeness, strict=True))
    return Candidate(
        kind=kind,
        demands=tuple(free),
        alike={demand.case: round(closeness[demand.case] * 100) for demand in free},
        title=max(free, key=lambda demand: (closeness[demand.case], -demand.case)).title,
        terms=group.terms,
        alike_percent=round(group.alike * 100),
        akin=akin[0] if akin else None,
        akin_count=others[akin] if akin else 0,
        departments=Counter(),
    )


def _units_of(wanted: Collection[int], first: date, last: date) -> dict[int, set[int]]:
    """Case -> the departments that handle it, or verified it where it was closed at the table. Two queries.

    Asked by the span: so many keys would be more than a statement may carry.
    """
    found: dict[int, set[int]] = {}
    given = Assignment.objects.taking_part().filter(case__start__range=(first, last)).order_by()
    for case, unit in given.values_list("case", "department").iterator(CHUNK):
        if case in wanted:
            found.setdefault(case, set()).add(unit)
    handled = set(found)
    verified = Verification.objects.active().filter(booking__case__start__range=(first, last)).order_by()
    for case, unit in verified.values_list("booking__case", "department").iterator(CHUNK):
        if case in wanted and case not in handled:
            found.setdefault(case, set()).add(unit)
    return found
