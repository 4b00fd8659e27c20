"""Named reads of invitations and ratings. Sums for departments are in `selectors_sums`. [3.8]"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from appointments.models import Booking
from appointments.selectors import channels_of
from cases.models import Assignment, Case, Closing
from core import policy, secrets
from core.selectors import ours, ours_time
from departments.models import Department
from evaluations.models import Invitation, Rating
from notifications.enums import Channel


@dataclass(frozen=True)
class Round:
    """A closed round as its enterprise sees it: what it was answered, and whether it can be rated. [3.8] [3.9]"""

    number: int
    closing: Closing
    invitation: Invitation | None
    rated_at: datetime | None
    is_over: bool

    @property
    def can_be_rated(self) -> bool:
        return self.invitation is not None and self.rated_at is None


def invitation_by_secret(secret: str) -> Invitation | None:
    found = Invitation.objects.select_related("case__booking__sitting")
    return found.filter(digest=secrets.digest(secret)).first()


def rating_of(invitation: Invitation) -> Rating | None:
    return Rating.objects.filter(case=invitation.case_id, round=invitation.round).first()


def answer_of(invitation: Invitation) -> Closing:
    """What its round ended with."""
    return Closing.objects.get(case=invitation.case_id, round=invitation.round)


def rounds_of(case: Case, now: datetime) -> list[Round]:
    """Every closed round of a case, the latest first. Three reads."""
    today = timezone.localdate(now)
    asked = {row.round: row for row in Invitation.objects.filter(case=case)}
    rated = dict(Rating.objects.filter(case=case).values_list("round", "rated_at"))
    return [
        Round(
            number=closing.round,
            closing=closing,
            invitation=asked.get(closing.round),
            rated_at=rated.get(closing.round),
            is_over=closing.round in asked and asked[closing.round].is_over(today),
        )
        for closing in case.closings.order_by("-round")
    ]


def ways_to_ask(booking: Booking) -> list[tuple[Channel, str]]:
    """Where a rating's link goes. Never as a call: whoever phoned would read it out, and hear the answer. [5.2]"""
    written = [way for way in channels_of(booking) if way[0] != Channel.PHONE]
    return written or [(Channel.SMS, booking.mobile)]


def lead_unit_of(closing: Closing) -> Department | None:
    """Who answers for a closed round: its lead, or who answered for the consultation that closed it at once. [3.8]"""
    parts = Assignment.objects.taking_part().filter(case=closing.case_id, round=closing.round, is_lead=True)
    lead = parts.select_related("department").first()
    if lead is not None:
        return lead.department
    contact = closing.case.booking.verifications.active().filter(is_lead=True).select_related("department").first()
    return contact.department if contact else None


def first_reminder(asked: date, silent_on: date) -> date | None:
    """On which day who has not rated is reminded; never on or after the last one. [3.8]"""
    first, _last = _reminder_lengths()
    return _within(asked + timedelta(days=first), silent_on)


def second_reminder(first: date, silent_on: date) -> date | None:
    """As long after the day of the first one as the settings say: the question itself may have gone out late. [3.8]"""
    earlier, later = _reminder_lengths()
    return _within(first + timedelta(days=later - earlier), silent_on) if earlier != later else None


def _reminder_lengths() -> list[int]:
    return sorted((ours(policy.FIRST_RATING_REMINDER_DAYS), ours(policy.LAST_RATING_REMINDER_DAYS)))


def _within(day: date, silent_on: date) -> date | None:
    return day if day < silent_on else None


def to_remind(now: datetime, at_most: int) -> list[int]:
    """Whose reminder is due; a day begins for people at the time when reminders are sent."""
    local = timezone.localtime(now)
    today = local.date() if local.time() >= ours_time(policy.REMIND_AT) else local.date() - timedelta(days=1)
    due = Invitation.objects.filter(remind_on__lte=today).order_by("remind_on", "pk")
    return list(due.values_list("pk", flat=True)[:at_most])


def to_draw(now: datetime, at_most: int) -> list[int]:
    """Whose last day for a rating is over and who was not yet drawn or passed over. [3.9]"""
    due = Invitation.objects.filter(draw_on__lt=timezone.localdate(now)).order_by("draw_on", "pk")
    return list(due.values_list("pk", flat=True)[:at_most])


def given_in_time() -> "QuerySet[Rating]":
    return Rating.objects.filter(is_late=False)


def unrated() -> "QuerySet[Invitation]":
    """Rounds whose enterprise has said nothing. From the day after `silent_on` on each counts as satisfied. [3.8]"""
    given = Rating.objects.filter(case=OuterRef("case"), round=OuterRef("round"))
    return Invitation.objects.filter(~Exists(given))
