"""What is said while a booking is handled: to the enterprise, and to the departments that handle it. [3.4] [3.5]"""

from typing import Any

from appointments.enums import CALL_NOTICES
from appointments.models import Booking, Supplement
from appointments.notices import tell
from core.audit import subject_of
from core.models import User
from core.templatetags.cn import cn_last_day
from departments.models import Department
from departments.selectors import audience_of, bureau, people_of
from notifications.services import render, tell_in_console, withhold


def booking_accepted(booking: Booking) -> None:
    tell(booking, "booking_accepted", once_for="1")


def booking_refused(booking: Booking) -> None:
    tell(booking, "booking_refused", once_for="1")


def facts_asked(booking: Booking, asked: Supplement) -> None:
    answer_by = cn_last_day(asked.answer_by)
    tell(booking, "facts_asked", once_for=str(asked.pk), question=asked.question, answer_by=answer_by)


def facts_written_down(booking: Booking, added: Supplement) -> None:
    """The desk answered in the enterprise's name: it sees what was written down. [3.4]"""
    tell(booking, "facts_written_down", once_for=str(added.pk), facts=added.text)


def solved_proposed(booking: Booking, *, once_for: str) -> None:
    tell(booking, "solved_proposed", once_for=once_for)


def call_notice(booking: Booking, *, again: bool, once_for: str) -> None:
    """Exact time, place and session, the lead department's to see to; `again` when another was told before. [3.5]

    A notice that is still waiting to go out and is no longer true is held back.
    """
    withhold(subject=subject_of(booking), kinds=CALL_NOTICES)
    lead = next((row.department for row in booking.verifications.active() if row.is_lead), None)
    audience = audience_of(lead) if lead else ""
    kind = "call_notice_again" if again else "call_notice"
    tell(booking, kind, once_for=once_for, to_be_reached=True, audience=audience)


def nothing_more_to_call(booking: Booking) -> int:
    """The booking ended or has another place: its call notice is no longer true. Returns how many were held back."""
    return withhold(subject=subject_of(booking), kinds=CALL_NOTICES)


def verification_asked(booking: Booking, department: Department, *, once_for: str) -> None:
    tell_department(booking, "verification_asked", [department], once_for=once_for)


def no_place_left(booking: Booking) -> None:
    """Its call notice is due, and no time of the sitting is free: the bureau finds one. [3.5]"""
    tell_department(booking, "no_place_left", [bureau()], once_for="1")


def solved_confirmed(booking: Booking) -> None:
    tell_department(booking, "solved_confirmed", departments_of(booking), once_for="1")


def solved_declined(booking: Booking, *, once_for: str) -> None:
    tell_department(booking, "solved_declined", departments_of(booking), once_for=once_for)


def departments_of(booking: Booking) -> list[Department]:
    """Whom the bureau passed it to, and who has not been let go."""
    rows = booking.verifications.active().select_related("department")
    return [row.department for row in rows]


def tell_department(
    booking: Booking, kind: str, departments: list[Department], *, once_for: str, **context: Any
) -> None:
    """On the console of everybody who works there; the text names no contact."""
    people = people_of([department.pk for department in departments])
    tell_staff(booking, kind, people, once_for=once_for, **context)


def tell_staff(booking: Booking, kind: str, people: list[User], *, once_for: str, **context: Any) -> None:
    heading, text = render(kind, booking=booking, sitting=booking.sitting, **context)
    tell_in_console(
        people,
        kind=kind,
        subject=subject_of(booking),
        key=f"booking:{booking.pk}:{kind}:{once_for}",
        heading=heading,
        text=text,
    )
