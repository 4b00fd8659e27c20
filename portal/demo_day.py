"""A sitting that is held today, with three enterprises on their way: the day can be walked at once."""

from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from appointments import services
from appointments.enums import ChoiceKind, ContactWay
from appointments.models import Booking
from appointments.selectors import choices_of, consent_in_force, departments_of_sitting
from core import audit, secrets
from core.models import User
from core.workdays import next_working_day
from portal.demo import answers_for, credit_code
from sessions_app.models import Sitting
from sessions_app.services import SessionPlan, local_moment, plan_sitting, publish_sitting

COMPANIES = [
    ("安宁温泉食品有限公司", "13787650011", "马丽", "食品生产许可变更"),
    ("云南螳川物流有限公司", "13787650012", "杨帆", "货运车辆市区通行证办理"),
    ("安宁草铺化工有限公司", "13787650013", "李强", "危险化学品仓库用地性质调整"),
]
FIRST_SERIAL = 11
PUBLISHED_BEFORE, BOOKED_BEFORE, TOLD_BEFORE = timedelta(days=11), timedelta(days=9), timedelta(hours=1)
LATEST_START_HOUR = 20


def day_of_today(now: datetime) -> tuple[date, datetime]:
    """Today and a quarter of an hour from now; on a day of rest the next working day, from nine o'clock."""
    today = timezone.localdate(now)
    day = next_working_day(today, including=True)
    nine = local_moment(day, timezone.localtime(now).replace(hour=9, minute=0, second=0, microsecond=0).time())
    if day != today:
        return day, nine
    soon = (now + timedelta(minutes=15)).replace(second=0, microsecond=0)
    return day, min(soon, nine + timedelta(hours=LATEST_START_HOUR - 9))


def hold_today(plan: SessionPlan, *, bureau: User, supervisor: User, now: datetime) -> list[Booking]:
    """Announced, booked, accepted, verified, placed and called, each in its time."""
    sitting = plan_sitting(day=timezone.localdate(plan.starts_at), sessions=[plan], actor=bureau)
    published = now - PUBLISHED_BEFORE
    publish_sitting(sitting_id=sitting.pk, actor=supervisor, now=published, opens_at=published + timedelta(hours=1))
    bookings = [
        book_and_verify(sitting, serial, company, bureau, now - BOOKED_BEFORE)
        for serial, company in enumerate(COMPANIES, start=FIRST_SERIAL)
    ]
    services.place_as_proposed(sitting_id=sitting.pk, actor=bureau, now=now - BOOKED_BEFORE)
    services.send_call_notices(min(now, plan.starts_at - TOLD_BEFORE))
    return bookings


def book_and_verify(
    sitting: Sitting, serial: int, company: tuple[str, str, str, str], bureau: User, then: datetime
) -> Booking:
    """Booked, accepted and verified at that moment."""
    name, mobile, person, title = company
    booking = services.take_number(
        sitting_id=sitting.pk,
        application=services.Application("operating", name, credit_code(serial), mobile),
        submission=secrets.new_submission(),
        actor=audit.ANYONE,
        now=then,
    )
    sample = {
        "title": title,
        "name": person,
        "facts": f"{title}，已提交材料，尚未办结。",
        "request": "请明确办理时限。",
    }
    options: dict[str, Any] = {"booking_id": booking.pk, "now": then}
    services.confirm_booking(
        answers=answers_for(sitting, sample), consent=consent_in_force(timezone.now()), actor=audit.HOLDER, **options
    )
    lead = departments_of_sitting(sitting.pk)[0].department_id
    accepted = services.accept_booking(
        assignment=services.Assignment(lead, ()),
        demand_kind="service",
        demand_area=choices_of(ChoiceKind.AREA)[4],
        actor=bureau,
        **options,
    )
    for row in accepted.verifications.all():
        services.record_verification(
            verification_id=row.pk,
            way=ContactWay.PHONE,
            spoke_with=person,
            finding="情况属实。",
            actor=bureau,
            now=then,
        )
    return accepted
