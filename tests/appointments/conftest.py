"""One sitting on Thursday 2026-11-26, open for booking from 16 to 23 November, and enterprises as many as wanted."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from stdnum.cn import uscc

from appointments import services
from appointments.enums import BookingStatus as S
from appointments.enums import ChoiceKind
from appointments.models import Booking, Choice, ConsentText, RefusalGround
from appointments.moves import ATTEND, MISS, NOT_SEEN
from appointments.services import Application
from core import audit, secrets
from core.models import User
from core.transitions import moving
from sessions_app.models import Sitting
from sessions_app.services import local_moment
from tests.factories import department, make_sitting

DAY = date(2026, 11, 26)
OPENS = local_moment(date(2026, 11, 16), datetime(2026, 1, 1, 9).time())
NOW = OPENS + timedelta(days=2, hours=1)
FIRST_SESSION = local_moment(DAY, datetime(2026, 1, 1, 9).time())

Take = Callable[..., Booking]


def credit_code(serial: int) -> str:
    body = f"91530181MA6T{serial:05d}"
    return body + uscc.calc_check_digit(body)


def application(serial: int, **changes: str) -> Application:
    columns = {
        "enterprise_kind": "operating",
        "company_name": f"安宁第{serial}企业有限公司",
        "credit_code": credit_code(serial),
        "mobile": f"1380000{serial:04d}",
    }
    return Application(**(columns | changes))


def answers(**changes: Any) -> dict[str, Any]:
    """A whole form as its cleaned values."""
    area, _created = Choice.objects.get_or_create(kind=ChoiceKind.AREA, name="税务")
    district, _created = Choice.objects.get_or_create(kind=ChoiceKind.DISTRICT, name="连然街道")
    industry, _created = Choice.objects.get_or_create(kind=ChoiceKind.INDUSTRY, name="其他")
    return {
        "departments": [department("市税务局")],
        "demand_kind": "service",
        "demand_area": area,
        "title": "退税进度",
        "facts": "七月申请，至今未办结。",
        "request": "请明确办结时间。",
        "elsewhere": "no",
        "elsewhere_reference": "",
        "district": district,
        "industry": industry,
        "representative_name": "张建国",
        "representative_role": "legal",
        "channels": ["sms"],
        "email": "",
        "attendees": 2,
    } | changes


def take(sitting: Sitting, serial: int, *, now: datetime = NOW, **options: Any) -> Booking:
    options.setdefault("submission", secrets.new_submission())
    options.setdefault("actor", audit.ANYONE)
    options.setdefault("application", application(serial))
    return services.take_number(sitting_id=sitting.pk, now=now, **options)


def wait(sitting: Sitting, serial: int, *, now: datetime = NOW, **options: Any) -> Booking:
    options.setdefault("submission", secrets.new_submission())
    options.setdefault("actor", audit.ANYONE)
    options.setdefault("application", application(serial))
    return services.join_waiting_list(sitting_id=sitting.pk, now=now, **options)


def claim(sitting: Sitting, serial: int, *, now: datetime = NOW, **options: Any) -> Booking:
    options.setdefault("submission", secrets.new_submission())
    options.setdefault("actor", audit.ANYONE)
    options.setdefault("application", application(serial, mobile="13999999999"))
    return services.claim_booking(sitting_id=sitting.pk, now=now, **options)


def consent() -> ConsentText:
    return ConsentText.objects.order_by("pk").first() or ConsentText.objects.create(text="同意", in_force_from=OPENS)


def confirm(booking: Booking, *, now: datetime = NOW, **options: Any) -> Booking:
    options.setdefault("actor", audit.HOLDER)
    options.setdefault("answers", answers())
    return services.confirm_booking(booking_id=booking.pk, consent=consent(), now=now, **options)


def accept(booking: Booking, actor: User, *, lead: str = "市税务局", now: datetime = NOW, **options: Any) -> Booking:
    """Accepted and passed to its lead department, and to those of `assisting`."""
    assisting = tuple(department(name).pk for name in options.pop("assisting", ()))
    area, _created = Choice.objects.get_or_create(kind=ChoiceKind.AREA, name="税务")
    return services.accept_booking(
        booking_id=booking.pk,
        assignment=services.Assignment(department(lead).pk, assisting),
        demand_kind="service",
        demand_area=area,
        actor=actor,
        now=now,
        **options,
    )


def ground() -> RefusalGround:
    return RefusalGround.objects.get_or_create(
        clause="[4.2.1]", defaults={"text": "没有明确投诉对象", "turn_to": "服务专窗"}
    )[0]


def refuse(booking: Booking, actor: User, *, now: datetime = NOW) -> Booking:
    return services.refuse_booking(
        booking_id=booking.pk, ground=ground(), explanation="未写明具体请求。", actor=actor, now=now
    )


def send_back(booking: Booking, actor: User, *, now: datetime = NOW) -> Booking:
    return services.send_back_booking(booking_id=booking.pk, question="请写明申请时间。", actor=actor, now=now)


def add_facts(booking: Booking, actor: Any = audit.HOLDER, *, now: datetime = NOW) -> Booking:
    return services.add_facts(booking_id=booking.pk, text="七月三日提交。", actor=actor, now=now)


def propose_solved(booking: Booking, actor: User, *, now: datetime = NOW) -> Booking:
    return services.propose_solved(booking_id=booking.pk, solution="已于今日办结退税。", actor=actor, now=now)


# Reached from the submitted form.
ONCE_SUBMITTED = {S.CONFIRMED, S.RETURNED, S.ACCEPTED, S.REFUSED, S.SOLVED, S.ATTENDED, S.ABSENT, S.NOT_SEEN}


def bring_to(status: str, booking: Booking, bureau: User) -> Booking:
    """A held booking, submitted and brought to one of these statuses."""
    confirm(booking)
    if status == S.RETURNED:
        send_back(booking, bureau)
    elif status == S.REFUSED:
        refuse(booking, bureau)
    elif status != S.CONFIRMED:
        accept(booking, bureau)
    if status == S.SOLVED:
        propose_solved(booking, bureau)
        services.confirm_solved(booking_id=booking.pk, actor=audit.HOLDER, now=NOW)
    elif status in (S.ATTENDED, S.ABSENT, S.NOT_SEEN):
        ended_by = {S.ATTENDED: ATTEND, S.ABSENT: MISS, S.NOT_SEEN: NOT_SEEN}[S(status)]
        with moving(Booking, booking.pk, ended_by, actor=audit.SYSTEM):
            pass
    booking.refresh_from_db()
    return booking


def cancel(booking: Booking, *, now: datetime = NOW, actor: Any = audit.HOLDER) -> Booking:
    return services.cancel_booking(booking_id=booking.pk, actor=actor, now=now)


@pytest.fixture
def sitting(db: None) -> Sitting:
    return make_sitting(DAY, published=True, opens_at=OPENS)


@pytest.fixture
def full_sitting(sitting: Sitting) -> Sitting:
    """All five numbers held by enterprises 1 to 5."""
    for serial in range(1, 6):
        take(sitting, serial)
    return sitting
