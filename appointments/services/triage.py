"""Accept, sort, assign, or refuse and send back: what the bureau decides about a submitted booking. [3.4] [4.2]"""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from appointments import guards, moves, permissions
from appointments import notices_handling as notices
from appointments.enums import VerificationStatus
from appointments.models import Booking, Choice, RefusalGround, Supplement, Verification
from appointments.services import clocks
from appointments.services.drafts import forget_unsent_facts
from appointments.services.endings import end_handling
from appointments.services.numbers import in_its_sitting, pass_on, with_its_slot
from core import audit
from core.errors import Refused
from core.models import User
from core.transitions import lock, moving, start
from departments.models import Department
from sessions_app.models import Slot


@dataclass(frozen=True)
class Assignment:
    """Whom the bureau passes a demand to: one department answers for it, others assist. [3.4]"""

    lead: int
    assisting: tuple[int, ...] = ()

    @property
    def departments(self) -> tuple[int, ...]:
        return tuple(dict.fromkeys((self.lead, *self.assisting)))


def accept_booking(
    *, booking_id: int, assignment: Assignment, demand_kind: str, demand_area: Choice, actor: User, now: datetime
) -> Booking:
    """Accept the demand, sorted, and pass it to its departments, whose seven working days begin. [3.4]

    Refuses `no_department`, `already_done`, `wrong_status`.
    """
    permissions.check_can_triage(actor)
    with in_its_sitting(booking_id), moving(Booking, booking_id, moves.ACCEPT, actor=actor) as booking:
        booking.demand_kind, booking.demand_area, booking.decided_at = demand_kind, demand_area, now
        clocks.end_triage(booking, actor=actor, now=now)
        _close_question(booking, actor, now)
        _assign(booking, assignment, actor, now)
        notices.booking_accepted(booking)
    return booking


def assign_departments(*, booking_id: int, assignment: Assignment, reason: str, actor: User, now: datetime) -> Booking:
    """Pass an accepted demand to other departments; whoever stays keeps its clock. [3.4]

    Refuses `no_reason`, `no_department`, `not_accepted`.
    """
    permissions.check_can_triage(actor)
    if not reason.strip():
        raise Refused("no_reason", _("请说明调整责任单位的理由。"), field="reason")
    with in_its_sitting(booking_id):
        booking = lock(Booking, booking_id)
        guards.check_accepted(booking)
        before = _names(booking)
        _assign(booking, assignment, actor, now)
        audit.record(
            "assign_departments",
            booking,
            actor=actor,
            before=before,
            after=_names(booking),
            reason=reason,
            clause="[3.4]",
        )
    return booking


def _assign(booking: Booking, assignment: Assignment, actor: User, now: datetime) -> None:
    """Bring the verifications of a locked booking in line with the assignment."""
    known = {row.department_id: row for row in booking.verifications.select_related("department").order_by("pk")}
    wanted = {row.pk: row for row in Department.objects.filter(pk__in=assignment.departments, is_active=True)}
    if assignment.lead not in wanted or len(wanted) != len(assignment.departments):
        raise Refused("no_department", _("请选择责任单位。"), field="lead")
    for key, row in known.items():
        if key not in wanted:
            _leave_out(booking, row, actor, now)
        elif row.is_lead and key != assignment.lead:
            _set_lead(row, False)
    for key in assignment.departments:
        _ask(booking, wanted[key], known.get(key), key == assignment.lead, actor, now)


def _leave_out(booking: Booking, row: Verification, actor: User, now: datetime) -> None:
    """What it had recorded stays in the history; asked again, it verifies anew."""
    if row.status == VerificationStatus.LEFT_OUT:
        return
    with moving(Verification, row.pk, moves.LEAVE_OUT, actor=actor) as verification:
        verification.is_lead = False
        verification.way = verification.spoke_with = verification.finding = ""
        verification.verified_at = verification.verified_by = None
    clocks.stop_verification(booking, row.department, actor=actor, now=now)


def _set_lead(row: Verification, is_lead: bool) -> None:
    if row.is_lead != is_lead:
        row.is_lead = is_lead
        row.save(update_fields=["is_lead"])


