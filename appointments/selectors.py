"""Named reads of bookings."""

from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Q

from appointments.enums import LIVE, SUBMITTED, BookingStatus, ChoiceKind, NoticeChannel
from appointments.models import Booking, BookingDraft, Choice, ConsentText, RefusalGround
from core import policy, secrets
from core.moments import kept
from core.selectors import ours
from notifications.enums import Channel
from sessions_app.enums import SittingPhase
from sessions_app.models import Chair, Session, Sitting

# Answers that stand in one column as they were typed.
PLAIN_ANSWERS = (
    "email",
    "representative_name",
    "representative_role",
    "demand_kind",
    "title",
    "facts",
    "request",
    "elsewhere",
    "elsewhere_reference",
    "attendees",
    "district",
    "industry",
    "demand_area",
)


# By hand, because building this query takes five times as long as asking it. Columns not named are read when needed.
SITTING_FOR_BOOKING = """
    SELECT sitting.id, sitting.year, sitting.number, sitting.day, sitting.status,
        sitting.published_at, sitting.opens_at, sitting.closes_at,
        (SELECT count(*) FROM sessions_app_slot AS slot
            WHERE slot.sitting_id = sitting.id AND slot.session_id IS NULL AND NOT slot.taken) AS free,
        (SELECT count(*) FROM appointments_booking AS line
            WHERE line.sitting_id = sitting.id AND line.status = 'waiting'
            AND (line.call_back_at IS NULL OR line.mobile_verified_at IS NOT NULL)) AS waiting,
        EXISTS (SELECT 1 FROM appointments_booking AS booking WHERE booking.submission_digest = %s) AS answered
    FROM sessions_app_sitting AS sitting WHERE sitting.id = %s AND sitting.status <> 'planned'
"""


def sitting_for_booking(sitting_id: int, submission: str = "") -> Sitting | None:
    """A sitting that is not merely planned, with `free` and `waiting`, and whether this submission was `answered`."""
    found = Sitting.objects.raw(SITTING_FOR_BOOKING, [secrets.digest(submission), sitting_id])
    return next(iter(found), None)


NUMBERS_LEFT = """
    SELECT (SELECT count(*) FROM sessions_app_slot WHERE sitting_id = %s AND session_id IS NULL AND NOT taken),
        EXISTS (SELECT 1 FROM appointments_booking WHERE submission_digest = %s)
"""


def numbers_left(sitting_id: int, submission: str) -> tuple[int, bool]:
    """Free public numbers, and whether this submission was answered before: all that a press is told no by."""
    with connection.cursor() as cursor:
        cursor.execute(NUMBERS_LEFT, [sitting_id, secrets.digest(submission)])
        free, answered = cursor.fetchone()
    return free, bool(answered)


def sitting_a_moment_ago(sitting_id: int) -> Sitting | None:
    """The same for pages, which may be a moment old. A press looks at `numbers_left` in any case."""
    return kept(("sitting", sitting_id), lambda: sitting_for_booking(sitting_id))


def phase_of(sitting: Sitting, now: datetime) -> SittingPhase:
    """The public phase of a sitting read with `free`."""
    return sitting.phase(now, sitting.free)


def waiting_count(sitting_id: int) -> int:
    return Booking.objects.filter(sitting_id=sitting_id, status=BookingStatus.WAITING).count()


def place_in_line(booking: Booking) -> int | None:
    """1 for the first in line; None for who does not wait."""
    if booking.status != BookingStatus.WAITING:
        return None
    before = Q(queued_at__lt=booking.queued_at) | Q(queued_at=booking.queued_at, pk__lt=booking.pk)
    return Booking.objects.filter(before, sitting_id=booking.sitting_id, status=BookingStatus.WAITING).count() + 1


def booking_by_ticket(secret: str) -> Booking | None:
    digest = secrets.digest(secret)
    return (
        Booking.objects.select_related("sitting", "slot", "enterprise", "session").filter(ticket_digest=digest).first()
    )


def booking_by_checkin(secret: str) -> Booking | None:
    return Booking.objects.select_related("sitting", "slot").filter(checkin_digest=secrets.digest(secret)).first()


def live_booking_of(sitting_id: int, identity: str) -> Booking | None:
    return Booking.objects.filter(sitting_id=sitting_id, enterprise__identity=identity, status__in=LIVE).first()


def choices_of(kind: ChoiceKind) -> list[Choice]:
    return list(Choice.objects.filter(kind=kind, is_active=True))


def grounds() -> list[RefusalGround]:
    return kept(("grounds",), lambda: list(RefusalGround.objects.all()))


def consent_in_force(now: datetime) -> ConsentText:
    return ConsentText.objects.filter(in_force_from__lte=now)[:1].get()


def first_session_start(sitting_id: int) -> datetime:
    return Session.objects.filter(sitting_id=sitting_id).order_by("starts_at").values_list("starts_at", flat=True)[0]


def start_of(booking: Booking) -> datetime:
    """When the enterprise is expected: its own session once it is placed, else the first one."""
    return booking.session.starts_at if booking.session else first_session_start(booking.sitting_id)


def offer_end(sitting_id: int, now: datetime) -> datetime | None:
    """Until when a number that became free is kept for who waited: 24 hours, and never more than half the time left.

    None when the first session is too near to offer it at all. [3.3]
    """
    left = first_session_start(sitting_id) - now
    if left < timedelta(minutes=ours(policy.OFFER_LEAST_MINUTES)):
        return None
    return now + min(timedelta(hours=ours(policy.OFFER_HOURS)), left / 2)


def departments_of_sitting(sitting_id: int) -> list[Chair]:
    """Each department of the sitting once, for the form's choice. [3.3]"""
    chairs = Chair.objects.filter(session__sitting_id=sitting_id).select_related("department")
    return list({chair.department_id: chair for chair in chairs.order_by("department__position")}.values())


def bookings_for_list(sitting_id: int) -> list[Booking]:
    """What the booking list shows of a sitting, in order of number, in a fixed number of queries. [3.4]"""
    return list(
        Booking.objects.filter(sitting_id=sitting_id, status__in=SUBMITTED)
        .select_related("sitting", "slot", "district", "industry", "demand_area")
        .prefetch_related("departments", "attachments")
        .order_by("slot__number")
    )


def answers_of(booking: Booking) -> dict[str, list[str]]:
    """A booking's form as it would be typed: its draft, or what it submitted."""
    draft = BookingDraft.objects.filter(booking_id=booking.pk).first()
    if draft is not None:
        return draft.answers
    values = {name: booking.serializable_value(name) for name in PLAIN_ANSWERS}
    answers = {name: [str(value)] for name, value in values.items() if value not in (None, "")}
    if booking.confirmed_at:
        answers["channels"] = list(booking.channels)
        answers["departments"] = [str(key) for key in booking.departments.values_list("pk", flat=True)]
    return answers


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
