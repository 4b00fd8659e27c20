"""报市纪委市监委: proposed by one of the inspection office, approved or rejected by another. [3.9]"""

from datetime import datetime

from django.utils.translation import gettext as _

from core.constraints import last_line
from core.errors import AlreadyDone
from core.models import User
from core.transitions import Move, moving, start
from evaluations import guards_followups as guards
from evaluations import moves, permissions
from evaluations import notices_followups as notices
from evaluations.enums import ReferralStatus
from evaluations.models import Referral
from evaluations.selectors_followups import standing_referral
from evaluations.services.followups import locked


@last_line
def propose_referral(*, follow_up_id: int, facts: str, opinion: str, actor: User, now: datetime) -> Referral:
    """Ask the approver to refer what was found unrectified. [3.9]

    Refuses `no_facts`, `no_opinion`, `not_unrectified`, `already_done` while one stands.
    """
    permissions.check_can_propose(actor)
    guards.check_text(facts, "no_facts", _("请填写基本情况。"), "facts")
    guards.check_text(opinion, "no_opinion", _("请填写报送理由和建议。"), "opinion")
    with locked(follow_up_id) as follow_up:
        guards.check_unrectified(follow_up)
        if standing_referral(follow_up):
            raise AlreadyDone("already_done", _("本次回访已提请报送。"))
        referral = Referral(
            follow_up=follow_up, facts=facts.strip(), opinion=opinion.strip(), proposed_at=now, proposed_by=actor
        )
        start(referral, ReferralStatus.PROPOSED, actor=actor, action="propose_referral", clause="[3.9]")
        notices.referral_proposed(referral)
    return referral


def approve_referral(*, referral_id: int, note: str, actor: User, now: datetime) -> Referral:
    """It is referred; signing and sending are the office's own. [3.9] Refuses `already_done`, `wrong_status`."""
    return _decide(referral_id, moves.APPROVE_REFERRAL, note, actor, now)


def reject_referral(*, referral_id: int, note: str, actor: User, now: datetime) -> Referral:
    """It is not, and why; it can be proposed anew. [3.9] Refuses `no_note`, `already_done`, `wrong_status`."""
    guards.check_text(note, "no_note", _("请写明不同意的理由。"), "note")
    return _decide(referral_id, moves.REJECT_REFERRAL, note, actor, now)


def _decide(referral_id: int, move: Move, note: str, actor: User, now: datetime) -> Referral:
    with moving(Referral, referral_id, move, actor=actor) as referral:
        permissions.check_can_decide_referral(actor, referral)
        referral.decided_at, referral.decided_by, referral.note = now, actor, note.strip()
        notices.referral_decided(referral, move.label)
    return referral
