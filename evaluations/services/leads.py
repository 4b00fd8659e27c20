"""From a rating, or from silence, to the follow-up. [3.9]"""

from datetime import datetime

from core import audit
from evaluations.enums import Origin
from evaluations.models import Invitation
from evaluations.services.followups import open_follow_up


def follow_up_round(invitation: Invitation, origin: Origin, *, actor: audit.Actor, now: datetime) -> None:
    """Look again at this round, also where the case has gone on to another. [3.9]"""
    open_follow_up(case_id=invitation.case_id, round=invitation.round, origin=origin, actor=actor, now=now)
