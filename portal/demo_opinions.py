"""What enterprises of the demonstration said of closed rounds, or that they said nothing. [3.8]"""

from datetime import timedelta
from random import Random

from cases.enums import Result
from cases.models import Case
from core import audit
from evaluations import services
from evaluations.enums import Reason
from evaluations.models import Invitation
from portal.demo_clock import REAL_NOW, Clock
from portal.demo_demands import BAD_WORDS, GOOD_WORDS

RATES = 0.46
# How many of a hundred are satisfied: with the consultation, and with the handling by what came of it.
WITH_CONSULTATION = 0.94
WITH_HANDLING = {Result.SOLVED: 0.95, Result.PARTLY: 0.75, Result.EXPLAINED: 0.6, Result.LONG_TERM: 0.65}
# Days after the close-out; the last ones come late.
RATED_AFTER = (1, 1, 2, 3, 4, 6, 9, 12, 14, 18)
SILENT_AFTER = timedelta(days=17)
ASKED_AFTER = timedelta(minutes=5)


def evaluate(case: Case, draw: Random, clock: Clock) -> None:
    """Asked at the close-out; rated some days later, or silent until the day it counts as satisfied."""
    case.refresh_from_db()
    if case.closed_at is None:
        return
    services.invite_closed(clock.at(case.closed_at + ASKED_AFTER))
    if draw.random() < RATES:
        rated_at = case.closed_at + timedelta(days=draw.choice(RATED_AFTER), minutes=draw.randrange(600))
        if rated_at < REAL_NOW():
            invitation = Invitation.objects.get(case=case, round=case.round)
            opinion = _opinion(Result(case.result), draw)
            services.rate(invitation_id=invitation.pk, opinion=opinion, actor=audit.HOLDER, now=clock.at(rated_at))
    elif case.closed_at + SILENT_AFTER < REAL_NOW():
        services.draw_silent(clock.at(case.closed_at + SILENT_AFTER))


def _opinion(result: Result, draw: Random) -> services.Opinion:
    consultation, handling = draw.random() < WITH_CONSULTATION, draw.random() < WITH_HANDLING[result]
    satisfied = consultation and handling
    reasons = () if satisfied else tuple(draw.sample(list(Reason.values), draw.choice((1, 1, 2))))
    comment = draw.choice(GOOD_WORDS if satisfied else BAD_WORDS) if draw.random() < 0.6 else ""
    return services.Opinion(consultation, handling, reasons, comment, call_back=not satisfied and draw.random() < 0.5)
