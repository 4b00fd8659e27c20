"""A demand that was seen, and the steps of its case in the fewest words. [3.7]"""

from datetime import date, datetime
from typing import Any, NamedTuple

import pytest
from django.db.models import F

from appointments.models import Booking
from cases import services
from cases.enums import Outcome, Result
from cases.models import Assignment, Case, Extension, Feedback, Objection
from core.models import User
from core.workdays import due_date
from sessions_app.models import Sitting
from tests.appointments.conftest import OPENS, accept, confirm, take
from tests.conftest import Cast
from tests.factories import department, make_sitting, moment
from tests.starts import copied_start, same_start, whole_cast

DAY = date(2026, 11, 26)
# The afternoon of the consultation.
SEEN = moment("2026-11-26 15:00")
LEAD, OTHER = "市税务局", "市统计局"


class Start(NamedTuple):
    cast: Cast
    sitting: Sitting
    booking: Booking


def make_start() -> Start:
    """An accepted booking."""
    cast, sitting = whole_cast(), make_sitting(DAY, published=True, opens_at=OPENS)
    return Start(cast, sitting, accept(confirm(take(sitting, 1)), cast.bureau_staff))


kept_start, own_start = same_start(make_start), copied_start


@pytest.fixture
def cast(own_start: Start | None, request: pytest.FixtureRequest) -> Cast:
    return own_start.cast if own_start else request.getfixturevalue("cast")


@pytest.fixture
def sitting(own_start: Start | None, request: pytest.FixtureRequest, db: None) -> Sitting:
    """That of the booking; who asks for a sitting alone books in it from its first number on."""
    if own_start and "booking" in request.fixturenames:
        return own_start.sitting
    return make_sitting(DAY, published=True, opens_at=OPENS)


@pytest.fixture
def booking(own_start: Start | None, sitting: Sitting, cast: Cast) -> Booking:
    return own_start.booking if own_start else accept(confirm(take(sitting, 1)), cast.bureau_staff)


@pytest.fixture
def case(booking: Booking, cast: Cast) -> Case:
    """Handed over to one department."""
    return hand_over(booking, cast.department_head)


@pytest.fixture
def joint(booking: Booking, cast: Cast) -> Case:
    return hand_over(booking, cast.department_head, assisting=(OTHER,))


def hand_over(
    booking: Booking,
    actor: User,
    *,
    lead: str = LEAD,
    assisting: tuple[str, ...] = (),
    now: datetime = SEEN,
    day: date = DAY,
) -> Case:
    parts = services.Parts(department(lead).pk, tuple(department(name).pk for name in assisting))
    return services.hand_over(
        booking_id=booking.pk, parts=parts, points="退税申请卡在复核环节。", day=day, actor=actor, now=now
    )


def close_at_once(
    booking: Booking, actor: User, outcome: Outcome = Outcome.SOLVED, answer: str = "当场退税。"
) -> Case:
    return services.close_at_once(
        booking_id=booking.pk, outcome=outcome, points="退税。", answer=answer, day=DAY, actor=actor, now=SEEN
    )


def part(case: Case, name: str = LEAD) -> Assignment:
    """A department's part in the present round."""
    present = case.assignments.exclude(status="withdrawn").filter(round=F("case__round"))
    return present.get(department__name=name)


def working_day(number: int) -> datetime:
    """10:00 of the working day with that number after the consultation."""
    return moment(f"{due_date(DAY, number).due} 10:00")


def plan(handler: User, *, day: date | None = None, why_later: str = "") -> services.Plan:
    return services.Plan(handler.pk, day or due_date(DAY, 10).due, "约企业补正材料，会同税源科复核。", why_later)


def make_plan(assignment: Assignment, actor: User, *, now: datetime | None = None, **options: Any) -> Assignment:
    return services.make_plan(
        assignment_id=assignment.pk, plan=plan(actor, **options), actor=actor, now=now or working_day(2)
    )


def give_feedback(
    assignment: Assignment,
    actor: User,
    *,
    now: datetime | None = None,
    result: str = Result.SOLVED,
    help_offered: str = "",
) -> Feedback:
    answer = services.Answer(result, "已退税到账。", help_offered)
    return services.give_feedback(assignment_id=assignment.pk, answer=answer, actor=actor, now=now or working_day(8))


def accept_feedback(assignment: Assignment, actor: User, *, now: datetime | None = None) -> Feedback:
    return services.accept_feedback(assignment_id=assignment.pk, note="", actor=actor, now=now or working_day(9))


def return_feedback(
    assignment: Assignment, actor: User, *, now: datetime | None = None, note: str = "未附凭证。"
) -> Feedback:
    return services.return_feedback(assignment_id=assignment.pk, note=note, actor=actor, now=now or working_day(9))


def close(
    case: Case, actor: User, *, now: datetime | None = None, result: str = Result.SOLVED, **options: Any
) -> Case:
    return services.close_case(
        case_id=case.pk, result=result, answer="退税已办结。", actor=actor, now=now or working_day(10), **options
    )


def object_to(assignment: Assignment, actor: User, *, now: datetime = SEEN) -> Objection:
    return services.object_to_assignment(
        assignment_id=assignment.pk, reason="属统计职责", legal_basis="统计法第七条", actor=actor, now=now
    )


def ask_extension(assignment: Assignment, actor: User, *, days: int = 20, now: datetime | None = None) -> Extension:
    return services.ask_extension(
        assignment_id=assignment.pk,
        day=due_date(DAY, days).due,
        reason="需上级核定",
        actor=actor,
        now=now or working_day(10),
    )


def grant(extension: Extension, actor: User, *, days: int = 20, now: datetime | None = None) -> Extension:
    return services.grant_extension(
        extension_id=extension.pk, day=due_date(DAY, days).due, note="", actor=actor, now=now or working_day(10)
    )


def done(case: Case, name: str, staff: User, bureau: User, *, now: datetime | None = None) -> None:
    """The whole way of one department's part; at one moment, where it is given."""
    assignment = part(case, name)
    make_plan(assignment, staff, now=now)
    give_feedback(assignment, staff, now=now)
    accept_feedback(assignment, bureau, now=now)


def handled(case: Case, cast: Cast) -> Case:
    """Of one department: planned, answered, checked and closed."""
    done(case, LEAD, cast.department_staff, cast.bureau_staff)
    return close(case, cast.bureau_supervisor)


def handle_again(case: Case, cast: Cast, *, lead: str = LEAD) -> Case:
    """Closed and sent back on the day of the consultation itself: its second round counts from that day, too."""
    staff, checks, closes = cast.department_staff, cast.bureau_staff, cast.bureau_supervisor
    if lead != LEAD:
        staff, checks, closes = cast.bureau_staff, cast.inspection_approver, cast.inspection_approver
    done(case, lead, staff, checks, now=SEEN)
    if case.is_joint:
        done(case, OTHER, cast.other_department_staff, cast.bureau_staff, now=SEEN)
    close(case, closes, now=SEEN)
    services.reopen_case(case_id=case.pk, finding="未见退税到账。", actor=cast.inspector, now=SEEN)
    case.refresh_from_db()
    return case
