"""The one-time code for a mobile, and the way round for who gets none. [3.3]"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from appointments import guards, moves, notices, permissions
from appointments.enums import FILLING
from appointments.models import Booking, MobileCode
from appointments.services.numbers import pass_on, with_its_slot
from core import audit, policy, secrets
from core.errors import Refused
from core.limits import check_alone, check_rate
from core.models import User
from core.selectors import ours
from core.transitions import lock, moving
from notifications.services import nudge
from sessions_app.models import Slot

TRIES_MAX = 5
KEPT = timedelta(days=1)
PAUSE = timedelta(seconds=60)


def send_code(*, mobile: str, now: datetime) -> MobileCode:
    """Send a fresh code to a mobile; it takes the place of an earlier one. [3.3]

    Refuses `code_just_sent` within a minute, `too_many_codes` within an hour, `too_often` for many at once.
    """
    with transaction.atomic():
        earlier = MobileCode.objects.filter(mobile=mobile, asked_at__gt=now - timedelta(hours=1)).order_by("-asked_at")
        asked = list(earlier.values_list("asked_at", flat=True)[: ours(policy.CODES_PER_HOUR)])
        guards.check_code_may_be_sent(asked, now, pause=PAUSE)
        # Presses at the same moment do not see each other's row; the counters do.
        check_alone("code-mobile", secrets.digest(mobile), within=int(PAUSE.total_seconds()), now=now)
        check_rate("code-mobile", secrets.digest(mobile), per_hour=ours(policy.CODES_PER_HOUR), now=now)
        code = MobileCode.objects.create(
            mobile=mobile, asked_at=now, expires_at=now + timedelta(minutes=ours(policy.CODE_MINUTES))
        )
        notices.mobile_code(code)
        nudge()
    return code


def check_code(*, mobile: str, typed: str, now: datetime) -> None:
    """Pass when this is the code last sent to the mobile; each wrong one counts, whatever becomes of the request.

    Refuses `no_code`, `code_expired`, `too_many_tries`, `code_wrong`. [3.3]
    """
    with transaction.atomic():
        latest = MobileCode.objects.select_for_update(of=("self",)).filter(mobile=mobile).order_by("-pk").first()
        guards.check_code_can_be_tried(latest, now, tries_max=TRIES_MAX)
        assert latest is not None
        right = secrets.same(typed.strip(), secrets.one_time_code(str(latest.seed)))
        latest.used_at, latest.tries = (now, latest.tries) if right else (None, latest.tries + 1)
        latest.save(update_fields=["used_at", "tries"])
    if not right:
        left = TRIES_MAX - latest.tries
        said = _("验证码不正确，还可再试 %s 次。") % left if left else _("验证码连续输错，请重新获取。")
        raise Refused("code_wrong", said, field="code")


def verify_mobile(*, booking_id: int, typed: str, now: datetime) -> Booking:
    """The holder types the code sent to the booking's mobile. [3.3] Refuses as `check_code`, and `not_fillable`."""
    booking = Booking.objects.get(pk=booking_id)
    guards.check_can_fill(booking)
    check_code(mobile=booking.mobile, typed=typed, now=now)
    return _mark_verified(booking_id, actor=audit.HOLDER, now=now)


def confirm_mobile(*, booking_id: int, note: str, actor: User, now: datetime) -> Booking:
    """The desk called back: the mobile is the enterprise's. [3.3] Refuses `no_note`, `not_fillable`."""
    permissions.check_can_settle_claim(actor)
    if not note.strip():
        raise Refused("no_note", _("请记录回电核实的情况。"), field="note")
    return _mark_verified(booking_id, actor=actor, now=now, note=note)


def _mark_verified(booking_id: int, *, actor: audit.Actor, now: datetime, note: str = "") -> Booking:
    with transaction.atomic():
        booking = lock(Booking, booking_id)
        guards.check_can_fill(booking)
        booking.mobile_verified_at = booking.mobile_verified_at or now
        booking.save(update_fields=["mobile_verified_at"])
        audit.record("verify_mobile", booking, actor=actor, reason=note, clause="[3.3]")
        notices.no_call_back(booking)
    return booking


def ask_call_back(*, booking_id: int, now: datetime) -> Booking:
    """No code arrives: the desk calls back; until it confirms, the booking stands in line.

    Its number goes to the first in line. [3.3] Refuses `already_done`, `wrong_status`.
    """

    def step_back(slot: Slot | None) -> Booking:
        with moving(Booking, booking_id, moves.ASK_CALL_BACK, actor=audit.HOLDER) as booking:
            booking.slot, booking.held_until = None, None
            booking.queued_at = booking.call_back_at = now
            notices.call_back_asked(booking)
        if slot:
            pass_on(slot, now)
        return booking

    return with_its_slot(booking_id, step_back)


def may_verify(booking: Booking) -> bool:
    """There is still something to verify it for."""
    return booking.status in FILLING and booking.mobile_verified_at is None


def forget_codes(now: datetime) -> int:
    """A code a day old proves nothing; what it was sent to is not kept longer."""
    removed, _by_model = MobileCode.objects.filter(expires_at__lt=now - KEPT).delete()
    return removed