def _ask(
    booking: Booking, department: Department, row: Verification | None, is_lead: bool, actor: User, now: datetime
) -> None:
    """The department is to verify: newly, again, or as before."""
    if row is None:
        row = Verification(booking=booking, department=department, is_lead=is_lead, passed_at=now)
        start(row, VerificationStatus.OPEN, actor=actor, action="start_verification", clause="[3.4]")
    elif row.status == VerificationStatus.LEFT_OUT:
        with moving(Verification, row.pk, moves.REOPEN_VERIFICATION, actor=actor) as verification:
            verification.is_lead, verification.passed_at = is_lead, now
    else:
        _set_lead(row, is_lead)
        return
    clocks.start_verification(booking, department, actor=actor, now=now)
    notices.verification_asked(booking, department, once_for=f"{now:%Y%m%d%H%M%S}")


def _names(booking: Booking) -> str:
    return "、".join(department.name for department in notices.departments_of(booking))


def refuse_booking(*, booking_id: int, ground: RefusalGround, explanation: str, actor: User, now: datetime) -> Booking:
    """Not accepted, on one of the five grounds, explained; its number goes to the first in line. [4.2]

    Refuses `no_explanation`, `already_done`, `wrong_status`.
    """
    permissions.check_can_triage(actor)
    if not explanation.strip():
        raise Refused("no_explanation", _("请向企业说明不予受理的理由。"), field="explanation")

    def refuse(slot: Slot | None) -> Booking:
        with moving(Booking, booking_id, moves.REFUSE, actor=actor, reason=str(ground)) as booking:
            booking.refusal_ground, booking.explanation, booking.decided_at = ground, explanation.strip(), now
            clocks.end_triage(booking, actor=actor, now=now)
            _stop_waiting_for_facts(booking, actor, now)
            end_handling(booking, actor=actor, now=now)
            notices.booking_refused(booking)
        if slot:
            pass_on(slot, now)
        return booking

    return with_its_slot(booking_id, refuse)


def send_back_booking(*, booking_id: int, question: str, actor: User, now: datetime) -> Booking:
    """Ask the enterprise for more facts before deciding, by a day that it is told; as often as it takes. [3.4]

    Refuses `no_question`, `already_done`, `wrong_status`.
    """
    permissions.check_can_triage(actor)
    if not question.strip():
        raise Refused("no_question", _("请写明需要补充的内容。"), field="question")
    with moving(Booking, booking_id, moves.SEND_BACK, actor=actor) as booking:
        clocks.end_triage(booking, actor=actor, now=now)
        owed = clocks.start_waiting_for_facts(booking, actor=actor, now=now)
        asked = Supplement.objects.create(
            booking=booking, question=question.strip(), asked_at=now, asked_by=actor, answer_by=owed.last_day
        )
        notices.facts_asked(booking, asked)
    return booking


def add_facts(*, booking_id: int, text: str, actor: audit.Actor, now: datetime) -> Booking:
    """The enterprise adds what was asked for, or the desk does for it; the bureau's working day begins anew. [3.4]

    What the desk wrote down in its name the enterprise is told. Refuses `no_text`, `already_done`, `wrong_status`.
    """
    permissions.check_can_add_facts(actor)
    if not text.strip():
        raise Refused("no_text", _("请填写补充说明。"), field="text")
    with moving(Booking, booking_id, moves.ADD_FACTS, actor=actor) as booking:
        _stop_waiting_for_facts(booking, actor, now)
        supplement = booking.supplements.get(added_at__isnull=True)
        supplement.text, supplement.added_at = text.strip(), now
        supplement.added_by = actor if isinstance(actor, User) else None
        supplement.save(update_fields=["text", "added_at", "added_by"])
        clocks.start_triage(booking, actor=actor, now=now)
        if supplement.added_by:
            notices.facts_written_down(booking, supplement)
    return booking


def _close_question(booking: Booking, actor: User, now: datetime) -> None:
    """Accepted without waiting for the answer: what was asked for is no longer needed."""
    _stop_waiting_for_facts(booking, actor, now)
    booking.supplements.filter(added_at__isnull=True).delete()


def _stop_waiting_for_facts(booking: Booking, actor: audit.Actor, now: datetime) -> None:
    clocks.end_waiting_for_facts(booking, actor=actor, now=now)
    forget_unsent_facts(booking)
