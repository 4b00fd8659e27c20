"""Sample bookings for the demonstration, made through the same verbs as real ones."""

from typing import Any

from django.utils import timezone
from stdnum.cn import uscc

from appointments import services
from appointments.enums import ChoiceKind
from appointments.models import Booking
from appointments.selectors import choices_of, consent_in_force, departments_of_sitting
from core import audit, secrets
from sessions_app.models import Sitting

SAMPLES = [
    {
        "company": "安宁永昌冶金设备有限公司",
        "mobile": "13887650001",
        "name": "张建国",
        "title": "增值税留抵退税办理进度慢",
        "facts": "我公司2026年7月提交留抵退税申请，系统显示已受理，至今两个多月未收到审核结果，影响采购付款。",
        "request": "请明确审核进度和预计办结时间；如需补充材料，请一次性告知。",
    },
    {
        "company": "云南连然新材料科技有限公司",
        "mobile": "13987650002",
        "name": "刘芳",
        "title": "厂区扩建用电增容",
        "facts": "二期厂房已竣工，现有变压器容量不足，增容申请因线路走廊未落实搁置。",
        "request": "请协调明确线路走廊方案及完成时限。",
    },
]


def credit_code(serial: int) -> str:
    """A made-up code with the right check character."""
    body = f"91530181MA6N{serial:05d}"
    return body + uscc.calc_check_digit(body)


def answers_for(sitting: Sitting, sample: dict[str, str]) -> dict[str, Any]:
    return {
        "departments": [chair.department for chair in departments_of_sitting(sitting.pk)][:1],
        "demand_kind": "service",
        "demand_area": choices_of(ChoiceKind.AREA)[4],
        "title": sample["title"],
        "facts": sample["facts"],
        "request": sample["request"],
        "elsewhere": "no",
        "elsewhere_reference": "",
        "district": choices_of(ChoiceKind.DISTRICT)[0],
        "industry": choices_of(ChoiceKind.INDUSTRY)[0],
        "representative_name": sample["name"],
        "representative_role": "legal",
        "channels": ["sms"],
        "email": "",
        "attendees": 2,
    }


def book_samples(sitting: Sitting, actor: audit.Actor) -> list[Booking]:
    """Two numbers taken and submitted, three left."""
    now = timezone.now()
    booked = []
    for serial, sample in enumerate(SAMPLES, start=1):
        application = services.Application("operating", sample["company"], credit_code(serial), sample["mobile"])
        booking = services.take_number(
            sitting_id=sitting.pk,
            application=application,
            submission=secrets.new_submission(),
            actor=actor,
            now=now,
        )
        answers = answers_for(sitting, sample)
        consent = consent_in_force(now)
        booked.append(
            services.confirm_booking(booking_id=booking.pk, answers=answers, consent=consent, actor=actor, now=now)
        )
    return booked
