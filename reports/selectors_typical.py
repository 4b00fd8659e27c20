"""Named reads for typical cases: what they are drawn from, what would give the enterprise away, the library.
[5.3] [5.4]
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Subquery, Value
from django.db.models.functions import Length, Lower, Replace, StrIndex

from appointments.models import Enterprise, PressureReport
from cases.models import Case, Closing, Reopening
from consultations.models import Consultation
from core import search
from departments.models import Department
from evaluations.enums import FollowUpStatus
from evaluations.models import FollowUp, Invitation, Rating
from evaluations.selectors_ratings import lead_unit_of
from reports.enums import TYPICAL_IN_WORK, TYPICAL_PART, TypicalNewsKind
from reports.identifying import Finding, Identity, compact, find, people_in
from reports.models import TypicalCase, TypicalNews
from reports.models.typical import TypicalCaseQuerySet

# Every text that people read of it.
TEXTS = ("title", "situation", "handling", "outcome", "lessons", "keywords")
# Signs in names that mean nothing, and that a text is read without.
SIGNS_OF_NAMES = "（）() ·"
# A shorter name is a word of the language.
NAME_CHARACTERS_MIN = 4


def texts_of(typical: TypicalCase) -> dict[str, str]:
    return {name: getattr(typical, name) for name in TEXTS}


def unit_of(case: Case) -> Department | None:
    """Who answered for the round in which the case was closed."""
    closing = Closing.objects.filter(case=case, round=case.round).first()
    return lead_unit_of(closing) if closing else None


def in_work_of(case: Case) -> TypicalCase | None:
    return TypicalCase.objects.filter(case=case, status__in=TYPICAL_IN_WORK).first()


def published_of(case_id: int) -> TypicalCase | None:
    return TypicalCase.objects.published().filter(case=case_id).first()


def is_looked_into(case: Case) -> bool:
    """A follow-up that is open, or did not find all in order. [3.9]"""
    return FollowUp.objects.filter(case=case).exclude(status=FollowUpStatus.CONFIRMED).exists()


def was_complained_of(case: Case) -> bool:
    """Rated badly by its enterprise, or a report of pressure: for the inspection office alone. [5.2]"""
    badly_rated = Rating.objects.filter(case=case).exclude(consultation=True, handling=True)
    return badly_rated.exists() or PressureReport.objects.filter(booking=case.booking_id).exists()


def invitation_of(case: Case) -> Invitation | None:
    return Invitation.objects.filter(case=case, round=case.round).first()


def identity_of(case: Case) -> Identity:
    """All by which the enterprise and its people could be known, as the case keeps it."""
    booking = case.booking
    people = [booking.representative_name, *booking.verifications.values_list("spoke_with", flat=True)]
    people += list(Consultation.objects.filter(booking=booking).values_list("visitors", flat=True))
    return Identity(
        names=(booking.company_name, booking.enterprise.name),
        people=tuple(sorted({person for said in people for person in people_in(said)})),
        phones=(booking.mobile,),
        codes=(booking.credit_code,),
        emails=(booking.email,),
        references=(booking.reference,),
    )


def other_enterprises_named(texts: Iterable[str], case: Case) -> list[str]:
    """Enterprises that ever booked, other than the case's own, whose whole name stands in the texts: one query."""
    said = "|".join(compact(text).text for text in texts)
    name: Any = Lower(F("name"))
    for sign in SIGNS_OF_NAMES:
        name = Replace(name, Value(sign), Value(""))
    others = Enterprise.objects.exclude(pk=case.booking.enterprise_id).annotate(bare=name, length=Length("name"))
    named = others.annotate(place=StrIndex(Value(said), F("bare")))
    return list(named.filter(length__gte=NAME_CHARACTERS_MIN, place__gt=0).values_list("name", flat=True))


def findings_in(typical: TypicalCase) -> list[Finding]:
    """What in it might tell whose case it is. [5.4]"""
    texts = texts_of(typical)
    return find(texts, identity_of(typical.case), other_enterprises_named(texts.values(), typical.case))


@dataclass(frozen=True)
class News:
    """Something that came to the case of a published typical case, and that nobody was told yet."""

    typical: int
    kind: TypicalNewsKind
    row: int


def untold_news() -> list[News]:
    """What came since what stands on the site was checked; the check looked at what was before. Three queries."""
    found = [
        (TypicalNewsKind.ROUND, Reopening.objects.all(), "case", "at"),
        (TypicalNewsKind.FINDING, FollowUp.objects.filter(status=FollowUpStatus.UNRECTIFIED), "case", "decided_at"),
        (TypicalNewsKind.PRESSURE, PressureReport.objects.all(), "booking__case", "reported_at"),
    ]
    return [news for kind, rows, case, at in found for news in _untold(kind, rows, case, at)]


def _untold(kind: TypicalNewsKind, rows: Any, case: str, at: str) -> Iterator[News]:
    published = TypicalCase.objects.published().filter(case=OuterRef(case)).order_by()
    told = TypicalNews.objects.filter(typical=OuterRef("typical"), kind=kind, row=OuterRef("pk"))
    since = rows.filter(**{f"{case}__in": TypicalCase.objects.published().order_by().values("case")}).annotate(
        typical=Subquery(published.values("pk")[:1]), checked=Subquery(published.values("checked_at")[:1])
    )
    fresh = since.filter(~Exists(told), **{f"{at}__gt": F("checked")}).order_by("pk")
    return (News(typical, kind, row) for row, typical in fresh.values_list("pk", "typical"))


@dataclass(frozen=True)
class Wanted:
    """What a visitor asks the library for."""

    query: str = ""
    area: int | None = None
    department: int | None = None


@dataclass(frozen=True)
class Facet:
    """A filter that can be chosen, and how many it leaves."""

    pk: int
    name: str
    count: int
    chosen: bool


def library(query: str) -> TypicalCaseQuerySet:
    """What is published and found; asked once for a page. Refuses what `core.search` refuses."""
    rows = TypicalCase.objects.published()
    return rows.filter(pk__in=search.find(query, [TYPICAL_PART])) if query else rows


def listed(rows: TypicalCaseQuerySet, wanted: Wanted) -> TypicalCaseQuerySet:
    """Of what was found what was chosen, the newest first."""
    chosen = {name: key for name, key in (("area", wanted.area), ("department", wanted.department)) if key}
    return rows.filter(**chosen).select_related("area", "department").without_words().newest_first()


def facets(rows: TypicalCaseQuerySet, wanted: Wanted, name: str) -> list[Facet]:
    """The areas, or departments, of what was found, with the other filter kept. One query."""
    other = {"area": "department", "department": "area"}[name]
    if key := getattr(wanted, other):
        rows = rows.filter(**{other: key})
    # Not in the model's own order, which would count each row by itself.
    counted = rows.order_by().values(name, f"{name}__name").annotate(count=Count("pk"))
    return [
        Facet(row[name], row[f"{name}__name"], row["count"], row[name] == getattr(wanted, name))
        for row in counted.order_by(f"{name}__position", name)
    ]


def newest(at_most: int) -> list[TypicalCase]:
    return list(
        TypicalCase.objects.published().select_related("area", "department").without_words().newest_first()[:at_most]
    )


def of_the_same_area(typical: TypicalCase, at_most: int) -> list[TypicalCase]:
    """What who read this one may read next."""
    others = TypicalCase.objects.published().filter(area=typical.area_id).exclude(pk=typical.pk)
    return list(others.select_related("department").without_words().newest_first()[:at_most])
