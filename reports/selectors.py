"""Named reads for lists and reports."""

from datetime import date
from typing import Any

from django.db.models import QuerySet

from appointments.enums import DECIDED, BookingStatus
from appointments.models import Booking
from core.models import User
from departments.enums import ROLES_OF_DEPARTMENT
from departments.selectors import membership_of
from reports.models import ServiceItemsList
from reports.service_items import with_guarded

# What the bureau accepted, whatever became of it; without a decision nothing was. [3.4]
ACCEPTED = (*(status for status in DECIDED if status != BookingStatus.REFUSED), BookingStatus.NOT_SEEN)
REFUSED = (BookingStatus.REFUSED,)


def bookings_of_month(year: int, month: int, statuses: tuple[str, ...]) -> list[Booking]:
    """The decided bookings of that month's sittings, by day and number. Three queries at most, however many. [3.4]"""
    first = date(year, month, 1)
    after = date(year + month // 12, month % 12 + 1, 1)
    found = Booking.objects.filter(sitting__day__gte=first, sitting__day__lt=after, status__in=statuses)
    found = found.filter(decided_at__isnull=False)
    related = found.select_related("sitting", "slot", "session", "demand_area", "refusal_ground")
    together = related.prefetch_related("verifications__department", "verifications__verified_by")
    return list(together.order_by("sitting__day", "slot__number", "pk"))


def lists_visible_to(user: User) -> QuerySet[ServiceItemsList]:
    """The bureau and the inspection office see every version; a department sees what was sent to it."""
    lists = ServiceItemsList.objects.select_related("made_by", "sent_by")
    return lists.filter(sent_at__isnull=False) if is_of_department(user) else lists


def rows_visible_to(user: User, made: ServiceItemsList) -> list[dict[str, Any]]:
    """A department reads the lines in which it has a part, without 评价 and 回访. [3.4] [5.2]"""
    membership = membership_of(user)
    if membership is None:
        return []
    if membership.role in ROLES_OF_DEPARTMENT:
        return [row for row in made.rows if membership.department_id in row["departments"]]
    return [with_guarded(row) for row in made.rows]


def is_of_department(user: User) -> bool:
    membership = membership_of(user)
    return membership is None or membership.role in ROLES_OF_DEPARTMENT
