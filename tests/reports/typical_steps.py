"""The steps of a typical case in the fewest words, drawn from a case that was solved and that nobody rated. [5.4]"""

from datetime import datetime, timedelta
from typing import Any

from appointments.models import Choice
from cases.models import Case
from evaluations.models import Invitation
from reports.enums import TypicalStatus
from reports.models import TypicalCase
from reports.services import typical as services
from tests.cases.conftest import LEAD, hand_over, handled, working_day
from tests.conftest import Cast
from tests.evaluations.rating_steps import invite
from tests.factories import department

# The bureau writes; the inspection office checks; a supervisor of the bureau approves and publishes.
WRITER, CHECKER, APPROVER = "bureau_staff", "inspector", "bureau_supervisor"
WORDS = {
    "title": "留抵退税一次告知、限时办结",
    "situation": "企业申请留抵退税，因材料口径不清多次往返，资金周转受到影响。",
    "handling": "税务部门当面核对材料，列出一次性告知清单，税源和复核两个科室同步审核。",
    "outcome": "退税款在承诺时限内到账，企业不再往返。",
    "lessons": "把分散的材料要求合成一张清单，审核环节由先后改为同步。",
    "keywords": "留抵退税、一次告知",
}


def over() -> datetime:
    """When the days in which it may be rated are over."""
    return working_day(10) + timedelta(days=20)


def solved(case: Case, cast: Cast) -> Case:
    """Closed as solved by its one department, and asked about."""
    closed = handled(case, cast)
    invite(closed, now=working_day(10))
    return closed


def choose(case: Case, cast: Cast, *, by: str = WRITER, now: datetime | None = None) -> TypicalCase:
    return services.choose_case(case_id=case.pk, actor=cast[by], now=now or over())


def save(
    typical: TypicalCase, cast: Cast, *, by: str = WRITER, revision: int | None = None, **changed: Any
) -> TypicalCase:
    area = Choice.objects.filter(kind="area").order_by("position").first()
    wanted = WORDS | {"area": area.pk if area else None, "department": department(LEAD).pk} | changed
    if revision is None:
        revision = fresh(typical).revision
    return services.save_draft(
        typical_id=typical.pk, words=services.Words(**wanted), revision=revision, actor=cast[by], now=over()
    )


def check(
    typical: TypicalCase,
    cast: Cast,
    *,
    by: str = CHECKER,
    confirmed: bool = True,
    reason: str = "",
    revision: int | None = None,
) -> TypicalCase:
    if revision is None:
        revision = fresh(typical).revision
    return services.check(
        typical_id=typical.pk, revision=revision, confirmed=confirmed, reason=reason, actor=cast[by], now=over()
    )


def approve(typical: TypicalCase, cast: Cast, *, by: str = APPROVER, revision: int | None = None) -> TypicalCase:
    if revision is None:
        revision = fresh(typical).revision
    return services.approve(typical_id=typical.pk, revision=revision, actor=cast[by], now=over())


def publish(typical: TypicalCase, cast: Cast, *, by: str = APPROVER, now: datetime | None = None) -> TypicalCase:
    return services.publish(typical_id=typical.pk, actor=cast[by], now=now or over())


def withdraw(
    typical: TypicalCase, cast: Cast, *, by: str = APPROVER, reason: str = "企业提出可被认出。"
) -> TypicalCase:
    return services.withdraw(typical_id=typical.pk, reason=reason, actor=cast[by], now=over())


def send_back(typical: TypicalCase, cast: Cast, *, by: str = CHECKER, reason: str = "做法请写具体。") -> TypicalCase:
    return services.send_back(typical_id=typical.pk, reason=reason, actor=cast[by], now=over())


def fresh(typical: TypicalCase) -> TypicalCase:
    return TypicalCase.objects.get(pk=typical.pk)


def bring_to(status: str, case: Case, cast: Cast) -> TypicalCase:
    """Of a case that is `solved`."""
    typical = save(choose(case, cast), cast)
    steps = [check, approve, publish, withdraw]
    for step in steps[: list(TypicalStatus.values).index(status)]:
        step(typical, cast)
    return fresh(typical)


def silent_on(case: Case) -> Any:
    return Invitation.objects.get(case=case).silent_on


__all__ = ["hand_over"]
