"""A question asked on Wednesday 2026-11-18, due on Friday 20, and what is usually done with it."""

from datetime import datetime
from typing import Any

from core import audit, secrets
from core.models import User
from inquiries import services
from inquiries.enums import Source
from inquiries.models import Inquiry
from inquiries.services import Question
from tests.appointments.conftest import NOW, consent
from tests.conftest import Cast
from tests.factories import department

QUESTION = "留抵退税需要哪些材料，多久能到账？"
MOBILE = "13800001234"


def question(**changes: Any) -> Question:
    columns: dict[str, Any] = {"text": QUESTION, "mobile": MOBILE}
    return Question(**(columns | changes))


def ask(*, now: datetime = NOW, **options: Any) -> Inquiry:
    options.setdefault("question", question())
    options.setdefault("source", Source.SITE)
    options.setdefault("submission", secrets.new_submission())
    options.setdefault("actor", audit.ANYONE)
    return services.ask(consent=consent(), now=now, **options)


def answer(inquiry: Inquiry, actor: User, *, text: str = "带营业执照和申请表。", now: datetime = NOW) -> Inquiry:
    return services.answer(inquiry_id=inquiry.pk, text=text, actor=actor, now=now)


def point_on(inquiry: Inquiry, actor: User, *, place: str = "12345 热线", now: datetime = NOW) -> Inquiry:
    return services.point_on(
        inquiry_id=inquiry.pk, department_id=None, place=place, text="属民事纠纷。", actor=actor, now=now
    )


def pass_on(inquiry: Inquiry, cast: Cast, name: str = "市税务局") -> Inquiry:
    """To a department, by the window."""
    to = department(name)
    return services.pass_to_department(
        inquiry_id=inquiry.pk, department_id=to.pk, note="", actor=cast.window_clerk, now=NOW
    )


def follow_up(
    inquiry: Inquiry, *, text: str = "还需要盖章吗？", now: datetime = NOW, actor: Any = audit.HOLDER
) -> Inquiry:
    return services.follow_up(inquiry_id=inquiry.pk, text=text, actor=actor, now=now)
