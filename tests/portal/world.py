"""One of everything that an address may name, open for booking now."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from appointments import services
from appointments.models import Attachment, Booking, Choice, ConsentText, PressureReport, RefusalGround
from core.models import AuditEntry, CalendarYear
from departments.models import Department, Membership
from notifications.enums import Channel
from notifications.models import Message
from portal.services import leave_feedback
from sessions_app.enums import SessionKind
from sessions_app.models import Session, Sitting
from tests.appointments.conftest import claim, confirm, take
from tests.conftest import Cast
from tests.factories import make_sitting

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 32


@dataclass
class World:
    """What stands in the place of an address's arguments, by name."""

    sitting: Sitting
    planned: Sitting
    extra: Session
    held: Booking
    booked: Booking
    desk: Booking
    contested: Booking
    ran_out: Booking
    held_file: Attachment
    booked_file: Attachment
    report: PressureReport
    rows: dict[str, Any]

    def argument(self, word: str) -> str:
        """`held.ticket_secret` as it stands in an address; a plain word stands for itself."""
        first, _dot, rest = word.partition(".")
        if first in self.rows:
            return str(getattr(self.rows[first], rest or "pk"))
        found = getattr(self, first, None)
        return word if found is None else str(getattr(found, rest or "pk"))


def make_world(cast: Cast) -> World:
    now = timezone.now()
    kinds = (SessionKind.MAIN, SessionKind.SPECIAL, SessionKind.EXTRA)
    sitting = make_sitting(published=True, sessions=kinds)
    held, booked, late = (take(sitting, serial, now=now) for serial in (1, 2, 3))
    desk = take(sitting, 4, now=now, actor=cast.window_clerk)
    files = [
        services.keep_attachment(booking_id=booking.pk, upload=SimpleUploadedFile("合同.png", PNG), now=now)
        for booking in (held, booked)
    ]
    confirm(booked, now=now)
    services.release_if_due(booking_id=late.pk, now=now + timezone.timedelta(hours=1))
    return World(
        sitting=sitting,
        planned=make_sitting(),
        extra=sitting.sessions.get(kind=SessionKind.EXTRA),
        held=held,
        booked=booked,
        desk=desk,
        contested=claim(sitting, 2, now=now),
        ran_out=late,
        held_file=files[0],
        booked_file=files[1],
        report=services.report_pressure(booking_id=booked.pk, content="被要求撤回", contact="", now=now),
        rows=reference_rows(cast, now),
    )


def reference_rows(cast: Cast, now: Any) -> dict[str, Any]:
    """One row of each kind that the console has a page for."""
    return {
        "user": cast.leader,
        "membership": Membership.objects.get(user=cast.leader),
        "department": Department.objects.get(name="市税务局"),
        "ground": RefusalGround.objects.first()
        or RefusalGround.objects.create(clause="[4.2.1]", text="情形", turn_to="窗口"),
        "choice": Choice.objects.first(),
        "consent": ConsentText.objects.first(),
        "year": CalendarYear.objects.first(),
        "entry": AuditEntry.objects.first(),
        "message": Message.objects.filter(channel=Channel.SMS).first(),
        "opinion": leave_feedback(content="字太小", contact="", now=now),
        "group": Group.objects.create(name="不使用"),
    }


def all_addresses() -> list[str]:
    """Every address pattern of the system, as it is written in the urls files."""
    return list(_walk(get_resolver().url_patterns, ""))


def _walk(patterns: list[Any], before: str) -> Any:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield route
