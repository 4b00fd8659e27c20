"""A round that was closed on Thursday 2026-12-10 and is asked about, and what is said of it. [3.8]"""

from datetime import datetime, timedelta
from typing import Any

from cases.models import Case, Closing
from core import audit
from evaluations import services
from evaluations.models import Invitation, Rating
from evaluations.services import Opinion
from tests.factories import moment

CLOSED = moment("2026-12-10 10:00")
ASKED = CLOSED + timedelta(minutes=1)
# The last day on which a rating is in time, and the morning after it.
LAST_DAY = moment("2026-12-25 23:59")
SILENT = moment("2026-12-26 00:00")
SATISFIED = Opinion(consultation=True, handling=True)
UNSATISFIED = Opinion(
    consultation=True, handling=False, reasons=("unsolved", "late"), comment="只答复了一半。", call_back=True
)


def invite(case: Case, *, now: datetime = ASKED) -> Invitation:
    services.invite_closed(now)
    return Invitation.objects.select_related("case__booking").get(case=case, round=case.round)


def rate(
    invitation: Invitation, opinion: Opinion = SATISFIED, *, now: datetime = ASKED, actor: Any = audit.HOLDER
) -> Rating:
    return services.rate(invitation_id=invitation.pk, opinion=opinion, actor=actor, now=now)


def next_round(case: Case) -> Case:
    """Handled again, past the verb: only the number of the round matters here. [3.9]"""
    Case.objects.filter(pk=case.pk).update(round=case.round + 1)
    case.refresh_from_db()
    return case


def close_again(case: Case, *, now: datetime) -> Closing:
    """The present round ends, past the verb."""
    return Closing.objects.create(
        case=case, round=case.round, start=case.start, result="solved", answer="重新办结。", closed_at=now
    )
