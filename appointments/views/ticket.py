"""The registration slip: the enterprise's own page until its consultation. [3.3]"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appointments.enums import EXPECTED, FILLING, LOST, RAN_OUT, BookingStatus
from appointments.models import Booking
from appointments.moves import CANCEL
from appointments.selectors import start_of
from appointments.views.common import hold_context, holder_page, ticket_url
from appointments.views.day import absence_context, day_context
from appointments.views.form import checked_forms, sections_of
from core import ical, policy
from core.ical import calendar, event
from core.qr import qr_svg
from core.selectors import ours
from core.templatetags.cn import cn_datetime
from sessions_app.selectors import sessions_of

UNPLACED = gettext_lazy("具体时间、地点和场次将于坐诊前3日通知")
# Ended so that the enterprise may want another number.
ENDED = (*LOST, BookingStatus.CANCELLED, BookingStatus.REFUSED, BookingStatus.ABSENT)


def slip(request: HttpRequest, booking: Booking) -> HttpResponse:
    """The registration slip: the enterprise's own page, from the first press to its consultation. [3.3]

    The page that has the address stands above: it shows this until there is a case.
    """
    expected = booking.status in EXPECTED
    now = timezone.now()
    on_the_day = day_context(booking, now) | absence_context(booking, now)
    context = (
        hold_context(booking, now)
        | on_the_day
        | papers_of(booking)
        | {
            "sitting": booking.sitting,
            "state": booking.status,
            "expected": expected,
            "sessions": sessions_of(booking.sitting_id) if expected and not is_told(booking) else [],
            "when_text": cn_datetime(booking.meet_at) if is_told(booking) else UNPLACED,
            "place_text": booking.session.place if is_told(booking) and booking.session else UNPLACED,
            "checkin_svg": qr_svg(checkin_address(booking)) if expected else "",
            "progress": progress_of(booking),
            "can_cancel": booking.status in CANCEL.sources and now < start_of(booking),
            "cancel_url": ticket_url(booking, "appointments:cancel"),
            "facts_url": ticket_url(booking, "appointments:facts"),
            "solved_url": ticket_url(booking, "appointments:solved"),
            "ics_url": ticket_url(booking, "appointments:ticket_ics"),
            "claim_working_days": ours(policy.CLAIM_WORKING_DAYS),
            "form_url": form_url(booking),
            "take_again_url": take_again_url(booking),
        }
    )
    return render(request, "appointments/ticket.html", context)


def papers_of(booking: Booking) -> dict[str, Any]:
    """What was submitted, and what was added before the consultation, as it is read back."""
    return {
        "answers": sections_of(booking, checked_forms(booking)) if booking.confirmed_at else [],
        "supplements": booking.supplements.all(),
    }


def is_told(booking: Booking) -> bool:
    """Session and time are shown from the call notice on, and while they are the ones that were told. [3.5]"""
    return bool(booking.told_place) and booking.told_place == booking.place_key


@dataclass(frozen=True)
class Step:
    """One stage of the way, and whether it is behind, now or ahead."""

    label: Any
    text: Any
    state: str
    at: datetime | None = None


def progress_of(booking: Booking) -> list[Step]:
    """From the booking to the consultation, for who still has it ahead. [3.4] [3.5] [3.6]"""
    if booking.status not in EXPECTED:
        return []
    accepted, told = booking.status == BookingStatus.ACCEPTED, is_told(booking)
    now_at = 3 if told else 2 if accepted else 1
    stages = [
        (_("预约成功"), "", booking.confirmed_at),
        (
            _("已受理") if accepted else _("审核"),
            _("坐诊部门会联系您核实情况。") if accepted else _("服务专窗 1 个工作日内审核，结果短信告知。"),
            booking.decided_at if accepted else None,
        ),
        (_("叫号提醒"), _("坐诊前 3 日，按您选的方式告知具体时间、地点和场次，本页同步更新。"), None),
        (
            _("到场坐诊"),
            _("提前 15 分钟到现场候诊，出示本单签到。可由法定代表人、实际控制人或委托的代表到场。"),
            None,
        ),
    ]
    return [
        Step(label, text, "done" if place < now_at else "now" if place == now_at else "todo", at)
        for place, (label, text, at) in enumerate(stages)
    ]


def checkin_address(booking: Booking) -> str:
    return f"{settings.PUBLIC_BASE_URL}{reverse('appointments:checkin', args=[booking.checkin_secret])}"


def form_url(booking: Booking) -> str:
    return ticket_url(booking, "appointments:step", "grounds") if booking.status in FILLING else ""


def take_again_url(booking: Booking) -> str:
    if booking.status in RAN_OUT:
        return ticket_url(booking, "appointments:expired")
    return reverse("portal:home") if booking.status in ENDED else ""


@holder_page
def ticket_ics(request: HttpRequest, booking: Booking) -> HttpResponse:
    return ical.download(booking_calendar(booking), f"{booking.reference}.ics")


def booking_calendar(booking: Booking) -> bytes:
    """The booked day as a whole until the hour is told 3 days before; the same entry in the calendar. [3.5]"""
    summary = _("局长坐诊接诉 %(title)s（预约编号 %(reference)s）") % {
        "title": booking.sitting.title,
        "reference": booking.reference,
    }
    entry = event(f"booking-{booking.reference}", summary, timezone.now(), **_when_and_where(booking))
    return calendar(booking.sitting.title, [entry])


def _when_and_where(booking: Booking) -> dict[str, Any]:
    early = _("请提前%s分钟到现场候诊。") % policy.ARRIVE_EARLY_MINUTES
    if is_told(booking) and booking.session and booking.meet_at:
        length = timedelta(minutes=ours(policy.CONSULTATION_MINUTES))
        return {
            "dtstart": booking.meet_at,
            "dtend": booking.meet_at + length,
            "location": booking.session.place,
            "description": early,
        }
    day = booking.sitting.day
    return {
        "dtstart": day,
        "dtend": day + timedelta(days=1),
        "location": str(policy.WINDOW_PLACE),
        "description": f"{UNPLACED}，{early}",
    }
