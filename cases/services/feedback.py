"""反馈: a department answers, the bureau checks, and returns what is not good enough. [3.7]"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cases import guards, moves, notices, permissions
from cases.enums import Verdict
from cases.models import Assignment, Feedback
from cases.selectors import can_report_completion, pending_feedback
from cases.services import clocks
from cases.services.planning import lock_part
from core.constraints import last_line
from core.models import User
from core.transitions import moving, start


@dataclass(frozen=True)
class Answer:
    """What a department did about a demand. What solves nothing offers help. [3.7]"""

    result: str
    text: str
    help_offered: str = ""


@last_line
def give_feedback(*, assignment_id: int, answer: Answer, actor: User, now: datetime) -> Feedback:
    """Answer what was assigned; the bureau checks it before the enterprise sees it. Once accepted, again to say that
    what was promised for a later day is done. [3.7]

    Refuses `no_text`, `no_help`, `closed`, `already_done`, `wrong_status`.
    """
    guards.check_text(answer.text, "no_text", _("请填写办理情况。"), "text")
    guards.check_help_offered(answer.result, answer.help_offered)
    with transaction.atomic():
        part = lock_part(assignment_id)
        permissions.check_can_handle(actor, part)
        move = moves.REPORT_COMPLETION if can_report_completion(part) else moves.GIVE_FEEDBACK
        with moving(Assignment, assignment_id, move, actor=actor) as assignment:
            clocks.answered(assignment, answer.result, actor=actor, now=now)
            given = Feedback(
                assignment=assignment,
                result=answer.result,
                text=answer.text.strip(),
                help_offered=answer.help_offered.strip(),
                sent_at=now,
                sent_by=actor,
            )
            start(given, Verdict.PENDING, actor=actor, action="submit_feedback", clause="[3.7]")
            clocks.start_ruling(given, actor=actor, now=now)
            notices.to_decide(given)
    return given


def accept_feedback(*, assignment_id: int, note: str, actor: User, now: datetime) -> Feedback:
    """The bureau finds the feedback good enough. [3.7] Refuses `nothing_to_check`, `closed`, `already_done`,
    `wrong_status`.
    """
    with transaction.atomic():
        permissions.check_can_check(actor, lock_part(assignment_id))
        with moving(Assignment, assignment_id, moves.ACCEPT_FEEDBACK, actor=actor) as assignment:
            checked = _check(assignment, moves.FEEDBACK_ACCEPTED, note, actor, now)
            clocks.end_ruling(checked, actor=actor, now=now)
    return checked


def return_feedback(*, assignment_id: int, note: str, actor: User, now: datetime) -> Feedback:
    """Not good enough, and why: done again within the original limit, which the check does not shorten. [3.7]

    Refuses `no_note`, `nothing_to_check`, `closed`, `already_done`, `wrong_status`.
    """
    guards.check_text(note, "no_note", _("请写明退回的理由。"), "note")
    with transaction.atomic():
        permissions.check_can_check(actor, lock_part(assignment_id))
        with moving(Assignment, assignment_id, moves.RETURN_FEEDBACK, actor=actor, reason=note) as assignment:
            checked = _check(assignment, moves.FEEDBACK_RETURNED, note, actor, now)
            clocks.end_ruling(checked, actor=actor, now=now)
            due = clocks.return_to(assignment, checked, reason=note, actor=actor, now=now)
            notices.returned(checked, due)
    return checked


def _check(assignment: Assignment, move: moves.Move, note: str, actor: User, now: datetime) -> Feedback:
    pending = guards.check_pending(pending_feedback(assignment))
    permissions.check_is_another(actor, pending.sent_by_id)
    with moving(Feedback, pending.pk, move, actor=actor, reason=note) as feedback:
        feedback.checked_at, feedback.checked_by, feedback.note = now, actor, note.strip()
    return feedback
