"""What is typed is kept while it is typed, and nothing of another's is overwritten unseen. [3.6]"""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction

from consultations import fields as names
from consultations import guards, permissions
from consultations.models import Consultation, Signature
from consultations.pictures import check_signature
from core import audit
from core.models import User
from core.transitions import lock


def keep_draft(
    *, consultation_id: int, revision: int, fields: Mapping[str, Any], actor: User, now: datetime
) -> Consultation:
    """Keep some fields of a draft, by whoever had read it up to `revision`. What changes nothing counts as nothing.

    Refuses `signed`, `changed_by_other` (with the other's name, time and values), `too_long`, `bad_value`,
    `unknown_field`.
    """
    with transaction.atomic():
        record = lock(Consultation, consultation_id)
        permissions.check_can_keep(actor, record.session)
        guards.check_is_draft(record)
        # Asked also of what changes nothing: a revision that is handed back counts as read to the end.
        guards.check_nobody_else_kept(record, revision, actor)
        changed = names.changes(record, fields)
        if not changed:
            return record
        count_on(record, actor, now, names.put(record, changed))
    return record


def count_on(record: Consultation, actor: User, now: datetime, columns: list[str]) -> None:
    """A change of the locked draft is one revision more, by this person."""
    if record.kept_by_id != actor.pk:
        audit.record("take_over_record", record, actor=actor, before=record.kept_by, clause="[3.6]")
        record.others_revision = record.revision
    record.revision += 1
    record.kept_by, record.kept_at = actor, max(now, record.kept_at)
    record.save(update_fields=[*columns, "revision", "kept_by", "kept_at", "others_revision"])


def sign_by_hand(*, consultation_id: int, side: str, picture: bytes, actor: User, now: datetime) -> Signature:
    """A handwriting signature of one side; signed anew, the new one counts. [3.6]

    Refuses `signed`, `not_a_signature`, `too_large`.
    """
    check_signature(picture, side)
    with transaction.atomic():
        record = lock(Consultation, consultation_id)
        permissions.check_can_keep(actor, record.session)
        guards.check_is_draft(record)
        there = Signature.objects.filter(consultation=record, side=side).first()
        digest = hashlib.sha256(picture).hexdigest()
        if there is not None and there.digest == digest:
            return there
        before = there.image if there else None
        signature = there or Signature(consultation=record, side=side)
        signature.image = ContentFile(picture, name="signature.png")
        signature.digest, signature.made_at, signature.taken_by = digest, now, actor
        signature.save()
        audit.record("sign_by_hand", record, actor=actor, after=signature.get_side_display(), clause="[3.6]")
        if before is not None:
            transaction.on_commit(lambda: before.delete(save=False))
    return signature
