"""Named reads of the schedule."""

from collections.abc import Collection
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

from core.models import CalendarDay, CalendarYear
from sessions_app.enums import SittingStatus
from sessions_app.models import Chair, Session, Sitting


def sessions_of(sitting_id: int) -> list[Session]:
    """The sitting's sessions in order, with their departments. Two queries."""
    chairs = Prefetch("chairs", Chair.objects.select_related("department"))
    return list(Session.objects.filter(sitting_id=sitting_id).prefetch_related(chairs))


def announced_sittings(now: datetime) -> QuerySet[Sitting]:
    """Published ones that are not over, soonest first, with `free`."""
    return Sitting.objects.announced().filter(day__gte=timezone.localdate(now)).with_free_numbers().order_by("day")


def planned_sittings(now: datetime, limit: int = 6) -> list[Sitting]:
    """The next sittings of the schedule that are not announced yet."""
    coming = Sitting.objects.filter(status=SittingStatus.PLANNED, day__gte=timezone.localdate(now))
    return list(coming.order_by("day")[:limit])


def past_sittings(now: datetime, limit: int = 12) -> list[Sitting]:
    return list(Sitting.objects.announced().filter(day__lt=timezone.localdate(now)).order_by("-day")[:limit])


def next_number_of_year(year: int) -> int:
    last = Sitting.objects.filter(year=year).order_by("-number").values_list("number", flat=True).first()
    return (last or 0) + 1


def sittings_of_year(year: int) -> list[Sitting]:
    """For the schedule's export: a year's sittings that were not called off, in three queries."""
    live = Sitting.objects.filter(year=year).exclude(status=SittingStatus.CANCELLED)
    return list(with_sessions(live).order_by("number"))


def with_sessions(sittings: QuerySet[Sitting]) -> QuerySet[Sitting]:
    """With sessions and departments, in two queries more."""
    chairs = Prefetch("sessions__chairs", Chair.objects.select_related("department"))
    return sittings.prefetch_related("sessions", chairs)


def days_with_sitting(days: list[date], but: Collection[int] = ()) -> set[date]:
    """Which of the days have a sitting that was not called off, leaving those of `but` out of account."""
    live = Sitting.objects.exclude(status=SittingStatus.CANCELLED).exclude(pk__in=but)
    return set(live.filter(day__in=days).values_list("day", flat=True))


def years_of_schedule() -> list[int]:
    """Years that have a sitting, the latest first."""
    return list(Sitting.objects.order_by("-year").values_list("year", flat=True).distinct())


def unpublished_until(today: date, last: date) -> QuerySet[Sitting]:
    """Planned ones from today up to and including `last`, soonest first."""
    return Sitting.objects.filter(status=SittingStatus.PLANNED, day__range=(today, last)).order_by("day")


def due_publications(now: datetime) -> list[int]:
    """Keys of planned ones whose set time has come, and that no rule has refused yet; the earliest first."""
    due = Sitting.objects.filter(
        status=SittingStatus.PLANNED, publish_at__isnull=False, publish_at__lte=now, publish_problem=""
    )
    return list(due.order_by("publish_at").values_list("pk", flat=True))


def refused_publications() -> QuerySet[Sitting]:
    """Planned ones that could not be published at their time, soonest first."""
    return Sitting.objects.filter(status=SittingStatus.PLANNED).exclude(publish_problem="").order_by("day")


def coming_sessions(now: datetime) -> QuerySet[Session]:
    """Not begun, of sittings that were not called off, soonest first."""
    live = Session.objects.filter(starts_at__gte=now).exclude(sitting__status=SittingStatus.CANCELLED)
    return live.select_related("sitting").order_by("starts_at", "pk")


def sittings_on_rest_days(now: datetime) -> QuerySet[Sitting]:
    """Those with a session still to come on a day that the calendar made one of rest. [3.2]"""
    held = coming_sessions(now).annotate(held=TruncDate("starts_at"))
    resting = held.filter(Exists(CalendarDay.objects.filter(date=OuterRef("held"), is_working=False)))
    return Sitting.objects.filter(pk__in=resting.values("sitting")).order_by("day")


def provisional_days(days: Collection[date]) -> set[date]:
    """Which of the days lie in a year whose notice is not out yet."""
    estimated = CalendarDay.objects.filter(date__in=days, calendar__source=CalendarYear.Source.ESTIMATED)
    return set(estimated.values_list("date", flat=True))
