"""Claiming a number, and passing it on when it becomes free."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from appointments import moves, notices
from appointments.enums import HOLDING, BookingStatus, Origin
from appointments.identity import identity_of
from appointments.models import Booking, Enterprise
from appointments.selectors import offer_end
from appointments.services.indexing import index_booking
from core import audit, policy, secrets
from core.constraints import violated
from core.errors import Refused
from core.models import User
from core.references import draw_reference
from core.selectors import ours
from core.transitions import lock, moving, start
from sessions_app.models import Sitting, Slot

T = TypeVar("T")
TRIES = 3


@dataclass(frozen=True)
class Application:
    """What an enterprise says of itself to get in: normalised and checked by the form. [3.3]"""

    enterprise_kind: str
    company_name: str
    credit_code: str
    mobile: str
    # Shown before, on the same device. [3.3]
    mobile_verified: bool = False

    @property
    def identity(self) -> str:
        return identity_of(self.credit_code, self.mobile)


def application_of(booking: Booking) -> Application:
    """The same enterprise in another sitting; a mobile that was shown to be its own stays so. [3.3]"""
    said = (booking.enterprise_kind, booking.company_name, booking.credit_code, booking.mobile)
    return Application(*said, mobile_verified=booking.mobile_verified_at is not None)


def claim_free_slot(sitting_id: int) -> Slot | None:
    """The lowest free public number, locked and marked; those being claimed by others are skipped."""
    free = Slot.objects.filter(sitting_id=sitting_id, session__isnull=True, taken=False)
    slot = free.select_for_update(of=("self",), skip_locked=True, no_key=True).order_by("number").first()
    if slot is not None:
        Slot.objects.filter(pk=slot.pk).update(taken=True)
    return slot


def hold_until(now: datetime) -> datetime:
    return now + timedelta(minutes=ours(policy.HOLD_MINUTES))


def create_booking(
    sitting: Sitting,
    application: Application,
    *,
    status: BookingStatus,
    submission: str,
    actor: audit.Actor,
    now: datetime,
    **columns: Any,
) -> Booking:
    """Insert a booking in its first status. The caller stands in a transaction and turns violations into sentences."""
    enterprise, _created = Enterprise.objects.get_or_create(
        identity=application.identity,
        defaults={"name": application.company_name, "credit_code": application.credit_code},
    )
    seed = uuid.uuid4()
    booking = Booking(
        sitting=sitting,
        enterprise=enterprise,
        reference=draw_reference(f"{sitting.year % 100:02d}-{sitting.number:02d}"),
        origin=columns.pop("origin", Origin.DESK if isinstance(actor, User) else Origin.WEB),
        booked_by=actor if isinstance(actor, User) else None,
        link_seed=seed,
        ticket_digest=secrets.digest(secrets.derive(secrets.TICKET, str(seed))),
        checkin_digest=secrets.digest(secrets.derive(secrets.CHECKIN, str(seed))),
        submission_digest=secrets.digest(submission),
        queued_at=now,
        enterprise_kind=application.enterprise_kind,
        company_name=application.company_name,
        credit_code=application.credit_code,
        mobile=application.mobile,
        mobile_verified_at=now if application.mobile_verified else None,
        **columns,
    )
    start(booking, status, actor=actor, action=f"booking_{status}", clause="[3.3]")
    index_booking(booking)
    return booking


def refusal_of(error: IntegrityError) -> Refused:
    """The sentence for a violated rule; an error that is none of ours goes on."""
    match violated(error):
        case "one_live_booking_for_an_enterprise":
            return Refused("already_booked", _("该企业本期已有预约。"), field="credit_code")
        case "one_claim_for_a_mobile":
            return Refused("already_claimed", _("该手机号已提交核实申请，请等候窗口联系。"), field="mobile")
        case "one_live_booking_for_a_number":
            return Refused("number_taken", _("该号刚被取走，请再试一次。"))
        case "appointments_booking.reference":
            return Refused("reference_taken", _("没有取到预约编号，请再试一次。"))
    raise error


def booking_of_submission(submission: str) -> Booking | None:
    """The booking that this submission made before, for a retry after a lost answer."""
    digest = secrets.digest(submission)
    return Booking.objects.select_related("sitting", "slot").filter(submission_digest=digest).first()


@contextmanager
def in_its_sitting(booking_id: int) -> Iterator[None]:
    """A transaction that holds the booking's sitting: what is read of its days and sessions stays true until the end.

    Refuses `gone`.
    """
    with transaction.atomic():
        lock(Sitting, Booking.objects.filter(pk=booking_id).values_list("sitting_id", flat=True).first())
        yield


def with_its_slot(booking_id: int, work: Callable[[Slot | None], T]) -> T:
    """Do the work in a transaction that holds the booking's number and then the booking: parents first.

    A booking that was offered a number, or lost it, between the look and the lock is looked at again: else the number
    would stay taken with nobody holding it.
    """
    for _try in range(TRIES):
        with transaction.atomic():
            slot_id = Booking.objects.filter(pk=booking_id).values_list("slot_id", flat=True).first()
            slot = lock(Slot, slot_id) if slot_id else None
            if lock(Booking, booking_id).slot_id == slot_id:
                return work(slot)
    raise Refused("busy", _("该预约正在变动，请稍后再试。"))


def pass_on(slot: Slot, now: datetime) -> Booking | None:
    """Give a locked number that became free to the first in line; with nobody in line it is free. [3.3]"""
    if Booking.objects.filter(slot=slot, status__in=HOLDING).exists():
        return None
    until = offer_end(slot.sitting_id, now)
    offered = _offer_to_first(slot, until, now) if until else None
    Slot.objects.filter(pk=slot.pk).update(taken=offered is not None)
    return offered


def _offer_to_first(slot: Slot, until: datetime, now: datetime) -> Booking | None:
    """Whoever left the line meanwhile is passed over."""
    for key in list(Booking.objects.filter(sitting_id=slot.sitting_id).in_line().values_list("pk", flat=True)[:20]):
        try:
            with moving(Booking, key, moves.OFFER, actor=audit.SYSTEM) as booking:
                booking.slot = slot
                booking.held_until = until
                notices.number_offered(booking)
            return booking
        except Refused:
            continue
    return None
