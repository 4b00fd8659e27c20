"""What is counted after the close-out: rounds that were to be rated, and follow-ups. [3.8] [3.9]"""

from datetime import date

from django.db.models import Case, F, FilteredRelation, OuterRef, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from evaluations.models import FollowUp, Invitation
from reports.figures.sources import DEPARTMENT, Source, is_so, lead_of, of_booking

SATISFIED, UNSATISFIED = "satisfied", "unsatisfied"


def _rounds(today: date) -> QuerySet[Invitation]:
    """Once the days for it are over, silence counts as satisfied: derived here, stored nowhere. [3.8]"""
    # At most one rating of a round: joined once, it is asked of for every figure.
    given = FilteredRelation("case__ratings", condition=Q(case__ratings__round=F("round")))
    rounds = Invitation.objects.annotate(given=given, is_past=is_so(Q(silent_on__lt=today)))
    verdict = Case(
        When(given__consultation=True, given__handling=True, then=Value(SATISFIED)),
        When(given__isnull=False, then=Value(UNSATISFIED)),
    )
    return rounds.annotate(verdict=verdict, rated_late=F("given__is_late"))


def _follow_ups(today: date) -> QuerySet[FollowUp]:
    return FollowUp.objects.all()


ROUNDS = Source(
    "rounds",
    _rounds,
    "closed_at",
    _("按销号时间归入季度，每轮办理各计一次"),
    {DEPARTMENT: F("unit"), **of_booking("case__booking__")},
    is_moment=True,
)
FOLLOW_UPS = Source(
    "follow_ups",
    _follow_ups,
    "opened_at",
    _("按发起时间归入季度"),
    {DEPARTMENT: lead_of("case", OuterRef("round"), "case__booking"), **of_booking("case__booking__")},
    is_moment=True,
)
