"""The record begins when who was called sits down, with everything that is known filled in. [3.6]"""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from appointments.enums import QueueStatus
from appointments.models import Booking, QueueEntry
from appointments.selectors_day import entry_of
from appointments.services import start_consultation
from consultations import guards, permissions
from consultations.enums import RecordStatus
from consultations.models import Attendance, Consultation
from consultations.selectors import record_of
from consultations.services.clocks import start_signing
from core.models import User
from core.transitions import lock, start
from sessions_app.models import Session


def open_record(*, booking_id: int, actor: User, now: datetime) -> Consultation:
    """The record of a booking that was called in: begun, and the consultation with it, or the one there is. [3.6]

    Refuses `not_called`, `not_expected`.
    """
    with transaction.atomic():
        found = entry_of(booking_id)
        session = lock(Session, found.session_id) if found else None
        booking = lock(Booking, booking_id)
        entry = guards.check_called(booking, entry_of(booking_id))
        assert session is not None
        permissions.check_can_keep(actor, session)
        if (there := record_of(booking_id)) is not None:
            return there
        if entry.status == QueueStatus.CALLED:
            entry = start_consultation(entry_id=entry.pk, actor=actor, now=now)
        return _begin(booking, entry, actor, now)


def _begin(booking: Booking, entry: QueueEntry, actor: User, now: datetime) -> Consultation:
    record = Consultation(
        booking=booking,
        session=entry.session,
        held_on=timezone.localdate(entry.started_at or now),
        opened_at=now,
        opened_by=actor,
        visitors=_visitors(booking),
        points=_points(booking),
        recorder=actor.full_name,
        kept_at=now,
        kept_by=actor,
    )
    parts = list(booking.verifications.active().order_by("-is_lead", "pk"))
    record.lead_id = next((part.department_id for part in parts if part.is_lead), None)
    start(record, RecordStatus.DRAFT, actor=actor, action="open_record", clause="[3.6]")
    record.assisting.set([part.department_id for part in parts if not part.is_lead])
    _seat(record)
    start_signing(record, actor=actor, now=now)
    return record


def _seat(record: Consultation) -> None:
    """Who sits, from the announcement; who sat at the session's record before, from there: nobody types it twice."""
    sat = Attendance.objects.filter(consultation__session=record.session_id).order_by("consultation_id", "pk")
    before = {row.department_id: row for row in sat}
    for chair in record.session.chairs.order_by("pk"):
        known = before.get(chair.department_id)
        Attendance.objects.create(
            consultation=record,
            department_id=chair.department_id,
            is_lead=chair.is_lead,
            principal=known.principal if known else f"{chair.leader_name} {chair.leader_title}".strip(),
            principal_came=known.principal_came if known else bool(chair.leader_name),
            absence=known.absence if known else "",
            deputies=known.deputies if known else "",
            sections=known.sections if known else "",
        )


def _visitors(booking: Booking) -> str:
    if not booking.representative_name:
        return ""
    return f"{booking.representative_name}（{booking.get_representative_role_display()}）"


def _points(booking: Booking) -> str:
    """As the enterprise wrote it; at the table it is shortened, or new points are added."""
    most = Consultation._meta.get_field("points").max_length
    return "\n".join(part for part in (booking.title, booking.facts, booking.request) if part)[:most]
