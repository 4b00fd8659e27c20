"""销号: answer the enterprise, close. [3.7]"""

from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from cases import guards, moves, notices, permissions
from cases.enums import Result
from cases.models import Case, Closing
from cases.selectors import pending_rulings
from cases.services import clocks
from cases.services.indexing import index_case
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
        permissions.check_can_close(actor, case)
        guards.check_every_part_is_done(case)
        if pending_rulings(case):
            raise Refused("still_pending", _("还有异议或延期申请未作决定，不能销号。"))
        guards.check_nothing_promised(result, clocks.promised(case))
        case.result, case.answer = result, answer.strip()
        case.next_report_on = next_report_on if result == Result.LONG_TERM else None
        case.closed_at, case.closed_by = now, actor
        record_closing(case)
        clocks.stop(case, actor=actor, now=now)
        index_case(case)
        notices.closed(case)
    return case


def record_closing(case: Case) -> Closing:
    """Keep what the round ended with; the case is locked, or new. [3.7]"""
    assert case.closed_at is not None
    return Closing.objects.create(
        case=case,
        round=case.round,
        start=case.start,
        result=case.result,
        answer=case.answer,
        next_report_on=case.next_report_on,
        closed_at=case.closed_at,
        closed_by=case.closed_by,
    )


def take_up_closing(*, closing_id: int, now: datetime) -> Closing | None:
    """Mark a closed round as handed on, in a caller's transaction; nothing when somebody else did. [3.8]"""
    closing = lock(Closing, closing_id)
    if closing.taken_up_at is not None:
        return None
    closing.taken_up_at = now
    closing.save(update_fields=["taken_up_at"])
    return closing
