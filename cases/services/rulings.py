"""What a department asks for and somebody else decides: an objection, an extension. The clock runs on. [3.7]"""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cases import guards, moves, notices, permissions
from cases.enums import Ruling
from cases.models import Assignment, Extension, Objection
from cases.selectors import last_day_to_object
from cases.services import clocks
from cases.services.opening import reassign
from cases.services.planning import lock_part
from core.constraints import last_line
from core.errors import Refused
from core.models import User
from core.transitions import moving, start
from core.workdays import close_of_business


@last_line
def object_to_assignment(
    *, assignment_id: int, reason: str, legal_basis: str, actor: User, now: datetime
) -> Objection:
    """Say once, within a working day (ours) and with the law, that the demand is another's; the clock runs on. [3.7]

    Refuses `no_reason`, `no_basis`, `already_objected`, `too_late`, `wrong_status`, `closed`.
    """
    guards.check_text(reason, "no_reason", _("请填写异议理由。"), "reason")
    guards.check_text(legal_basis, "no_basis", _("请写明异议的法律法规或职责依据。"), "legal_basis")
    with transaction.atomic():
        assignment = lock_part(assignment_id)
        permissions.check_can_handle(actor, assignment)
        guards.check_at_work(assignment)
        guards.check_may_object(assignment, now, last_day_to_object(assignment))
        objection = Objection(
            assignment=assignment,
            reason=reason.strip(),
            legal_basis=legal_basis.strip(),
            asked_at=now,
            asked_by=actor,
        )
        start(objection, Ruling.PENDING, actor=actor, action="object_to_assignment", clause="[3.7]", reason=reason)
        clocks.start_ruling(objection, actor=actor, now=now)
        notices.to_decide(objection)
    return objection


@last_line
def uphold_objection(*, objection_id: int, department_id: int, note: str, actor: User, now: datetime) -> Objection:
    """The demand is another department's, which takes the part over with the same start. [3.7]

    Refuses `no_note`, `no_department`, `has_a_part`, `already_done`, `wrong_status`, `closed`.
    """
    return _rule(objection_id, moves.UPHOLD_OBJECTION, note, actor, now, department_id)


def dismiss_objection(*, objection_id: int, note: str, actor: User, now: datetime) -> Objection:
    """The demand stays where it is, in its old limits. [3.7]

    Refuses `no_note`, `already_done`, `wrong_status`, `closed`.
    """
    return _rule(objection_id, moves.DISMISS_OBJECTION, note, actor, now, None)


def _rule(
    objection_id: int, move: moves.Move, note: str, actor: User, now: datetime, department_id: int | None
) -> Objection:
    guards.check_text(note, "no_note", _("请填写裁定意见。"), "note")
    with transaction.atomic():
        assignment = lock_part(_assignment_of(Objection, objection_id))
        permissions.check_can_rule(actor, assignment)
        with moving(Objection, objection_id, move, actor=actor, reason=note) as objection:
            permissions.check_is_another(actor, objection.asked_by_id)
            objection.ruled_at, objection.ruled_by, objection.note = now, actor, note.strip()
            objection.assignment = assignment
            clocks.end_ruling(objection, actor=actor, now=now)
        if department_id is not None:
            guards.check_at_work(assignment)
            _end_extension(assignment, actor=actor, now=now)
            reassign(assignment, department_id, actor=actor, now=now)
        notices.ruled(objection)
    return objection


@last_line
def ask_extension(*, assignment_id: int, day: date, reason: str, actor: User, now: datetime) -> Extension:
    """More time for the feedback, until a working day. Asked for after the day has passed it counts as late. [3.7]

    Refuses `no_reason`, `rest_day`, `not_later`, `wrong_status`, `pending_already`, `closed`.
    """
    guards.check_text(reason, "no_reason", _("请说明延期的理由。"), "reason")
    with transaction.atomic():
        assignment = lock_part(assignment_id)
        permissions.check_can_handle(actor, assignment)
        guards.check_at_work(assignment)
        due = clocks.feedback_due(assignment)
        guards.check_extension_day(day, due)
        if assignment.extensions.filter(status=Ruling.PENDING).exists():
            raise Refused("pending_already", _("已有延期申请待审批。"))
        extension = Extension(
            assignment=assignment,
            reason=reason.strip(),
            asked_day=day,
            asked_at=now,
            asked_by=actor,
            day_before=due,
            was_late=now > close_of_business(due),
        )
        start(extension, Ruling.PENDING, actor=actor, action="ask_extension", clause="[3.7]", reason=reason)
        clocks.start_ruling(extension, actor=actor, now=now)
        notices.to_decide(extension)
    return extension


def grant_extension(*, extension_id: int, day: date, note: str, actor: User, now: datetime) -> Extension:
    """Until the day asked for or an earlier one; told to the enterprise. The first day stays on record. [3.7]

    Refuses `rest_day`, `not_later`, `beyond_asked`, `already_done`, `wrong_status`, `closed`.
    """
    with transaction.atomic():
        assignment = lock_part(_assignment_of(Extension, extension_id))
        permissions.check_can_rule(actor, assignment)
        with moving(Extension, extension_id, moves.GRANT_EXTENSION, actor=actor, reason=note) as extension:
            permissions.check_is_another(actor, extension.asked_by_id)
            guards.check_at_work(assignment)
            guards.check_extension_day(day, clocks.feedback_due(assignment))
            guards.check_granted_day(day, extension.asked_day)
            extension.assignment = assignment
            extension.granted_day, extension.note = day, note.strip()
            extension.ruled_at, extension.ruled_by = now, actor
            clocks.extend(extension, day, actor=actor, now=now)
            clocks.end_ruling(extension, actor=actor, now=now)
        notices.ruled(extension)
        notices.extended(extension, day)
    return extension


def refuse_extension(*, extension_id: int, note: str, actor: User, now: datetime) -> Extension:
    """No more time, and why. [3.7] Refuses `no_note`, `already_done`, `wrong_status`, `closed`."""
    guards.check_text(note, "no_note", _("请写明不同意的理由。"), "note")
    with transaction.atomic():
        assignment = lock_part(_assignment_of(Extension, extension_id))
        permissions.check_can_rule(actor, assignment)
        extension = _refuse(extension_id, assignment, note, actor, now)
        notices.ruled(extension)
    return extension


def _refuse(extension_id: int, assignment: Assignment, note: str, actor: User, now: datetime) -> Extension:
    with moving(Extension, extension_id, moves.REFUSE_EXTENSION, actor=actor, reason=note) as extension:
        permissions.check_is_another(actor, extension.asked_by_id)
        extension.assignment = assignment
        extension.note, extension.ruled_at, extension.ruled_by = note.strip(), now, actor
        clocks.end_ruling(extension, actor=actor, now=now)
    return extension


def _end_extension(assignment: Assignment, *, actor: User, now: datetime) -> None:
    """A part that goes to another department needs no more time: nobody is left waiting for a ruling."""
    pending = assignment.extensions.filter(status=Ruling.PENDING).first()
    if pending is not None:
        _refuse(pending.pk, assignment, _("该交办已改派，延期申请随之终结。"), actor, now)


def _assignment_of(model: type[Objection] | type[Extension], pk: int) -> int:
    """0 for what is gone: the lock then refuses it."""
    return model.objects.values_list("assignment_id", flat=True).filter(pk=pk).first() or 0
