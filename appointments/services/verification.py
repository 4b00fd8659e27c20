"""The department's contact with the enterprise before the sitting, and what may be solved by it. [3.4] [3.3]"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from appointments import guards, moves, permissions
from appointments import notices_handling as notices
from appointments.models import Booking, Verification
from appointments.services import clocks
from appointments.services.endings import end_handling
from appointments.services.numbers import pass_on, with_its_slot
from core import audit
from core.errors import Refused
from core.models import User
from core.transitions import lock, moving
from sessions_app.models import Slot


def record_verification(
    *, verification_id: int, way: str, spoke_with: str, finding: str, actor: User, now: datetime
) -> Verification:
    """What the department learnt from the enterprise, by whom and how (对接核实人/时间/情况). [3.4]

    Refuses `no_finding`, `already_done`, `wrong_status`.
    """
    department_id = Verification.objects.values_list("department_id", flat=True).filter(pk=verification_id).first()
    permissions.check_can_verify(actor, department_id or 0)
    if not finding.strip():
        raise Refused("no_finding", _("请填写核实情况。"), field="finding")
    with transaction.atomic():
        booking = lock(Booking, Verification.objects.only("booking_id").get(pk=verification_id).booking_id)
        with moving(Verification, verification_id, moves.RECORD_VERIFICATION, actor=actor) as verification:
            verification.way, verification.spoke_with, verification.finding = way, spoke_with, finding.strip()
            verification.verified_at, verification.verified_by = now, actor
        clocks.end_verification(booking, verification.department, actor=actor, now=now)
    return verification


def propose_solved(*, booking_id: int, solution: str, actor: User, now: datetime) -> Booking:
    """The lead department's word that the matter is solved; the enterprise decides whether it is. [3.3]

    What the enterprise is reading does not change under its hands. Refuses `no_solution`, `not_accepted`,
    `already_done`.
    """
    with transaction.atomic():
        booking = lock(Booking, booking_id)
        permissions.check_can_verify(actor, lead_of(booking))
        guards.check_accepted(booking)
        guards.check_nothing_proposed(booking)
        if not solution.strip():
            raise Refused("no_solution", _("请写明解决的情况。"), field="solution")
        booking.solution, booking.solution_at = solution.strip(), now
        booking.save(update_fields=["solution", "solution_at"])
        entry = audit.record("propose_solved", booking, actor=actor, clause="[3.3]")
        notices.solved_proposed(booking, once_for=str(entry.pk))
    return booking


def lead_of(booking: Booking) -> int:
    """The department that answers for the booking; 0 before it is assigned."""
    return booking.verifications.filter(is_lead=True).values_list("department_id", flat=True).first() or 0


def confirm_solved(*, booking_id: int, actor: audit.Actor, now: datetime) -> Booking:
    """The enterprise agrees: no consultation is needed, and its number goes to the first in line. [3.3]

    Refuses `not_proposed`, `already_done`, `wrong_status`.
    """
    permissions.check_can_add_facts(actor)

    def solve(slot: Slot | None) -> Booking:
        with moving(Booking, booking_id, moves.SOLVE, actor=actor) as booking:
            guards.check_solution_proposed(booking)
            # Whoever is let go hears why.
            notices.solved_confirmed(booking)
            end_handling(booking, actor=actor, now=now)
        if slot:
            pass_on(slot, now)
        return booking

    return with_its_slot(booking_id, solve)


def decline_solved(*, booking_id: int, actor: audit.Actor, now: datetime) -> Booking:
    """The enterprise still wants its consultation; the department is told. [3.3] Refuses `not_proposed`."""
    permissions.check_can_add_facts(actor)
    with transaction.atomic():
        booking = lock(Booking, booking_id)
        guards.check_accepted(booking)
        guards.check_solution_proposed(booking)
        booking.solution, booking.solution_at = "", None
        booking.save(update_fields=["solution", "solution_at"])
        entry = audit.record("decline_solved", booking, actor=actor, clause="[3.3]")
        notices.solved_declined(booking, once_for=str(entry.pk))
    return booking
