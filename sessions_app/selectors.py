"""Named reads of the schedule."""

from datetime import date, datetime

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

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
    """For the schedule's export: a year with sessions and departments, in three queries."""
    chairs = Prefetch("sessions__chairs", Chair.objects.select_related("department"))
    return list(Sitting.objects.filter(year=year).prefetch_related("sessions", chairs).order_by("number"))


def days_with_sitting(days: list[date]) -> set[date]:
    live = Sitting.objects.exclude(status=SittingStatus.CANCELLED)
    return set(live.filter(day__in=days).values_list("day", flat=True))
