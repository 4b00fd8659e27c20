"""Merged cases in one press: answered, checked, closed. Each keeps what it would have by itself. [3.7]

All of those that wait for it, or none. What one case alone refuses, all of them refuse; the sentence names which.
"""

from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from typing import TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from cases import permissions
from cases.enums import AssignmentStatus, CaseStatus
from cases.models import Assignment, Case, Feedback
from cases.selectors import ready_to_close
from cases.selectors_together import merger_of, parts_of_all, standing_of
from cases.services.closing import close_case
from cases.services.feedback import Answer, accept_feedback, give_feedback
from cases.services.planning import lock_part
from cases.services.together import lock_cases
from core.errors import AlreadyDone, Refused
from core.models import User
from core.transitions import lock

Done = TypeVar("Done")


def answer_together(*, assignment_id: int, answer: Answer, actor: User, now: datetime) -> list[Feedback]:
    """Give the same feedback in every merged case of this department that waits for one. [3.7]

    Who has answered a member already is not asked again; who has no plan yet makes it first. Refuses `not_merged`,
    `no_plan`, `already_done`, and what `give_feedback` refuses.
    """
    with transaction.atomic():
        parts = _lock_parts(assignment_id, partial(permissions.check_can_handle, actor))
        unplanned = [part.case.reference for part in parts if part.status == AssignmentStatus.PLANNING]
        if unplanned:
            raise Refused("no_plan", _("%s 尚未确定办理方案，不能一并反馈。") % "、".join(unplanned))
        waiting = _waiting(parts, AssignmentStatus.HANDLING, _("并案的各件都已反馈。"))
        give = partial(give_feedback, answer=answer, actor=actor, now=now)
        return [_of(part.case, give, assignment_id=part.pk) for part in waiting]


def accept_together(*, assignment_id: int, note: str, actor: User, now: datetime) -> list[Feedback]:
    """Accept what this department answered, in every merged case where that waits for the check. [3.7]

    Refuses `not_merged`, `already_done`, and what `accept_feedback` refuses.
    """
    with transaction.atomic():
        parts = _lock_parts(assignment_id, partial(permissions.check_can_check, actor))
        waiting = _waiting(parts, AssignmentStatus.CHECKING, _("并案的各件没有待审核的反馈。"))
        accept = partial(accept_feedback, note=note, actor=actor, now=now)
        return [_of(part.case, accept, assignment_id=part.pk) for part in waiting]


def close_together(
    *, case_id: int, result: str, answer: str, actor: User, now: datetime, next_report_on: date | None = None
) -> list[Case]:
    """Answer each enterprise in the same words and close every merged case that is still handled. [3.7]

    Refuses `not_merged`, `not_answered` naming the cases that are not ready, `already_done`, and what `close_case`
    refuses.
    """
    with transaction.atomic():
        found = Case.objects.filter(pk=case_id).first() or lock(Case, case_id)
        permissions.check_can_close(actor, found)
        handled = [case for case in _lock_members(found) if case.status == CaseStatus.HANDLING]
        if not handled:
            raise AlreadyDone("already_done", _("并案的各件都已销号。"))
        unready = [case.reference for case in handled if not ready_to_close(case)]
        if unready:
            sentence = _("%s 尚有未审核通过的反馈或未作决定的申请，不能一并销号。")
            raise Refused("not_answered", sentence % "、".join(unready))
        close = partial(close_case, result=result, answer=answer, next_report_on=next_report_on, actor=actor, now=now)
        return [_of(case, close, case_id=case.pk) for case in handled]


def _of(case: Case, act: Callable[..., Done], **key: int) -> Done:
    """What is refused of one case and not of what was typed says of which."""
    try:
        return act(**key)
    except Refused as refusal:
        if refusal.field is not None:
            raise
        said = {"case": case.reference, "why": refusal.message}
        raise Refused(refusal.code, _("%(case)s：%(why)s") % said, **refusal.facts) from refusal


def _lock_parts(assignment_id: int, may: Callable[[Assignment], None]) -> list[Assignment]:
    """The parts of this one's department in all merged cases that are still handled, its own among them."""
    found = Assignment.objects.select_related("case").filter(pk=assignment_id).first() or lock_part(assignment_id)
    may(found)
    members = _lock_members(found.case)
    own = lock_part(assignment_id)
    handled = parts_of_all([case for case in members if case.status == CaseStatus.HANDLING])
    return [part for parts in handled.values() for part in parts if part.department_id == own.department_id]


def _lock_members(case: Case) -> list[Case]:
    """In order of key, the asked one among them: two people who press beside each other wait. Whatever undoes a merger
    locks its members too, so that one which stands once they are locked goes on standing.
    """
    merger = merger_of(case)
    members = lock_cases([row.case_id for row in standing_of(merger)]) if merger else []
    if merger is None or merger_of(case) != merger:
        raise Refused("not_merged", _("该诉求没有并案，请按单件办理。"))
    return members


def _waiting(parts: list[Assignment], status: str, nothing: str) -> list[Assignment]:
    waiting = [part for part in parts if part.status == status]
    if not waiting:
        raise AlreadyDone("already_done", nothing)
    return waiting
