"""Who lost its consultation for no fault of its own comes first in the next sitting. [3.3]"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from appointments import notices
from appointments.enums import LIVE, BookingStatus, Origin
from appointments.models import Booking, BookingDraft
from appointments.selectors import answers_of, offer_end
from appointments.services.numbers import application_of, claim_free_slot, create_booking
from core import audit
from core.transitions import lock
from sessions_app.enums import SittingStatus
from sessions_app.models import Session, Sitting, Slot

# The sweep runs every 30 seconds; a sitting that opened the minute it was published is not missed.
AFTER_PUBLICATION = timedelta(minutes=10)


def offer_first_claims(now: datetime) -> int:
    """Offer the numbers of a newly announced sitting to who lost theirs, before it opens, in order. [3.3]

    The claim is on the next sitting that had not opened yet, and on no later one. An offer lasts until the opening,
    and at least as long as any other offer.
    """
    fresh = Q(opens_at__gt=now) | Q(published_at__gt=now - AFTER_PUBLICATION)
    upcoming = Sitting.objects.filter(fresh, status=SittingStatus.PUBLISHED).order_by("day").first()
    if upcoming is None:
        return 0
    # Those with a number first, in its order; then the line, in its order.
    in_order = lost_bookings(upcoming).order_by(
        "sitting__day", F("slot__number").asc(nulls_last=True), "queued_at", "pk"
    )
    free = Slot.objects.filter(sitting=upcoming, session__isnull=True, taken=False).count()
    keys = list(in_order.values_list("pk", flat=True)[:free])
    return sum(_carry_over(key, upcoming, now) for key in keys)


def lost_bookings(upcoming: Sitting) -> QuerySet[Booking]:
    """Whose next sitting is this one, who has first claim, and who has not booked in it already."""
    between = Sitting.objects.filter(
        status=SittingStatus.PUBLISHED,
        day__gt=OuterRef("sitting__day"),
        day__lt=upcoming.day,
        opens_at__gt=OuterRef("lost_at"),
    )
    booked_again = Booking.objects.filter(sitting=upcoming, enterprise=OuterRef("enterprise"), status__in=LIVE)
    last_session = Session.objects.filter(sitting=OuterRef("sitting")).order_by("-ends_at")
    lost_at = Coalesce("sitting__cancelled_at", Subquery(last_session.values("ends_at")[:1]))
    return (
        Booking.objects.with_first_claim()
        .alias(lost_at=lost_at)
        .filter(
            ~Exists(between),
            ~Exists(booked_again),
            carried_to__isnull=True,
            sitting__day__lte=upcoming.day,
        )
    )


def _carry_over(booking_id: int, sitting: Sitting, now: datetime) -> bool:
    with transaction.atomic():
        lock(Sitting, sitting.pk)
        slot = claim_free_slot(sitting.pk)
        lost = lock(Booking, booking_id)
        still_lost = lost_bookings(sitting).filter(pk=booking_id).exists()
        if slot is None or not still_lost:
            transaction.set_rollback(True)
            return False
        opens_at = sitting.opens_at or now
        booking = create_booking(
            sitting,
            application_of(lost),
            status=BookingStatus.OFFERED,
            submission=f"carried:{lost.pk}",
            actor=audit.SYSTEM,
            now=now,
            slot=slot,
            held_until=max(opens_at, offer_end(sitting.pk, now) or opens_at),
            origin=Origin.CARRIED,
            carried_from=lost,
        )
        BookingDraft.objects.create(booking=booking, answers=answers_of(lost), saved_at=now)
        notices.number_offered(booking)
    return True
