"""帮办: the window makes a booking of a question; the booking is made by the same verbs as every other. [3.1]"""

from datetime import datetime

from django.db import transaction

from appointments import services as appointments
from appointments.models import Booking
from appointments.services import Application
from core import audit
from core.errors import Refused
from core.models import User
from core.transitions import lock, moving
from inquiries import guards, moves, notices, permissions
from inquiries.models import Inquiry
from inquiries.services.clock import meet_clock

BATCH = 200


def start_booking(
    *,
    inquiry_id: int,
    sitting_id: int,
    application: Application,
    submission: str,
    in_line: bool,
    actor: User,
    now: datetime,
) -> Booking:
    """Take a number (or a place in line) for the asker, with the question in the form; the question keeps the key.

    It stays open until the booking is made: a number that runs out leaves the question where it was. Refuses
    `wrong_status`, and what `take_number` and `join_waiting_list` refuse. [3.1]
    """
    permissions.check_can_handle(actor)
    verb = appointments.join_waiting_list if in_line else appointments.take_number
    with transaction.atomic():
        booking = verb(sitting_id=sitting_id, application=application, submission=submission, actor=actor, now=now)
        inquiry = lock(Inquiry, inquiry_id)
        guards.check_still_open(inquiry)
        inquiry.booking = booking
        inquiry.save(update_fields=["booking"])
        audit.record("start_booking", inquiry, actor=actor, after=f"booking:{booking.pk}", clause="[3.1]")
        appointments.keep_answers(booking_id=booking.pk, answers=_known(inquiry), now=now)
    return booking


def _known(inquiry: Inquiry) -> dict[str, list[str]]:
    """What need not be typed again, as the booking's form calls it."""
    known = {
        "facts": inquiry.question,
        "demand_area": str(inquiry.area_id or ""),
        "representative_name": inquiry.contact_name,
        "email": inquiry.email,
    }
    answers = {name: [value] for name, value in known.items() if value}
    return answers | {"channels": ["sms", "email"] if inquiry.email else ["sms"]}


def end_booked(now: datetime) -> int:
    """End every open question whose booking was made; returns how many. Run again it finds nothing. [3.1]"""
    waiting = Inquiry.objects.open().filter(booking__status__in=guards.MADE)
    return sum(_end(pk, now) for pk in list(waiting.values_list("pk", flat=True)[:BATCH]))


def _end(pk: int, now: datetime) -> bool:
    """What was answered or booked meanwhile by somebody else is left alone."""
    try:
        with moving(Inquiry, pk, moves.BOOK, actor=audit.SYSTEM) as inquiry:
            guards.check_booking_made(inquiry)
            inquiry.closed_at = now
            meet_clock(inquiry, audit.SYSTEM, now)
            notices.booked(inquiry)
    except Refused:
        return False
    return True
