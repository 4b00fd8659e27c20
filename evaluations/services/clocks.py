"""What is owed about follow-ups: ten working days (ours), by the bureau or the inspection office. [3.9]"""

from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit, policy
from core.audit import subject_of
from core.selectors import ours
from deadlines.services import meet_obligation, open_obligation, void_obligations
from evaluations.models import FollowUp
from evaluations.selectors_followups import unit_of

KIND = "followup"
KINDS_OWED = (KIND,)


def start_clock(follow_up: FollowUp, *, actor: audit.Actor, now: datetime) -> None:
    """Counts from the day it was opened, also for who takes it over. The key is its own: a case's page shows it not.

    The caller saves the follow-up.
    """
    follow_up.obligation = open_obligation(
        owner=subject_of(follow_up),
        kind=KIND,
        start=timezone.localdate(follow_up.opened_at),
        working_days=_length(follow_up),
        department=unit_of(follow_up.office),
        handler=follow_up.assigned_to,
        clause="[3.9]",
        title=_("回访核实：%s") % follow_up.case.reference,
        url=reverse("console:evaluations_followup_change", args=[follow_up.pk]),
        actor=actor,
        now=now,
    )


def _length(follow_up: FollowUp) -> int:
    """A change of the setting moves no old one."""
    return follow_up.obligation.working_days if follow_up.obligation else ours(policy.FOLLOW_UP_WORKING_DAYS)


def hand_clock(follow_up: FollowUp, office_before: str, *, actor: audit.Actor, now: datetime) -> None:
    """Another person, or another office, by the same day. The caller saves the follow-up."""
    if follow_up.office != office_before:
        void_obligations(owner=subject_of(follow_up), actor=actor, now=now)
        start_clock(follow_up, actor=actor, now=now)
    elif follow_up.obligation is not None:
        follow_up.obligation.handler = follow_up.assigned_to
        follow_up.obligation.save(update_fields=["handler"])


def meet_clock(follow_up: FollowUp, *, actor: audit.Actor, now: datetime) -> None:
    meet_obligation(owner=subject_of(follow_up), kind=KIND, department=unit_of(follow_up.office), actor=actor, now=now)
