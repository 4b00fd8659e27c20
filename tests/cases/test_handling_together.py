"""Merged cases in one press: answered, checked and closed, each with all that it would have by itself. [3.7]"""

from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from cases import services
from cases.models import Case, Closing, Feedback
from core.errors import AlreadyDone, Refused
from core.models import User
from deadlines.models import Obligation
from departments.enums import Role
from notifications.models import Message
from tests.cases.conftest import (
    LEAD,
    OTHER,
    SEEN,
    accept_feedback,
    close,
    give_feedback,
    make_plan,
    part,
    working_day,
)
from tests.cases.test_console import page_of, signed_in, text_of
from tests.cases.test_together import Open, merge, open_case, undo_merger  # noqa: F401 - a fixture
from tests.conftest import CAST, Cast
from tests.matrix import FORBIDDEN, outcomes

pytestmark = [pytest.mark.django_db, pytest.mark.clause("[3.7]")]
ANSWER = "统一口径后已退税。"


def answer_together(case: Case, actor: User) -> list[Feedback]:
    answer = services.Answer("solved", ANSWER)
    return services.answer_together(assignment_id=part(case).pk, answer=answer, actor=actor, now=working_day(8))


def accept_together(case: Case, actor: User, unit: str = LEAD) -> list[Feedback]:
    return services.accept_together(assignment_id=part(case, unit).pk, note="", actor=actor, now=working_day(9))


def close_together(case: Case, actor: User, **options: Any) -> list[Case]:
    told = {"result": "solved", "answer": "已退税，请查收。", "now": working_day(9)} | options
    return services.close_together(case_id=case.pk, actor=actor, **told)


@pytest.fixture
def merged(open_case: Open, cast: Cast) -> list[Case]:  # noqa: F811
    """Two, planned; the second was handed over later."""
    cases = [open_case(1), open_case(2)]
    merge(*cases, actor=cast.bureau_staff)
    for case in cases:
        make_plan(part(case), cast.department_staff)
    return cases


class TestAnswering:
    def test_each_has_a_feedback_and_a_check_of_its_own(self, merged: list[Case], cast: Cast) -> None:
        given = answer_together(merged[0], cast.department_staff)
        assert {row.assignment.case for row in given} == set(merged)
        assert Obligation.objects.filter(kind="feedback", status="met").count() == 2
        assert Obligation.objects.filter(kind="check", status="open").count() == 2

    def test_what_is_answered_is_passed_over(self, merged: list[Case], cast: Cast) -> None:
        main, second = merged
        give_feedback(part(second), cast.department_staff)
        assert [row.assignment.case for row in answer_together(main, cast.department_staff)] == [main]
        with pytest.raises(AlreadyDone):
            answer_together(main, cast.department_staff)

    def test_every_plan_comes_first(self, open_case: Open, cast: Cast) -> None:  # noqa: F811
        main, second = open_case(1), open_case(2)
        merge(main, second, actor=cast.bureau_staff)
        make_plan(part(main), cast.department_staff)
        with pytest.raises(Refused, match="no_plan") as refusal:
            answer_together(main, cast.department_staff)
        assert second.reference in str(refusal.value.message)
        assert not Feedback.objects.exists()


class TestChecking:
    def test_each_is_accepted_and_can_be_closed_by_itself(self, merged: list[Case], cast: Cast) -> None:
        main, second = merged
        answer_together(main, cast.department_staff)
        accepted = accept_together(second, cast.bureau_staff)
        assert {row.assignment.case for row in accepted} == set(merged)
        assert Obligation.objects.filter(kind="check", status="met").count() == 2
        close(main, cast.bureau_supervisor)
        second.refresh_from_db()
        assert second.status == "handling"

    def test_what_is_accepted_is_passed_over(self, merged: list[Case], cast: Cast) -> None:
        main, second = merged
        answer_together(main, cast.department_staff)
        accept_feedback(part(main), cast.bureau_staff)
        assert [row.assignment.case for row in accept_together(main, cast.bureau_staff)] == [second]
        with pytest.raises(AlreadyDone):
            accept_together(main, cast.bureau_staff)

    def test_another_department_waits_for_its_own_check(self, open_case: Open, cast: Cast) -> None:  # noqa: F811
        main, second = open_case(1), open_case(2, assisting=(OTHER,))
        merge(main, second, actor=cast.bureau_staff)
        for case in (main, second):
            make_plan(part(case), cast.department_staff)
        make_plan(part(second, OTHER), cast.other_department_staff)
        give_feedback(part(second, OTHER), cast.other_department_staff)
        answer_together(main, cast.department_staff)
        accept_together(main, cast.bureau_staff)
        assert part(second, OTHER).status == "checking"

    def test_one_that_may_not_be_accepted_by_this_person_stops_all(self, merged: list[Case], cast: Cast) -> None:
        answer_together(merged[0], cast.department_staff)
        Feedback.objects.filter(assignment=part(merged[1])).update(sent_by=cast.bureau_staff)
        with pytest.raises(PermissionDenied):
            accept_together(merged[0], cast.bureau_staff)
        assert {part(case).status for case in merged} == {"checking"}


