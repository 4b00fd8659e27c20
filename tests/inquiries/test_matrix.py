"""Every status of a question, every verb, every role: what happens. A status or role missing from the tables fails."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache

from appointments.models import Booking
from core import audit, secrets
from departments.enums import Role
from inquiries import services
from inquiries.enums import CAN_REOPEN, InquiryStatus
from inquiries.models import Inquiry
from inquiries.moves import MOVES
from tests.appointments.conftest import DAY, NOW, OPENS, application, confirm
from tests.conftest import CAST, Cast
from tests.factories import department, make_sitting
from tests.inquiries.conftest import answer, ask, follow_up, pass_on, point_on
from tests.matrix import FORBIDDEN, outcomes

pytestmark = [pytest.mark.django_db, pytest.mark.clause("[3.1]")]
S = InquiryStatus


def start_booking(inquiry: Inquiry, actor: Any, *, serial: int = 1, in_line: bool = False) -> Booking:
    sitting = make_sitting(DAY, published=True, opens_at=OPENS)
    return services.start_booking(
        inquiry_id=inquiry.pk,
        sitting_id=sitting.pk,
        application=application(serial),
        submission=secrets.new_submission(),
        in_line=in_line,
        actor=actor,
        now=NOW,
    )


def inquiry_in(status: str, cast: Cast) -> Inquiry:
    """A question that came to its status through the verbs."""
    inquiry = ask()
    if status == S.ANSWERED:
        answer(inquiry, cast.window_clerk)
    elif status == S.POINTED_ON:
        point_on(inquiry, cast.window_clerk)
    elif status == S.WITHDRAWN:
        services.withdraw(inquiry_id=inquiry.pk, actor=audit.HOLDER, now=NOW)
    elif status == S.BOOKED:
        confirm(start_booking(inquiry, cast.window_clerk, serial=9), actor=cast.window_clerk)
        services.end_booked(NOW)
    inquiry.refresh_from_db()
    assert inquiry.status == status
    return inquiry


def send_link(inquiry: Inquiry, actor: Any) -> Inquiry:
    cache.clear()  # once a minute
    return services.send_link_again(inquiry_id=inquiry.pk, actor=actor, now=NOW)


VERBS: dict[str, Callable[[Inquiry, Any], Any]] = {
    "answer": answer,
    "point_on": point_on,
    "follow_up": lambda inquiry, actor: follow_up(inquiry, actor=actor),
    "withdraw": lambda inquiry, actor: services.withdraw(
        inquiry_id=inquiry.pk, actor=actor, now=NOW, reason="不再需要"
    ),
    "pass": lambda inquiry, actor: services.pass_to_department(
        inquiry_id=inquiry.pk, department_id=department("市税务局").pk, note="", actor=actor, now=NOW
    ),
    "hand_back": lambda inquiry, actor: services.hand_back(
        inquiry_id=inquiry.pk, reason="非本部门", actor=actor, now=NOW
    ),
    "start_booking": start_booking,
    "correct": lambda inquiry, actor: services.correct_reply(
        inquiry_id=inquiry.pk, text="以新目录为准。", actor=actor, now=NOW
    ),
    "send_link": send_link,
}

# From -> verb -> the status afterwards, or the code of the refusal.
ENDED = dict.fromkeys(VERBS, "wrong_status") | {"correct": "not_replied"}
EXPECTED = {
    S.OPEN: {
        "answer": S.ANSWERED,
        "point_on": S.POINTED_ON,
        "follow_up": S.OPEN,
        "withdraw": S.WITHDRAWN,
        "pass": S.OPEN,
        "hand_back": "already_done",
        "start_booking": S.OPEN,
        "correct": "not_replied",
        "send_link": S.OPEN,
    },
    S.ANSWERED: ENDED
    | {"answer": "already_done", "follow_up": S.OPEN, "correct": S.ANSWERED, "send_link": S.ANSWERED},
    S.POINTED_ON: ENDED
    | {"point_on": "already_done", "follow_up": S.OPEN, "correct": S.POINTED_ON, "send_link": S.POINTED_ON},
    S.BOOKED: ENDED | {"follow_up": "ended", "send_link": S.BOOKED},
    S.WITHDRAWN: ENDED | {"withdraw": "already_done", "follow_up": "ended", "send_link": S.WITHDRAWN},
}
OF_THE_HOLDER = {"follow_up", "withdraw"}


@pytest.mark.parametrize("status", InquiryStatus.values)
def test_every_verb_in_a_status(status: str, cast: Cast) -> None:
    actors = {verb: audit.HOLDER if verb in OF_THE_HOLDER else cast.window_clerk for verb in VERBS}
    acts = {verb: lambda row, verb=verb: VERBS[verb](row, actors[verb]) for verb in VERBS}
    assert outcomes(inquiry_in(status, cast), acts) == EXPECTED[S(status)]


DESK = {Role.WINDOW_CLERK, Role.BUREAU_STAFF, Role.BUREAU_SUPERVISOR}
# Who may, of those who are signed in; a department only what was passed to it.
MAY = dict.fromkeys(VERBS, DESK)
UNITS_MAY = {"answer", "hand_back", "correct"}


@pytest.mark.parametrize("verb", VERBS)
def test_every_role_of_a_verb(verb: str, cast: Cast) -> None:
    inquiry = ask()
    if verb != "pass":
        pass_on(inquiry, cast)
    if verb == "correct":
        answer(inquiry, cast.window_clerk)
    actors = {**cast, "holder": audit.HOLDER}
    tried = outcomes(inquiry, {who: lambda row, who=who: VERBS[verb](row, actors[who]) for who in actors})
    assert {who for who in actors if tried[who] != FORBIDDEN} == who_may(verb)


def who_may(verb: str) -> set[str]:
    may = {who for who in CAST if CAST[who][0] in MAY[verb]}
    if verb in UNITS_MAY:
        may |= {"department_staff", "department_head"}
    return may | {"holder"} if verb in OF_THE_HOLDER else may


@pytest.mark.parametrize("person", CAST)
def test_a_question_is_visible_to_whom_it_concerns(person: str, cast: Cast) -> None:
    at_window, passed = ask(), pass_on(ask(), cast)
    seen = set(Inquiry.objects.visible_to(cast[person]).values_list("pk", flat=True))
    if person in ("department_staff", "department_head"):
        assert seen == {passed.pk}
    elif person == "other_department_staff":
        assert seen == set()
    elif cast[person].has_perm("inquiries.view_inquiry"):
        assert seen == {at_window.pk, passed.pk}


def test_the_tables_know_every_status_and_every_role() -> None:
    assert set(EXPECTED) == set(InquiryStatus)
    assert all(set(row) == set(VERBS) for row in EXPECTED.values())
    assert {role for role, _department in CAST.values()} == set(Role)
    assert {status for move in MOVES for status in (*move.sources, move.target)} == set(InquiryStatus)
    assert set(CAN_REOPEN) < set(InquiryStatus)
