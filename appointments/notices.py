"""What is said to an enterprise about its booking, and to the inspection office. Texts: templates/notices/*.txt."""

from datetime import date, datetime
from typing import Any

from django.template import Context
from django.template.loader import get_template

from appointments.enums import NoticeChannel
from appointments.models import Booking, PressureReport
from core import secrets
from core.audit import subject_of
from core.models import AuditEntry
from departments.enums import Role
from departments.selectors import users_with_role
from notifications.enums import Channel
from notifications.services import enqueue, link_placeholder


def render(kind: str, **context: Any) -> tuple[str, str]:
    """Heading (the template's first line) and text. Plain text: nothing is escaped."""
    template = get_template(f"notices/{kind}.txt").template
    heading, _newline, text = template.render(Context(context, autoescape=False)).strip().partition("\n")
    return heading.strip(), text.strip()


def channels_of(booking: Booking) -> list[tuple[Channel, str]]:
    """Where this enterprise wants to be told; the mobile when it has not said. [3.5]"""
    chosen = booking.channels or [NoticeChannel.SMS]
    ways = []
    if NoticeChannel.SMS in chosen:
        ways.append((Channel.SMS, booking.mobile))
    if NoticeChannel.EMAIL in chosen and booking.email:
        ways.append((Channel.EMAIL, booking.email))
    if NoticeChannel.PHONE in chosen:
        ways.append((Channel.PHONE, booking.mobile))
    return ways or [(Channel.SMS, booking.mobile)]


def tell(booking: Booking, kind: str, *, once_for: str, **context: Any) -> None:
    """Queue one message for each of the enterprise's channels; `once_for` tells repetitions of a kind apart."""
    link = link_placeholder(secrets.TICKET)
    heading, text = render(kind, booking=booking, sitting=booking.sitting, link=link, **context)
    for channel, recipient in channels_of(booking):
        enqueue(
            kind=kind,
            channel=channel,
            recipient=recipient,
            subject=subject_of(booking),
            heading=heading,
            text=text,
            link_seed=str(booking.link_seed),
            dedup_key=f"booking:{booking.pk}:{kind}:{once_for}:{channel}",
        )


def booking_confirmed(booking: Booking) -> None:
    tell(booking, "booking_confirmed", once_for="1")


def booking_cancelled(booking: Booking) -> None:
    tell(booking, "booking_cancelled", once_for="1")


def waiting(booking: Booking) -> None:
    tell(booking, "waiting", once_for="1")


def number_offered(booking: Booking) -> None:
    tell(booking, "number_offered", once_for=_moment(booking.held_until))


def number_lost(booking: Booking) -> None:
    tell(booking, "number_lost", once_for=_moment(booking.queued_at))


def claim_received(booking: Booking) -> None:
    tell(booking, "claim_received", once_for="1")


def claim_dismissed(booking: Booking) -> None:
    tell(booking, "claim_dismissed", once_for="1")


def claim_upheld(booking: Booking, *, with_number: bool) -> None:
    tell(booking, "number_offered" if with_number else "waiting", once_for="claim")


def line_ended(booking: Booking) -> None:
    tell(booking, "line_ended", once_for="1")


def claim_ended(booking: Booking, *, reason: str) -> None:
    tell(booking, "claim_ended", once_for="1", reason=reason)


def sitting_moved(booking: Booking, *, change: AuditEntry, before: date, after: date, reason: str) -> None:
    """`change` is the entry of this very move: to and fro and to again is three messages."""
    tell(booking, "sitting_moved", once_for=str(change.pk), before=before, after=after, reason=reason)


def sitting_cancelled(booking: Booking, *, reason: str) -> None:
    tell(booking, "sitting_cancelled", once_for="1", reason=reason)


def session_moved(booking: Booking, *, change: AuditEntry, before: str, after: str, reason: str) -> None:
    tell(booking, "session_moved", once_for=str(change.pk), before=before, after=after, reason=reason)


def session_called_off(booking: Booking, *, change: AuditEntry, session: str, reason: str) -> None:
    tell(booking, "session_called_off", once_for=str(change.pk), session=session, reason=reason)


def link_again(booking: Booking, now: datetime) -> None:
    """At most one in ten minutes, however often it is asked for."""
    tell(booking, "link_again", once_for=str(int(now.timestamp()) // 600))


def pressure_reported(report: PressureReport) -> None:
    """The inspection office alone; the message names no enterprise. [5.2]"""
    heading, text = render("pressure_reported", report=report)
    for user in users_with_role(Role.INSPECTOR, Role.INSPECTION_APPROVER):
        enqueue(
            kind="pressure_reported",
            channel=Channel.CONSOLE,
            recipient=user.username,
            subject=subject_of(report),
            heading=heading,
            text=text,
            dedup_key=f"pressure:{report.pk}:{user.pk}",
        )


def _moment(moment: datetime | None) -> str:
    return moment.strftime("%Y%m%d%H%M%S") if moment else ""
