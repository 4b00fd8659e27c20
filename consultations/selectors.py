"""Named reads of records. [3.6]"""

from collections.abc import Collection

from appointments.models import Booking
from appointments.selectors_handling import earlier_bookings
from cases.models import Case
from consultations.enums import RecordStatus
from consultations.models import Consultation
from core.models import User
from departments.models import Department
from sessions_app.models import Session


def record_of(booking_id: int) -> Consultation | None:
    return Consultation.objects.filter(booking=booking_id).first()


def records_of(session_id: int) -> dict[int, Consultation]:
    """The records of a session by booking. One query."""
    return {row.booking_id: row for row in Consultation.objects.filter(session=session_id)}


def left_unsigned(user: User, sessions: Collection[Session]) -> list[Consultation]:
    """Drafts of sessions other than these where this person's department sat, the oldest first. One query."""
    drafts = Consultation.objects.visible_to(user).filter(status=RecordStatus.DRAFT)
    others = drafts.exclude(session__in=[session.pk for session in sessions])
    return list(others.select_related("booking__slot").order_by("held_on", "pk"))


def earlier_of(booking: Booking, user: User) -> list[tuple[Booking, Case | None]]:
    """The enterprise's earlier demands that this person may see, with what came of them. Two queries."""
    seen = set(Booking.objects.visible_to(user).filter(enterprise=booking.enterprise_id).values_list("pk", flat=True))
    earlier = [row for row in earlier_bookings(booking) if row.pk in seen]
    cases = {case.booking_id: case for case in Case.objects.filter(booking__in=earlier)}
    return [(row, cases.get(row.pk)) for row in earlier]


def departments_to_choose(record: Consultation) -> tuple[list[Department], list[Department]]:
    """Those at the table or concerned with the demand, and all others in use. Two queries."""
    near = set(record.attendances.values_list("department_id", flat=True))
    near |= set(record.booking.verifications.active().values_list("department_id", flat=True))
    near |= {record.lead_id or 0, *record.assisting.values_list("pk", flat=True)}
    rows = list(Department.objects.filter(is_active=True).order_by("position", "name"))
    return [row for row in rows if row.pk in near], [row for row in rows if row.pk not in near]
