"""Sweeps: ask about what was closed, remind twice at most. Each row is a transaction of its own. [3.8]"""

import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from cases.models import Closing
from cases.selectors import closings_to_take_up
from cases.services import take_up_closing
from core import audit, policy, secrets
from core.selectors import ours
from core.transitions import lock
from evaluations import notices_ratings
from evaluations.models import Invitation
from evaluations.selectors_ratings import first_reminder, lead_unit_of, second_reminder, to_remind

AT_MOST = 200


def invite_closed(now: datetime) -> int:
    """Ask the enterprise of each round that was closed, also of one closed at once. Returns how many. [3.8]"""
    return sum(_invite(closing_id, now) for closing_id in closings_to_take_up(AT_MOST))


def _invite(closing_id: int, now: datetime) -> bool:
    with transaction.atomic():
        closing = take_up_closing(closing_id=closing_id, now=now)
        if closing is None:
            return False
        invitation = _invitation_to(closing, now)
        audit.record("invite_rating", invitation, actor=audit.SYSTEM, after=invitation.silent_on, clause="[3.8]")
        notices_ratings.asked(invitation)
    return True


def _invitation_to(closing: Closing, now: datetime) -> Invitation:
    """Its days count from the close-out; where the question came later, from the question: silence answers one."""
    seed = uuid.uuid4()
    asked = max(timezone.localdate(closing.closed_at), timezone.localdate(now))
    silent_on = asked + timedelta(days=ours(policy.RATING_DAYS))
    return Invitation.objects.create(
        case=closing.case,
        round=closing.round,
        closed_at=closing.closed_at,
        silent_on=silent_on,
        unit=lead_unit_of(closing),
        link_seed=seed,
        digest=secrets.digest(secrets.derive(secrets.RATING, str(seed))),
        remind_on=first_reminder(asked, silent_on),
        draw_on=silent_on,
    )


def remind_unrated(now: datetime) -> int:
    """Remind who has not rated. After an outage one message stands for those that were missed. [3.8]"""
    return sum(_remind(invitation_id, now) for invitation_id in to_remind(now, AT_MOST))


def _remind(invitation_id: int, now: datetime) -> bool:
    with transaction.atomic():
        invitation = lock(Invitation, invitation_id)
        today = timezone.localdate(now)
        if invitation.remind_on is None or invitation.remind_on > today:
            return False
        # A round that is handled again is asked about again when it is closed.
        tells = not invitation.is_over(today) and invitation.case.round == invitation.round
        following = second_reminder(invitation.remind_on, invitation.silent_on) if tells else None
        invitation.remind_on = following if following and following > today else None
        if tells:
            invitation.reminded += 1
            notices_ratings.reminded(invitation)
            audit.record("remind_rating", invitation, actor=audit.SYSTEM, after=invitation.reminded, clause="[3.8]")
        if invitation.reminded >= policy.RATING_REMINDERS_MAX:
            invitation.remind_on = None
        invitation.save(update_fields=["remind_on", "reminded"])
    return tells
