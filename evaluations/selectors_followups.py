"""Named reads of follow-ups: whose they are, what waits for whom, what the enterprise is shown. [3.9]"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case as Choose
from django.db.models import Prefetch, Q, Value, When
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.models import Assignment, Case
from cases.selectors import parts_of_round
from core.models import User
from deadlines.models import Obligation
from deadlines.selectors import with_lights
from departments.enums import DepartmentKind
from departments.models import Department
from departments.selectors import department_of
from evaluations.enums import FROM_RATINGS, FollowUpStatus, Office, Origin, ReferralStatus
from evaluations.models import FollowUp, FollowUpReason, Referral
from evaluations.models.followups import FollowUpQuerySet

# For who may not see how the enterprise rated, nor that it did not.
AFTER_THE_RATING = _("诊后评价")


def open_follow_up_of(case: Case, round: int) -> FollowUp | None:
    """There is at most one."""
    return FollowUp.objects.open().filter(case=case, round=round).first()


def bureau_took_part(case: Case, round: int) -> bool:
    """Then the inspection office looks at it: nobody decides on their own. [3.9]"""
    parts = Assignment.objects.taking_part().filter(case=case, round=round)
    return parts.filter(department__kind=DepartmentKind.BUREAU).exists()


def unit_of(office: str) -> Department | None:
    """Whose obligation it is; None is the bureau."""
    return Department.objects.get(kind=DepartmentKind.INSPECTION) if office == Office.INSPECTION else None


def standing_referral(follow_up: FollowUp) -> Referral | None:
    """Proposed or approved; after a rejected one another may be proposed."""
    return follow_up.referrals.exclude(status=ReferralStatus.REJECTED).first()


def for_list(follow_ups: FollowUpQuerySet) -> FollowUpQuerySet:
    """With what a list shows in each line, its light too. Two queries."""
    lit = Prefetch("obligation", with_lights(Obligation.objects.all(), timezone.localdate()))
    return follow_ups.select_related("case__booking", "assigned_to").prefetch_related(lit)


def calls_of(user: User, now: datetime) -> FollowUpQuerySet:
    """What this person has to look at: due first, and last those that agreed to be called at a later time. [3.9]"""
    later = Choose(When(call_again_at__gt=now, then=Value(1)), default=Value(0))
    mine = for_list(FollowUp.objects.open().filter(assigned_to=user))
    return mine.order_by(later, "obligation__last_day", "pk")


def office_of(user: User) -> Office:
    own = department_of(user)
    return Office.INSPECTION if own and own.kind == DepartmentKind.INSPECTION else Office.BUREAU


def to_assign(user: User) -> FollowUpQuerySet:
    """What waits for somebody to be named by this person's office."""
    return FollowUp.objects.open().filter(office=office_of(user), assigned_to__isnull=True)


def units_of_round(follow_up: FollowUp) -> list[Assignment]:
    """Who took part in the round that is looked at, the lead first."""
    return parts_of_round(follow_up.case, follow_up.round)


def origin_for(follow_up: FollowUp, sees_author: bool) -> str | Promise:
    """Why there is one, as far as this reader may know. [5.2]"""
    hidden = follow_up.origin in FROM_RATINGS and not sees_author
    return AFTER_THE_RATING if hidden else Origin(follow_up.origin).label


@dataclass(frozen=True)
class Told:
    """A follow-up as the enterprise sees it: what it reported itself, and what was found."""

    follow_up: FollowUp
    reports: list[FollowUpReason]

    @property
    def is_open(self) -> bool:
        return self.follow_up.status == FollowUpStatus.OPEN


def told_to_enterprise(case: Case) -> list[Told]:
    """Those that it reported to, and those that were decided; the newest first. What was sent back is told by the new
    round itself. Two queries. [3.9]
    """
    own = Prefetch("reasons", own_reports(), to_attr="reports")
    rows: Iterable[Any] = case.follow_ups.order_by("-opened_at", "-pk").prefetch_related(own)
    decided = (FollowUpStatus.CONFIRMED, FollowUpStatus.UNRECTIFIED)
    return [Told(row, row.reports) for row in rows if row.reports or row.status in decided]


def own_reports() -> Any:
    """What enterprises wrote themselves, not what an inspector wrote down for one."""
    return FollowUpReason.objects.filter(Q(origin=Origin.REPORTED, by__isnull=True)).order_by("at", "pk")
