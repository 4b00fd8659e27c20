"""What is said to an enterprise about its booking, and to the inspection office. Texts: templates/notices/*.txt."""

from datetime import date, datetime
from typing import Any

from appointments.models import Booking, MobileCode, PressureReport
from appointments.notice_kinds import variables_of
from appointments.selectors import channels_of
from core.audit import subject_of
from core.models import AuditEntry
from core.templatetags.cn import cn_date
from departments.enums import Role
from departments.selectors import users_with_role
from notifications.enums import Channel
from notifications.services import enqueue, link_placeholder, render, tell_in_console, withhold


def tell(
    booking: Booking, kind: str, *, once_for: str, to_be_reached: bool = False, audience: str = "", **context: Any
) -> None:
    """Queue one message for each of the enterprise's channels; `once_for` tells repetitions of a kind apart.

    `to_be_reached`: whoever the message does not reach is phoned, by the people of `audience`. [3.5]
    """
    variables = variables_of(kind, booking, context)
    heading, text = render(kind, **variables)
    ways = channels_of(booking)
    phoned_anyway = any(channel == Channel.PHONE for channel, _recipient in ways)
    for channel, recipient in ways:
        enqueue(
            kind=kind,
            channel=channel,
            recipient=recipient,
            subject=subject_of(booking),
            heading=heading,
            text=text,
            variables=variables,
            link_seed=str(booking.link_seed),
            phone_fallback=booking.mobile if to_be_reached and not phoned_anyway else "",
            audience=audience,
            dedup_key=f"booking:{booking.pk}:{kind}:{once_for}:{channel}",
        )


def mobile_code(code: MobileCode) -> None:
    """To the mobile alone, and now; the digits stand in no row. [3.3]"""
    minutes = str(int((code.expires_at - code.asked_at).total_seconds()) // 60)
    variables = {"code": link_placeholder("code"), "minutes": minutes}
    heading, text = render("mobile_code", **variables)
    enqueue(
        kind="mobile_code",
        channel=Channel.SMS,
        recipient=code.mobile,
        subject=subject_of(code),
        heading=heading,
        text=text,
        variables=variables,
        link_seed=str(code.seed),
        dedup_key=f"mobile_code:{code.pk}",
    )


def call_back_asked(booking: Booking) -> None:
    """A call for the desk: no code arrived. [3.3]"""
    variables = variables_of("call_back", booking, {})
    heading, text = render("call_back", **variables)
    enqueue(
        kind="call_back",
        channel=Channel.PHONE,
        recipient=booking.mobile,
        subject=subject_of(booking),
        heading=heading,
        text=text,
        variables=variables,
        dedup_key=f"booking:{booking.pk}:call_back:{_moment(booking.queued_at)}:phone",
    )


def no_call_back(booking: Booking) -> None:
    """It has its code, was called, or ended: nobody is to call any more."""
    if booking.call_back_at:
        withhold(subject=subject_of(booking), kinds=["call_back"])


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
    told = {"before": cn_date(before), "after": cn_date(after), "reason": reason}
    tell(booking, "sitting_moved", once_for=str(change.pk), **told)


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
    tell_in_console(
        users_with_role(Role.INSPECTOR, Role.INSPECTION_APPROVER),
        kind="pressure_reported",
        subject=subject_of(report),
        key=f"pressure:{report.pk}",
        heading=heading,
        text=text,
    )


def _moment(moment: datetime | None) -> str:
    return moment.strftime("%Y%m%d%H%M%S") if moment else ""
