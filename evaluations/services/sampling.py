"""One in five of the rounds that nobody rated is followed up, drawn by chance. [3.9]"""

import random
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.models import Case
from core import audit, policy
from core.selectors import ours
from core.transitions import lock
from evaluations.enums import Origin
from evaluations.models import Invitation
from evaluations.selectors_ratings import to_draw
from evaluations.services.leads import follow_up_round

AT_MOST = 200
# The operating system's own source: nobody can foresee or repeat it.
_chance = random.SystemRandom()


def draw_silent(now: datetime) -> int:
    """Decide once for each round whose last day for a rating is over. Returns for how many. [3.9]"""
    return sum(_draw(invitation_id, now) for invitation_id in to_draw(now, AT_MOST))


def _draw(invitation_id: int, now: datetime) -> bool:
    case_id = Invitation.objects.values_list("case", flat=True).get(pk=invitation_id)
    with transaction.atomic():
        case = lock(Case, case_id)
        invitation = lock(Invitation, invitation_id)
        if invitation.draw_on is None or not invitation.is_over(timezone.localdate(now)):
            return False
        invitation.draw_on = None
        if case.round == invitation.round:  # what is handled again has been looked at
            _decide(invitation, now)
        invitation.save(update_fields=["draw_on", "drawn_at", "drawn"])
    return invitation.drawn_at is not None


def _decide(invitation: Invitation, now: datetime) -> None:
    percent = ours(policy.SAMPLE_PERCENT)
    invitation.drawn_at = now
    invitation.drawn = _chance.randrange(100) < percent
    audit.record(
        "draw_sample",
        invitation,
        actor=audit.SYSTEM,
        after=_("抽中") if invitation.drawn else _("未抽中"),
        reason=_("按 %s%% 随机抽取") % percent,
        clause="[3.9]",
    )
    if invitation.drawn:
        follow_up_round(invitation, Origin.SAMPLE, actor=audit.SYSTEM, now=now)
