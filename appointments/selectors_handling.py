"""Named reads of what the bureau and the departments handle before the sitting. [3.4] [3.5]"""

from bisect import bisect_right
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import TypeVar

from django.db.models import QuerySet
from django.utils import timezone

from appointments.enums import CALL_NOTICES, BookingStatus, Reach
from appointments.likeness import likeness, pairs, rank_by_remit
from appointments.models import Booking
from core import policy
from core.audit import subject_of
from core.selectors import ours, ours_time
from core.workdays import working_days_in
from departments.enums import DepartmentKind
from departments.models import Department
from notifications.enums import OUT, MessageStatus
from notifications.models import Message
from sessions_app.enums import SittingStatus
from sessions_app.models import Session

T = TypeVar("T")
# Rest days in a row are nine at most; a notice that falls among them goes out before them.
REST_DAYS_MAX = 14
# Below this two demands share little but official turns of phrase.
ALIKE_FROM = 0.25
COMPARED_AT_MOST = 500


def to_triage() -> QuerySet[Booking]:
    """Submitted and not decided, oldest first. [3.4]"""
    return Booking.objects.filter(status=BookingStatus.CONFIRMED).order_by("confirmed_at", "pk")


def bookings_to_place(sitting_id: int) -> list[Booking]:
    """The accepted bookings of a sitting in order of number, with number and departments. Three queries."""
    accepted = Booking.objects.filter(sitting_id=sitting_id, status=BookingStatus.ACCEPTED)
    return list(
        accepted.select_related("slot", "session")
        .prefetch_related("verifications__department")
        .order_by("slot__number")
    )


def sittings_with_unplaced(sitting_ids: Iterable[int]) -> list[int]:
    """Of these sittings, those with an accepted booking that has no place yet."""
    open_ones = Booking.objects.filter(sitting__in=sitting_ids, status=BookingStatus.ACCEPTED, session__isnull=True)
    return list(open_ones.order_by("sitting").values_list("sitting_id", flat=True).distinct())


def sessions_to_call(now: datetime) -> list[Session]:
    """Announced sessions that have not begun and whose call notices are due, soonest first. Two queries. [3.5]"""
    horizon = timedelta(days=policy.CALL_NOTICE_LEAD_DAYS + REST_DAYS_MAX)
    near = Session.objects.filter(
        sitting__status=SittingStatus.PUBLISHED, starts_at__gt=now, starts_at__lt=now + horizon
    )
    today = timezone.localdate(now)
    working = working_days_in(today - timedelta(days=REST_DAYS_MAX), today + horizon)
    return [s for s in near.order_by("starts_at", "pk") if _notice_moment(s, working) <= now]


def call_notice_moment(session: Session) -> datetime:
    """09:00 three days before the session, or of the last working day before that. [3.5]"""
    last = session.day - timedelta(days=policy.CALL_NOTICE_LEAD_DAYS)
    return _notice_moment(session, working_days_in(last - timedelta(days=REST_DAYS_MAX), last))


def _notice_moment(session: Session, working: list[date]) -> datetime:
    last = session.day - timedelta(days=policy.CALL_NOTICE_LEAD_DAYS)
    before = bisect_right(working, last)
    day = working[before - 1] if before else last
    return timezone.make_aware(datetime.combine(day, ours_time(policy.CALL_NOTICE_AT)))


def to_be_told(session_ids: Iterable[int]) -> list[Booking]:
    """Accepted bookings placed there that were not told so, in order of number. [3.5]"""
    placed = Booking.objects.filter(status=BookingStatus.ACCEPTED, session__in=session_ids)
    found = placed.select_related("session", "slot").order_by("session__starts_at", "slot__number")
    return [booking for booking in found if booking.place_key != booking.told_place]


def earlier_bookings(booking: Booking, limit: int = 5) -> list[Booking]:
    """The same enterprise's other bookings that were submitted, newest first. [3.4]"""
    others = Booking.objects.filter(enterprise_id=booking.enterprise_id, confirmed_at__isnull=False)
    return list(others.exclude(pk=booking.pk).select_related("sitting").order_by("-confirmed_at")[:limit])


def similar_bookings(booking: Booking, now: datetime, limit: int = 5) -> list[Booking]:
    """Submitted demands of the last 12 months whose text is alike, the most alike first. One query. [3.4]"""
    since = now - timedelta(days=30 * ours(policy.SIMILAR_MONTHS))
    recent = Booking.objects.filter(confirmed_at__gte=since).exclude(pk=booking.pk)
    others = recent.select_related("sitting").order_by("-confirmed_at")[:COMPARED_AT_MOST]
    alike = most_alike(demand_text(booking), ((demand_text(other), other) for other in others))
    return [other for _score, other in alike[:limit]]


def most_alike(text: str, others: Iterable[tuple[str, T]]) -> list[tuple[float, T]]:
    """Those that share more with the text than official turns of phrase, with how much, the most alike first."""
    own = pairs(text)
    scored = [(likeness(own, pairs(said)), other) for said, other in others]
    return sorted((pair for pair in scored if pair[0] >= ALIKE_FROM), key=lambda pair: -pair[0])


def demand_text(booking: Booking) -> str:
    return f"{booking.title} {booking.facts} {booking.request}"


def proposed_departments(booking: Booking, limit: int = 3) -> list[Department]:
    """Those whom the enterprise named, then those whose remit fits the demand best. Two queries. [3.4]"""
    named = list(booking.departments.filter(is_active=True))
    others = Department.objects.filter(is_active=True, kind=DepartmentKind.MEMBER)
    by_key = {row.pk: row for row in others if row not in named}
    asked = f"{booking.demand_area or ''} {demand_text(booking)}"
    ranked = rank_by_remit(asked, {key: f"{row.name} {row.remit}" for key, row in by_key.items()})
    return [*named, *(by_key[key] for key in ranked[:limit])]


def reach_of(bookings: Iterable[Booking]) -> dict[int, Reach]:
    """By booking's key: whether it was reached by its latest call notice. One query. [3.5]

    One channel that went out is enough; what failed everywhere is a call, or to be looked after.
    """
    placed = {subject_of(booking): booking for booking in bookings}
    latest: dict[str, tuple[str, set[str]]] = {}
    sent = Message.objects.filter(subject__in=placed, kind__in=CALL_NOTICES).order_by("-pk")
    for subject, key, status in sent.values_list("subject", "dedup_key", "status"):
        notice, statuses = latest.setdefault(subject, (key.split(":")[3], set()))
        if key.split(":")[3] == notice:
            statuses.add(status)
    return {
        booking.pk: _reach(latest[subject][1]) if subject in latest else Reach.NOT_TOLD
        for subject, booking in placed.items()
    }


def _reach(statuses: set[str]) -> Reach:
    if statuses & set(OUT):
        return Reach.REACHED
    if MessageStatus.TO_CALL in statuses:
        return Reach.TO_CALL
    if statuses & {MessageStatus.QUEUED, MessageStatus.SENDING}:
        return Reach.ON_ITS_WAY
    return Reach.NOT_REACHED
