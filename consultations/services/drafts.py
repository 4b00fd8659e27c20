"""What a device keeps of a draft is encrypted; its key stays here, for the person who types, and for a time. [3.6]"""

from datetime import datetime, timedelta

from django.db import transaction

from consultations import guards, permissions
from consultations.models import Consultation, DraftKey
from core import policy
from core.models import User
from core.transitions import lock

KEPT = timedelta(hours=policy.DRAFT_KEY_HOURS)


def draft_key(*, consultation_id: int, actor: User, now: datetime) -> str:
    """This person's key to the draft, the same for 72 hours, then another one. Refuses `signed`."""
    with transaction.atomic():
        record = lock(Consultation, consultation_id)
        permissions.check_can_keep(actor, record.session)
        guards.check_is_draft(record)
        DraftKey.objects.filter(consultation=record, person=actor, made_at__lte=now - KEPT).delete()
        kept, _made = DraftKey.objects.get_or_create(consultation=record, person=actor, defaults={"made_at": now})
    return kept.key


def discard_draft(*, consultation_id: int, actor: User, now: datetime) -> str:
    """What this person's device kept was given up: nobody reads it again. Another key for what is typed from now on.

    Refuses `signed`.
    """
    with transaction.atomic():
        record = lock(Consultation, consultation_id)
        permissions.check_can_keep(actor, record.session)
        DraftKey.objects.filter(consultation=record, person=actor).delete()
        return draft_key(consultation_id=consultation_id, actor=actor, now=now)


def drop_keys(record: Consultation) -> None:
    """The record is signed: what lies on some device cannot be sent any more, nor read."""
    DraftKey.objects.filter(consultation=record).delete()


def forget_draft_keys(now: datetime) -> int:
    """The keys of more than 72 hours ago; returns how many."""
    forgotten, _each = DraftKey.objects.filter(made_at__lte=now - KEPT).delete()
    return forgotten
