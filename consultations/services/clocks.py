"""A record that was begun and is not signed keeps an enterprise waiting: that, too, has its day. [3.6]"""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from consultations.enums import RECORD
from consultations.models import Consultation
from core import audit, policy
from core.audit import subject_of
from core.selectors import ours
from deadlines.selectors import open_obligations
from deadlines.services import meet_obligation, open_obligation, remind_of


def start_signing(record: Consultation, *, actor: audit.Actor, now: datetime) -> None:
    """The department that leads the session owes the sign-off, a working day after the consultation (ours). [3.6]"""
    leading = record.session.chairs.filter(is_lead=True).select_related("department").first()
    open_obligation(
        owner=subject_of(record),
        kind=RECORD,
        department=leading.department if leading else None,
        start=record.held_on,
        working_days=ours(policy.RECORD_WORKING_DAYS),
        clause="[3.6]",
        title=_("签办坐诊记录：%s") % record.booking.reference,
        url=reverse("console:consultations_consultation_record", args=[record.pk]),
        actor=actor,
        now=now,
    )


def end_signing(record: Consultation, *, actor: audit.Actor, now: datetime) -> None:
    """Whoever leads by now: owed is what was owed when the record was begun."""
    for owed in open_obligations(subject_of(record)).filter(kind=RECORD).select_related("department"):
        meet_obligation(owner=owed.owner, kind=RECORD, department=owed.department, actor=actor, now=now)


def remind(now: datetime) -> int:
    """Returns how many were told and settled."""
    return remind_of((RECORD,), now)
