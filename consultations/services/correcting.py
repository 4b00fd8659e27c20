"""A signed record is corrected by a new version with its reason; every version stays. [3.6]"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from consultations import fields as names
from consultations import guards, permissions
from consultations.models import Consultation, Version
from consultations.services.signing import write_version
from core import audit
from core.errors import Refused
from core.models import User
from core.transitions import lock


def correct_record(
    *, consultation_id: int, fields: Mapping[str, Any], reason: str, actor: User, now: datetime
) -> Version:
    """Put something right in a signed record. Its outcome and its departments stay: the case stands on them. [3.6]

    Refuses `no_reason`, `not_signed`, `outcome_fixed`, `nothing_changed`, `incomplete`, `too_long`, `bad_value`.
    """
    if not reason.strip():
        raise Refused("no_reason", _("请填写更正理由。"), field="reason")
    with transaction.atomic():
        record = lock(Consultation, consultation_id)
        permissions.check_can_correct(actor, record.session)
        guards.check_is_signed(record)
        changed = names.changes(record, fields)
        if not changed:
            raise Refused("nothing_changed", _("内容没有变化，无需更正。"))
        guards.check_outcome_stays(changed)
        guards.check_complete(record, names.read(record) | changed, record.session)
        if columns := names.put(record, changed):
            record.save(update_fields=columns)
        version = write_version(record, actor=actor, now=now, reason=reason.strip()[:500])
        audit.record("correct_record", record, actor=actor, after=version.number, reason=reason, clause="[3.6]")
    return version
