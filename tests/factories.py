"""Rows as tests need them, made past the verbs: whatever the day, and whoever would have to ask.

A published sitting has its booking window and its five numbers; without a day it is open for booking now.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from core import policy
from core.workdays import next_working_day
from departments.enums import DepartmentKind
from departments.models import Department
from sessions_app.enums import SessionKind, SittingStatus
from sessions_app.models import Chair, Session, Sitting, Slot
from sessions_app.selectors import next_number_of_year
from sessions_app.services import closing_of, local_moment

# Publication and opening of a sitting that a test only needs to be published. [3.2] [3.3]
PUBLISHED_DAYS_BEFORE = 11
PUBLISHED_AT, OPENS_AT = time(8, 30), time(9, 0)
# From today: a published sitting is of this day at the earliest and opened so long ago; a planned one is of the last.
OPEN_DAYS_AHEAD, OPENED_DAYS_AGO, PLANNED_DAYS_AHEAD = 9, 2, 30


def department(name: str = "市税务局", **columns: Any) -> Department:
    """The department of that name, made when the migrations have not made it."""
    return Department.objects.get_or_create(name=name, defaults={"kind": DepartmentKind.MEMBER} | columns)[0]


def make_sitting(
    day: date | None = None,
    *,
    published: bool = False,
    cancelled: bool = False,
    sessions: Sequence[str] = (SessionKind.MAIN,),
    published_at: datetime | None = None,
    opens_at: datetime | None = None,
    closes_at: datetime | None = None,
    **columns: Any,
) -> Sitting:
    """A sitting with one session for each kind named, in the morning; `sessions=()` leaves it bare.

    `published` and `cancelled` together: called off after it was announced. Other columns go to the row as they are.
    """
    if day is None:
        day = _some_day(published)
        # Not counted back from the day: a weekend or holiday in between would leave it closed until this morning.
        opens_at = opens_at or local_moment(timezone.localdate() - timedelta(days=OPENED_DAYS_AGO), OPENS_AT)
    window: dict[str, Any] = {}
    if published:
        opens_at = opens_at or local_moment(day - timedelta(days=PUBLISHED_DAYS_BEFORE), OPENS_AT)
        window = {
            "published_at": published_at
            or min(opens_at, local_moment(day - timedelta(days=PUBLISHED_DAYS_BEFORE), PUBLISHED_AT)),
            "opens_at": opens_at,
            "closes_at": closes_at or closing_of(opens_at, day),
        }
    if cancelled:
        window["cancelled_at"] = timezone.now()
    columns = {"year": day.year, "status": _status(published, cancelled)} | window | columns
    columns.setdefault("number", next_number_of_year(columns["year"]))
    sitting = Sitting.objects.create(day=day, **columns)
    for kind in sessions:
        make_session(sitting, kind)
    if published:
        Slot.objects.bulk_create(
            Slot(sitting=sitting, number=number, taken=cancelled)
            for number in range(1, policy.NUMBERS_PER_SITTING + 1)
        )
    return sitting


def make_session(
    sitting: Sitting,
    kind: str = SessionKind.MAIN,
    *,
    day: date | None = None,
    starts: time = time(9, 0),
    ends: time = time(12, 0),
    departments: Sequence[str] = ("市税务局",),
    leader: str = "张三",
    leader_title: str = "局长",
    **columns: Any,
) -> Session:
    """A session of three hours. The first department leads; `leader=""` leaves the principal leader open."""
    day = day or sitting.day
    session = Session.objects.create(
        sitting=sitting, kind=kind, starts_at=local_moment(day, starts), ends_at=local_moment(day, ends), **columns
    )
    for place, name in enumerate(departments):
        Chair.objects.create(
            session=session,
            department=department(name),
            is_lead=place == 0,
            leader_name=leader if place == 0 else "",
            leader_title=leader_title if place == 0 and leader else "",
        )
    return session


def make_extra_number(session: Session, number: int = policy.NUMBERS_PER_SITTING + 1, *, taken: bool = False) -> Slot:
    """A number above five, of an extra session. [3.6]"""
    return Slot.objects.create(sitting=session.sitting, session=session, number=number, taken=taken)


def _some_day(published: bool) -> date:
    ahead = OPEN_DAYS_AHEAD if published else PLANNED_DAYS_AHEAD
    return next_working_day(timezone.localdate() + timedelta(days=ahead), including=True)


def _status(published: bool, cancelled: bool) -> str:
    if cancelled:
        return SittingStatus.CANCELLED
    return SittingStatus.PUBLISHED if published else SittingStatus.PLANNED


def moment(text: str) -> datetime:
    """ "2026-12-08 09:00" on the clocks of Anning."""
    return timezone.make_aware(datetime.fromisoformat(text))
