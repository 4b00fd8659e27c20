"""督办: telling those who still owe something. [3.7]"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases import guards, notices, permissions
from cases.models import Case, Urging
from cases.selectors_work import to_urge
from core import audit
from core.models import User
from core.transitions import lock


def urge(*, case_ids: Iterable[int], note: str, actor: User, now: datetime) -> int:
    """催办: tell those who still owe something in these cases; returns how many departments were told. [3.7]

    A closed case is passed over: nobody owes anything in it; so is who was told the same today. Refuses `no_note`.
    """
    permissions.check_can_urge(actor)
    guards.check_text(note, "no_note", _("请填写催办内容。"), "note")
    return sum(_urge_one(key, note.strip(), actor, now) for key in sorted(set(case_ids)))


def _urge_one(case_id: int, note: str, actor: User, now: datetime) -> int:
    with transaction.atomic():
        case = lock(Case, case_id)
        day = timezone.localdate(now)
        same = Urging.objects.filter(assignment__case=case, by=actor, day=day, note=note)
        told = set(same.values_list("assignment_id", flat=True))
        owing = [row for row in to_urge([case.pk]) if row.part.pk not in told]
        if not owing:
            return 0
        units = "、".join(row.part.department.name for row in owing)
        audit.record("urge", case, actor=actor, after=units, reason=note, clause="[3.7]")
        for row in owing:
            urging = Urging.objects.create(
                assignment=row.part,
                note=note,
                recipients=[user.pk for user in row.people],
                day=day,
                at=now,
                by=actor,
            )
            notices.urged(urging, row.people)
    return len(owing)
