"""回访: opened by rule, by the enterprise or by an inspector, and given to a person. [3.9]"""

from datetime import datetime

from django.db import transaction

from cases.models import Case
from core import audit
from core.constraints import last_line
from core.models import User
from core.transitions import lock, start
from evaluations import guards_followups as guards
from evaluations import notices_followups as notices
from evaluations import permissions
from evaluations.enums import FollowUpStatus, Office, Origin
from evaluations.models import FollowUp, FollowUpReason
from evaluations.selectors_followups import bureau_took_part, open_follow_up_of
from evaluations.services import clocks

# These look at how the bureau closed it, or were told to the inspection office. [3.9]
FOR_INSPECTION = (Origin.REPORTED, Origin.INSPECTOR)


@last_line
def open_follow_up(
    *,
    case_id: int,
    origin: str,
    actor: audit.Actor,
    now: datetime,
    note: str = "",
    assigned_to: int | None = None,
    round: int | None = None,
    submission_digest: str | None = None,
) -> FollowUp:
    """Look again at a round of a case, the present one unless another is named; ten working days (ours). Where one is
    open the reason joins it. [3.9]

    `assigned_to`: a person's key. Refuses `gone`, `no_such_round`, and what naming a person refuses.
    """
    permissions.check_can_open(actor, origin)
    with transaction.atomic():
        case = lock(Case, case_id)
        round = round or case.round
        guards.check_round(case, round)
        there = open_follow_up_of(case, round)
        follow_up = lock(FollowUp, there.pk) if there else _open(case, round, origin, actor, now)
        follow_up.case = case
        FollowUpReason.objects.create(
            follow_up=follow_up,
            origin=origin,
            note=note.strip(),
            at=now,
            by=actor if isinstance(actor, User) else None,
            submission_digest=submission_digest,
        )
        if there:
            audit.record("join_follow_up", follow_up, actor=actor, clause="[3.9]")
    return follow_up


def _open(case: Case, round: int, origin: str, actor: audit.Actor, now: datetime) -> FollowUp:
    inspects = origin in FOR_INSPECTION or bureau_took_part(case, round)
    follow_up = FollowUp(
        case=case,
        round=round,
        origin=origin,
        office=Office.INSPECTION if inspects else Office.BUREAU,
        opened_at=now,
        opened_by=actor if isinstance(actor, User) else None,
    )
    start(follow_up, FollowUpStatus.OPEN, actor=actor, action="open_follow_up", clause="[3.9]")
    clocks.start_clock(follow_up, actor=actor, now=now)
    follow_up.save(update_fields=["obligation"])
    notices.opened(follow_up)
    return follow_up