class TestClosing:
    @pytest.fixture
    def ready(self, merged: list[Case], cast: Cast) -> list[Case]:
        answer_together(merged[0], cast.department_staff)
        accept_together(merged[0], cast.bureau_staff)
        return merged

    def test_each_enterprise_is_answered_and_each_round_is_kept(self, ready: list[Case], cast: Cast) -> None:
        assert set(close_together(ready[1], cast.bureau_supervisor)) == set(ready)
        assert {row.case for row in Closing.objects.all()} == set(ready)
        told = Message.objects.filter(kind="case_closed")
        assert {message.recipient for message in told} == {case.booking.mobile for case in ready}
        for message in told:
            assert sum(case.reference in message.text for case in ready) == 1

    def test_one_that_is_closed_is_passed_over(self, ready: list[Case], cast: Cast) -> None:
        close(ready[0], cast.bureau_supervisor)
        assert close_together(ready[0], cast.bureau_supervisor) == [ready[1]]
        with pytest.raises(AlreadyDone):
            close_together(ready[0], cast.bureau_supervisor)

    def test_one_that_is_not_ready_is_named_and_stops_all(self, merged: list[Case], cast: Cast) -> None:
        main, second = merged
        give_feedback(part(main), cast.department_staff)
        accept_feedback(part(main), cast.bureau_staff)
        with pytest.raises(Refused, match="not_answered") as refused:
            close_together(main, cast.bureau_supervisor)
        assert second.reference in str(refused.value.message)
        assert main.reference not in str(refused.value.message)
        assert not Closing.objects.exists()

    def test_one_that_promised_a_later_day_is_named_and_stops_all(
        self,
        open_case: Open,  # noqa: F811
        cast: Cast,
    ) -> None:
        main, second = open_case(1), open_case(2)
        merge(main, second, actor=cast.bureau_staff)
        make_plan(part(main), cast.department_staff)
        make_plan(part(second), cast.department_staff, day=working_day(40).date(), why_later="需会签")
        for case in (main, second):
            give_feedback(part(case), cast.department_staff, result="partly")
            accept_feedback(part(case), cast.bureau_staff)
        with pytest.raises(Refused, match="promised_later") as refused:
            close_together(main, cast.bureau_supervisor)
        assert second.reference in str(refused.value.message)
        assert not Closing.objects.exists()

    def test_refusals_of_one_case_are_those_of_all(self, ready: list[Case], cast: Cast) -> None:
        for told, code in (({"answer": " "}, "no_answer"), ({"result": "long_term"}, "no_report_day")):
            with pytest.raises(Refused, match=code):
                close_together(ready[0], cast.bureau_supervisor, **told)
        assert not Closing.objects.exists()


def test_without_a_merger_each_is_refused(open_case: Open, cast: Cast) -> None:  # noqa: F811
    main, second = open_case(1), open_case(2)
    undo_merger(merge(main, second, actor=cast.bureau_staff), cast.bureau_staff)
    for press, actor in (
        (answer_together, cast.department_staff),
        (accept_together, cast.bureau_staff),
        (close_together, cast.bureau_supervisor),
    ):
        with pytest.raises(Refused, match="not_merged"):
            press(main, actor)


MAY = {
    "answer": {Role.DEPARTMENT_STAFF: LEAD, Role.DEPARTMENT_HEAD: LEAD},
    "accept": {Role.BUREAU_STAFF: None, Role.BUREAU_SUPERVISOR: None},
    "close": {Role.BUREAU_SUPERVISOR: None},
}


def may(verb: str, who: str) -> bool:
    role, unit = CAST[who]
    return role in MAY[verb] and MAY[verb][role] in (None, unit)


@pytest.mark.parametrize(("verb", "leads_to"), [("answer", "checking"), ("accept", "done"), ("close", "closed")])
def test_every_role_of_a_press(verb: str, leads_to: str, merged: list[Case], cast: Cast) -> None:
    if verb != "answer":
        answer_together(merged[0], cast.department_staff)
    if verb == "close":
        accept_together(merged[0], cast.bureau_staff)
    press = {"answer": answer_together, "accept": accept_together, "close": close_together}[verb]
    row = merged[0] if verb == "close" else part(merged[0])
    tried = outcomes(row, {who: lambda _row, who=who: press(merged[0], cast[who]) for who in CAST})
    assert tried == {who: leads_to if may(verb, who) else FORBIDDEN for who in CAST}


def test_supervisor_reads_what_waits_and_closes_all_on_two_pages(merged: list[Case], cast: Cast) -> None:
    main, second = merged
    answer_together(main, cast.department_staff)
    with time_machine.travel(SEEN, tick=False):
        client = signed_in(cast.bureau_supervisor)
        accept = reverse("console:cases_assignment_do", args=[part(main).pk, "accept-together"])
        assert accept in text_of(client.get(page_of(main)))
        form = text_of(client.get(accept))
        assert all(word in form for word in (main.reference, second.reference, ANSWER))
        assert client.post(accept, {"note": ""}).status_code == 302
        shut = reverse("console:cases_case_do", args=[second.pk, "close-together"])
        assert shut in text_of(client.get(page_of(second)))
        form = text_of(client.get(shut))
        assert all(word in form for word in (main.reference, second.reference, ANSWER))
        assert client.post(shut, {"result": "solved", "answer": ""}).status_code == 422
        assert client.post(shut, {"result": "solved", "answer": "已退税。"}).status_code == 302
        assert shut not in text_of(client.get(page_of(second)))
    assert set(Case.objects.values_list("status", flat=True)) == {"closed"}


def test_one_alone_is_not_offered_to_be_accepted_together(merged: list[Case], cast: Cast) -> None:
    give_feedback(part(merged[0]), cast.department_staff)
    with time_machine.travel(SEEN, tick=False):
        shown = text_of(signed_in(cast.bureau_staff).get(page_of(merged[0])))
    assert "do/accept/" in shown
    assert "accept-together" not in shown
