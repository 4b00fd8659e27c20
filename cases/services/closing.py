"""督办、销号: urge, answer the enterprise, close. [3.7]"""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases import guards, moves, notices, permissions
from cases.enums import AT_WORK, Result
from cases.models import Case
from cases.selectors import parts_of, pending_rulings
from cases.services import clocks
from cases.services.indexing import index_case
from core import audit, secrets
from core.errors import Refused
from core.models import User
from core.transitions import lock, moving


def close_case(
    *, case_id: int, result: str, answer: str, actor: User, now: datetime, next_report_on: date | None = None
) -> Case:
    """Answer the enterprise and close the case out. What is listed for the long term is reported again. [3.7]

    Refuses `no_answer`, `not_answered` while a department's feedback is not accepted, `still_pending`,
    `promised_later`, `no_report_day`, `already_done`.
    """
    guards.check_text(answer, "no_answer", _("请填写给企业的答复。"), "answer")
    guards.check_long_term(result, next_report_on, timezone.localdate(now))
    with moving(Case, case_id, moves.CLOSE, actor=actor) as case:
        permissions.check_can_close(actor)
        guards.check_every_part_is_done(case)
        if pending_rulings(case):
            raise Refused("still_pending", _("还有异议或延期申请未作决定，不能销号。"))
        guards.check_nothing_promised(result, clocks.promised(case))
        case.result, case.answer = result, answer.strip()
        case.next_report_on = next_report_on if result == Result.LONG_TERM else None
        case.closed_at, case.closed_by = now, actor
        clocks.stop(case, actor=actor, now=now)
        index_case(case)
        notices.closed(case)
    return case


def urge(*, case_ids: Iterable[int], note: str, actor: User, now: datetime) -> int:
    """催办: tell those who still owe something in these cases; returns how many departments were told. [3.7]

    A closed case is passed over: nobody owes anything in it. The same words are sent once a day, however often the
    button is pressed. Refuses `no_note`.
    """
    permissions.check_can_urge(actor)
    guards.check_text(note, "no_note", _("请填写催办内容。"), "note")
    return sum(_urge_one(key, note.strip(), actor, now) for key in sorted(set(case_ids)))


def _urge_one(case_id: int, note: str, actor: User, now: datetime) -> int:
    with transaction.atomic():
        case = lock(Case, case_id)
        owing = [part for part in parts_of(case) if part.status in AT_WORK]
        if not owing:
            return 0
        units = "、".join(part.department.name for part in owing)
        audit.record("urge", case, actor=actor, after=units, reason=note, clause="[3.7]")
        for part in owing:
            said = f"{part.pk}:{timezone.localdate(now):%Y%m%d}:{secrets.digest(note)[:16]}"
            notices.urged(part, note=note, once_for=said)
    return len(owing)
