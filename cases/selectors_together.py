"""Named reads: which cases are alike, linked, merged, or show the same common demand. [3.7] [5.3]"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet

from appointments.models import Verification
from appointments.selectors_handling import demand_text, most_alike
from cases.enums import TieStatus, Verdict
from cases.models import Assignment, Case, CaseLink, CommonDemand, CommonDemandCase, Feedback, MergedCase, Merger
from cases.models.case import CaseQuerySet
from core import policy
from core.selectors import ours

COMPARED_AT_MOST = 500
SHOWN_AT_MOST = 6


@dataclass(frozen=True)
class Candidate:
    """A case that may be the same demand again, or the same of another enterprise."""

    case: Case
    # 0 to 1, of the pairs of characters that both texts have.
    alike: float
    # The same enterprise has asked it before or after.
    repeated: bool

    @property
    def percent(self) -> int:
        return round(self.alike * 100)


def candidates_for(case: Case, seen: CaseQuerySet) -> list[Candidate]:
    """Cases of the 12 months before and after, of the same enterprise or put to the same departments, that are alike;
    an enterprise's own first, then the most alike. Only of those that the viewer may see. Three queries. [3.7]
    """
    span = timedelta(days=30 * ours(policy.SIMILAR_MONTHS))
    units = set(case.assignments.values_list("department_id", flat=True))
    units |= set(case.booking.verifications.active().values_list("department_id", flat=True))
    given = Assignment.objects.filter(department__in=units)
    near = seen.filter(start__range=(case.start - span, case.start + span))
    others = near.filter(
        Q(booking__enterprise=case.booking.enterprise_id)
        | Q(pk__in=given.values("case"))
        | Q(booking__in=units_bookings(units))
    ).exclude(pk=case.pk)
    compared = others.select_related("booking").order_by("-opened_at", "-pk")[:COMPARED_AT_MOST]
    alike = most_alike(text_of(case), ((text_of(other), other) for other in compared))
    found = [
        Candidate(other, score, other.booking.enterprise_id == case.booking.enterprise_id) for score, other in alike
    ]
    return sorted(found, key=lambda one: not one.repeated)[:SHOWN_AT_MOST]


def units_bookings(units: Collection[int]) -> QuerySet[Any, Any]:
    """Bookings that were passed to these departments: those of a case that was closed on the spot too."""
    return Verification.objects.active().filter(department__in=units).values("booking")


def text_of(case: Case) -> str:
    return f"{demand_text(case.booking)} {case.points}"


def links_of(case: Case, seen: CaseQuerySet) -> list[CaseLink]:
    """The standing ones, newest first, whose other end the viewer may see. Two queries."""
    both = Q(earlier=case.pk) | Q(later=case.pk)
    rows = CaseLink.objects.filter(both, status=TieStatus.STANDING).select_related(
        "earlier__booking", "later__booking", "made_by"
    )
    links = list(rows.order_by("-made_at"))
    others = {link.other_of(case).pk for link in links}
    visible = set(seen.filter(pk__in=others).values_list("pk", flat=True)) if others else set()
    return [link for link in links if link.other_of(case).pk in visible]


def merger_of(case: Case) -> Merger | None:
    """The one in which it stands now."""
    place = MergedCase.objects.filter(case=case.pk, is_standing=True).select_related("merger__made_by").first()
    return place.merger if place else None


def main_of(merger: Merger) -> Case:
    return merger.members.select_related("case__booking").get(is_main=True).case


def standing_of(merger: Merger) -> list[MergedCase]:
    """Who stands in it now, the main case first; one that left it no longer does."""
    return list(merger.members.filter(is_standing=True).select_related("case__booking"))


def members_of(merger: Merger, seen: CaseQuerySet) -> list[MergedCase]:
    """The main case first; only those that the viewer may see."""
    return list(merger.members.filter(is_standing=True, case__in=seen).select_related("case__booking"))


def common_of(case: Case) -> CommonDemandCase | None:
    return CommonDemandCase.objects.filter(case=case.pk, removed_at__isnull=True).select_related("item").first()


def feedback_of_merger(part: Assignment) -> list[Feedback]:
    """What this part's department answered in all cases merged with its own, where that waits for the check."""
    merger = merger_of(part.case)
    cases = [row.case_id for row in standing_of(merger)] if merger else []
    pending = Feedback.objects.filter(
        assignment__case__in=cases, assignment__department=part.department_id, status=Verdict.PENDING
    )
    return list(pending.select_related("assignment__case__booking").order_by("assignment__case"))


def latest_of_each_enterprise(item: CommonDemand) -> list[Case]:
    """Of the cases that show it, each enterprise's last one: where it said last how it wants to be told. One query."""
    inside = CommonDemandCase.objects.filter(item=item, removed_at__isnull=True)
    cases = Case.objects.filter(pk__in=inside.values("case")).select_related("booking").order_by("start", "pk")
    return list({case.booking.enterprise_id: case for case in cases}.values())


def parts_of_all(cases: Iterable[Case]) -> dict[int, list[Assignment]]:
    """Who takes part in the current round of each, by the case's key. One query."""
    found: dict[int, list[Assignment]] = {case.pk: [] for case in cases}
    rounds = {case.pk: case.round for case in cases}
    parts = Assignment.objects.taking_part().filter(case__in=found).select_related("department", "case__booking")
    for part in parts.order_by("case", "-is_lead", "pk"):
        if part.round == rounds[part.case_id]:
            found[part.case_id].append(part)
    return found


def case_by_reference(reference: str) -> Case | None:
    return Case.objects.select_related("booking").filter(booking__reference=reference.strip().upper()).first()
