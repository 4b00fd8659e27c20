"""What figures are counted from: rows, to which quarter each belongs, and whose it is. [3.10]

Each source annotates its rows with what the definitions ask of them, and with `department`, `area` and `district` as
far as a row has one. It is always one department: who leads, so that a table's lines add up.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.db.models import (
    BigIntegerField,
    BooleanField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Cast, Coalesce, Substr
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from appointments.enums import INVOLVED, BookingStatus, QueueStatus
from appointments.models import Booking, QueueEntry, Verification
from cases.enums import DIVISION, FEEDBACK, PLAN, TAKES_PART
from cases.models import Assignment, Case, Closing
from core import policy
from deadlines.enums import ObligationStatus
from deadlines.models import Obligation
from sessions_app.enums import SittingStatus
from sessions_app.models import Chair, Sitting, Slot

DEPARTMENT, AREA, DISTRICT = "department", "area", "district"
DIMENSIONS = (DEPARTMENT, AREA, DISTRICT)
# What stands before the key in the name of a case that an obligation belongs to.
CASE_KEY = "cases.case:"


@dataclass(frozen=True)
class Source:
    """`day`: the column by which a row falls in a quarter; `is_moment`: it is a time, not a date. `belongs`: the same
    in words.
    """

    key: str
    rows: Callable[[date], QuerySet[Any]]
    day: str
    belongs: str | Promise
    dimensions: Mapping[str, Any] = field(default_factory=dict)
    is_moment: bool = False

    def between(self, first: date, after: date, today: date, asked: Collection[str]) -> QuerySet[Any]:
        """Rows of these days, with the dimensions that are asked for: each costs a look at another table."""
        found = self.rows(today).filter(**{f"{self.day}__gte": self.edge(first), f"{self.day}__lt": self.edge(after)})
        return found.annotate(**{f"dim_{name}": way for name, way in self.dimensions.items() if name in asked})

    def edge(self, day: date) -> date | datetime:
        return timezone.make_aware(datetime.combine(day, time())) if self.is_moment else day


def is_so(condition: Q) -> ExpressionWrapper:
    return ExpressionWrapper(condition, output_field=BooleanField())


def _contact(booking: str) -> Subquery:
    """Who verifies a booking in the first place."""
    lead = Verification.objects.filter(booking=OuterRef(booking), is_lead=True, status__in=INVOLVED)
    return Subquery(lead.order_by().values("department")[:1])


def lead_of(case: str, number: Any, booking: str) -> Coalesce:
    """Who leads a round; where nothing was handed over, who answered for the consultation. [3.7] [3.8]"""
    lead = Assignment.objects.filter(case=OuterRef(case), round=number, is_lead=True, status__in=TAKES_PART)
    return Coalesce(Subquery(lead.order_by().values("department")[:1]), _contact(booking))


def of_booking(path: str = "") -> dict[str, Any]:
    return {AREA: F(f"{path}demand_area"), DISTRICT: F(f"{path}district")}


def _sittings(today: date) -> QuerySet[Sitting]:
    return Sitting.objects.annotate(is_past=is_so(Q(day__lt=today)))


def _chairs(today: date) -> QuerySet[Chair]:
    return Chair.objects.filter(session__sitting__status=SittingStatus.PUBLISHED, session__sitting__day__lt=today)


def _slots(today: date) -> QuerySet[Slot]:
    came = Booking.objects.filter(slot=OuterRef("pk"), status=BookingStatus.ATTENDED)
    held = Slot.objects.filter(sitting__status=SittingStatus.PUBLISHED, sitting__day__lt=today)
    return held.filter(number__lte=policy.NUMBERS_PER_SITTING).annotate(was_used=Exists(came))


def _bookings(today: date) -> QuerySet[Booking]:
    return Booking.objects.filter(decided_at__isnull=False)


def _entries(today: date) -> QuerySet[QueueEntry]:
    done = QueueEntry.objects.filter(status=QueueStatus.DONE)
    return done.annotate(
        waited=ExpressionWrapper(F("started_at") - F("checked_in_at"), output_field=DurationField()),
        lasted=ExpressionWrapper(F("ended_at") - F("started_at"), output_field=DurationField()),
    )


def _cases(today: date) -> QuerySet[Case]:
    assisting = Assignment.objects.filter(case=OuterRef("pk"), round=1, is_lead=False, status__in=TAKES_PART)
    # The first one and not whether there is any: for that PostgreSQL would read every assignment there ever was.
    first = Subquery(assisting.order_by().values("pk")[:1])
    return Case.objects.annotate(assisted=first, was_joint=is_so(Q(assisted__isnull=False)))


def _obligations(today: date) -> QuerySet[Obligation]:
    owed = Obligation.objects.filter(kind__in=[PLAN, DIVISION, FEEDBACK]).exclude(status=ObligationStatus.VOID)
    is_open = Q(status=ObligationStatus.OPEN)
    return owed.annotate(
        is_late_now=is_so(is_open & Q(last_day__lt=today)),
        is_within=is_so(is_open & Q(last_day__gte=today)),
        case_key=Cast(Substr("belongs_to", len(CASE_KEY) + 1), BigIntegerField()),
    )


def _of_case(column: str) -> Subquery:
    return Subquery(Case.objects.filter(pk=OuterRef("case_key")).order_by().values(f"booking__{column}")[:1])


def _closings(today: date) -> QuerySet[Closing]:
    return Closing.objects.all()


BY_SITTING = _("按坐诊期次的坐诊日期归入季度")
SITTINGS = Source("sittings", _sittings, "day", BY_SITTING)
CHAIRS = Source("chairs", _chairs, "session__sitting__day", BY_SITTING, {DEPARTMENT: F("department")})
SLOTS = Source("slots", _slots, "sitting__day", BY_SITTING)
BOOKINGS = Source("bookings", _bookings, "sitting__day", BY_SITTING, {DEPARTMENT: _contact("pk"), **of_booking()})
ENTRIES = Source(
    "entries",
    _entries,
    "booking__sitting__day",
    BY_SITTING,
    {DEPARTMENT: _contact("booking"), **of_booking("booking__")},
)
CASES = Source(
    "cases",
    _cases,
    "booking__sitting__day",
    BY_SITTING,
    {DEPARTMENT: lead_of("pk", 1, "booking"), **of_booking("booking__")},
)
OBLIGATIONS = Source(
    "obligations",
    _obligations,
    "last_day",
    _("按现行到期日归入季度，每项时限只计一次"),
    {DEPARTMENT: F("department"), AREA: _of_case("demand_area"), DISTRICT: _of_case("district")},
)
CLOSINGS = Source(
    "closings",
    _closings,
    "closed_at",
    _("按销号时间归入季度，每轮办理各计一次"),
    {DEPARTMENT: lead_of("case", OuterRef("round"), "case__booking"), **of_booking("case__booking__")},
    is_moment=True,
)
