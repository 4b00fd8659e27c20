"""The one verb that rates, for the holder of the link alone; and the link sent again. [3.8] [5.2]"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.models import Case
from core import audit
from core.constraints import last_line
from core.errors import AlreadyDone, Refused
from core.transitions import lock
from evaluations import guards_ratings as guards
from evaluations import notices_ratings
from evaluations import permissions_ratings as permissions
from evaluations.enums import Origin
from evaluations.models import Invitation, Rating
from evaluations.selectors_ratings import rating_of
from evaluations.services.leads import follow_up_round


@dataclass(frozen=True)
class Opinion:
    """What an enterprise says: True is satisfied. [3.8]"""

    consultation: bool
    handling: bool
    reasons: tuple[str, ...] = ()
    comment: str = ""
    call_back: bool = False

    @property
    def is_satisfied(self) -> bool:
        return self.consultation and self.handling


@last_line
def rate(*, invitation_id: int, opinion: Opinion, actor: audit.Actor, now: datetime) -> Rating:
    """Keep what the enterprise says, once and for good; late is kept too, and marked. Not satisfied is followed up.
    [3.8] [3.9]

    Refuses `already_done`, `unknown_reason`, `no_reason_needed`, `too_long`, `gone`.
    """
    permissions.check_can_rate(actor)
    guards.check_reasons(opinion.reasons, satisfied=opinion.is_satisfied)
    guards.check_comment(opinion.comment)
    with transaction.atomic():
        invitation = _lock_with_case(invitation_id)
        if rating_of(invitation) is not None:
            raise AlreadyDone("already_done", _("此前已经评价，评价不能更改，无需重复提交。"))
        rating = _keep(invitation, opinion, now)
        invitation.remind_on = invitation.draw_on = None
        invitation.save(update_fields=["remind_on", "draw_on"])
        # Not how: the trail is read by more people than ratings are.
        audit.record("rate", rating, actor=actor, clause="[3.8]")
        notices_ratings.no_more_asking(invitation)
        if not rating.is_satisfied:
            follow_up_round(invitation, Origin.UNSATISFIED, actor=audit.SYSTEM, now=now)
    return rating


def _lock_with_case(invitation_id: int) -> Invitation:
    """Parents first. Refuses `gone`."""
    case_id = Invitation.objects.filter(pk=invitation_id).values_list("case", flat=True).first()
    case = lock(Case, case_id)
    invitation = lock(Invitation, invitation_id)
    invitation.case = case
    return invitation


def _keep(invitation: Invitation, opinion: Opinion, now: datetime) -> Rating:
    return Rating.objects.create(
        case=invitation.case,
        round=invitation.round,
        consultation=opinion.consultation,
        handling=opinion.handling,
        reasons=sorted(set(opinion.reasons)),
        comment=opinion.comment.strip(),
        call_back=opinion.call_back,
        rated_at=now,
        is_late=invitation.is_over(timezone.localdate(now)),
    )


def send_link_again(*, case_id: int, round: int, actor: audit.Actor, now: datetime) -> Invitation:
    """Send a round's link to the contact on record; it is never shown. Refuses `rated`, `not_asked`. [3.8]"""
    permissions.check_can_rate(actor)
    with transaction.atomic():
        invitation = Invitation.objects.select_related("case__booking").filter(case=case_id, round=round).first()
        if invitation is None:
            raise Refused("not_asked", _("本轮的评价还没有开始。"))
        guards.check_not_rated(invitation)
        audit.record("send_rating_link", invitation, actor=actor, clause="[3.8]")
        notices_ratings.link_again(invitation, now)
    return invitation
