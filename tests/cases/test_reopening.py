"""A follow-up sends a closed demand back: a new round, and what the last one ended with stays. [3.9]"""

from datetime import date
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.test import Client

from appointments.models import Booking
from cases import selectors_supervision, services
from cases.enums import CaseStatus, Outcome, Result
from cases.models import Assignment, Case, Closing, MergedCase, Reopening
from cases.selectors_enterprise import progress_of
from cases.selectors_together import merger_of
from cases.selectors_work import inbox_of
from core.errors import Refused
from core.models import User
from core.workdays import due_date
from deadlines.models import Obligation
from notifications.models import Message
from tests.cases.conftest import (
    DAY,
    LEAD,
    OTHER,
    accept_feedback,
    close,
    close_at_once,
    done,
    give_feedback,
    handled,
    make_plan,
    plan,
    working_day,
)
from tests.cases.test_handling_together import answer_together
from tests.cases.test_search import found
from tests.cases.test_together import Open, merge, open_case  # noqa: F401 - a fixture
from tests.conftest import Cast
from tests.factories import department

pytestmark = [pytest.mark.django_db, pytest.mark.clause("[3.9]")]
SAME_START = True
FINDING = "电话核实：退税款至今没有到账。"


def again() -> Any:
    """The twelfth working day after the consultation, two after the close-out."""
    return working_day(12)


def reopen(case: Case, actor: User, *, units: tuple[str, ...] = (), **options: Any) -> Case:
    parts = (
        services.Parts(*[department(units[0]).pk, tuple(department(unit).pk for unit in units[1:])]) if units else None
    )
    return services.reopen_case(
        case_id=case.pk, finding=FINDING, actor=actor, now=options.pop("now", again()), parts=parts, **options
    )


def second(case: Case, name: str = LEAD) -> Assignment:
    return case.assignments.get(round=2, department__name=name)


@pytest.fixture
def closed(case: Case, cast: Cast) -> Case:
    return handled(case, cast)


def owed(case: Case, round: int) -> list[tuple[str, str, date, date]]:
    rows = Obligation.objects.filter(owner=f"cases.case:{case.pk}", round=round)
    return sorted(rows.values_list("kind", "status", "start", "last_day"))


def test_reopen_case_begins_a_round_that_counts_from_the_day_of_the_decision(closed: Case, cast: Cast) -> None:
    first = owed(closed, 1)
    row = reopen(closed, cast.inspector)
    row.refresh_from_db()
    assert (row.status, row.round, row.start) == (CaseStatus.HANDLING, 2, again().date())
    assert (row.result, row.answer, row.closed_at, row.closed_by) == ("", "", None, None)
    part = second(row)
    assert (part.status, part.is_lead, part.handler) == ("planning", True, None)
    start = again().date()
    assert owed(row, 2) == [
        ("feedback", "open", start, due_date(start, 15).due),
        ("plan", "open", start, due_date(start, 5).due),
    ]
    assert owed(row, 1) == first
    why = Reopening.objects.get(case=row)
    assert (why.round, why.finding, why.by) == (2, FINDING, cast.inspector)


def test_reopen_case_leaves_the_first_close_out_as_it_was(closed: Case, cast: Cast) -> None:
    reopen(closed, cast.inspector)
    kept = Closing.objects.get(case=closed)
    assert (kept.round, kept.answer, kept.result, kept.closed_by) == (
        1,
        "退税已办结。",
        "solved",
        cast.bureau_supervisor,
    )
    assert kept.start == DAY


def test_reopen_case_tells_the_departments_what_was_found_and_the_enterprise_who_handles_it(
    closed: Case, cast: Cast
) -> None:
    Message.objects.all().delete()
    reopen(closed, cast.inspector)
    said = Message.objects.filter(kind="case_assigned_again")
    assert {row.recipient for row in said} == {"department_staff", "department_head"}
    assert all(FINDING in row.text and "满意" not in row.text and "评价" not in row.text for row in said)
    told = Message.objects.filter(kind="case_reopened")
    assert told.count() == 1
    assert all(LEAD in row.text for row in told)
    assert not Message.objects.filter(kind__in=["case_assigned", "case_opened"]).exists()


def test_second_round_goes_its_whole_way_and_is_closed_by_itself(closed: Case, cast: Cast) -> None:
    reopen(closed, cast.inspector)
    part = second(closed)
    services.make_plan(
        assignment_id=part.pk,
        plan=plan(cast.department_staff, day=due_date(DAY, 20).due),
        actor=cast.department_staff,
        now=working_day(13),
    )
    give_feedback(part, cast.department_staff, now=working_day(14))
    accept_feedback(part, cast.bureau_staff, now=working_day(15))
    row = close(closed, cast.bureau_supervisor, now=working_day(16), result=Result.PARTLY)
    assert (row.round, row.status) == (2, CaseStatus.CLOSED)
    assert list(Closing.objects.values_list("round", "result", "start", "taken_up_at")) == [
        (1, "solved", DAY, None),
        (2, "partly", again().date(), None),
    ]
    assert Message.objects.filter(kind="case_closed").count() == 2


def test_a_third_round_follows_the_second(closed: Case, cast: Cast) -> None:
    reopen(closed, cast.inspector)
    part = second(closed)
    make_plan(part, cast.department_staff, now=working_day(13), day=due_date(DAY, 20).due)
    give_feedback(part, cast.department_staff, now=working_day(14))
    accept_feedback(part, cast.bureau_staff, now=working_day(15))
    close(closed, cast.bureau_supervisor, now=working_day(16))
    row = reopen(closed, cast.inspector, now=working_day(20))
    assert (row.round, row.start) == (3, working_day(20).date())
    assert list(row.reopenings.values_list("round", flat=True)) == [2, 3]


def test_reopen_case_by_other_departments_tells_those_who_had_it(closed: Case, cast: Cast) -> None:
    row = reopen(closed, cast.inspector, units=(OTHER, "市商务局"))
    assert row.is_joint
    assert {kind for kind, *_rest in owed(row, 2)} == {"plan", "feedback", "division"}
    assert {day for kind, _status, _start, day in owed(row, 2) if kind == "feedback"} == {
        due_date(again().date(), 20).due
    }
    told = Message.objects.filter(kind="case_taken_elsewhere")
    assert {row.recipient for row in told} == {"department_staff", "department_head"}
    assert all(FINDING in row.text and f"{OTHER}、市商务局" in row.text for row in told)
    with pytest.raises(PermissionDenied):
        services.reveal_contact(case_id=row.pk, reason="联系", actor=cast.department_staff)
    assert services.reveal_contact(case_id=row.pk, reason="联系", actor=cast.other_department_staff)


@pytest.mark.parametrize("kept", [True, False])
def test_another_legal_limit_goes_with_its_round_unless_it_is_kept(kept: bool, case: Case, cast: Cast) -> None:
    services.override_limit(
        case_id=case.pk, working_days=30, legal_basis="税法第一条", actor=cast.bureau_staff, now=working_day(1)
    )
    handled(case, cast)
    row = reopen(case, cast.inspector, keeps_legal_limit=kept)
    assert (row.legal_working_days, row.legal_basis) == ((30, "税法第一条") if kept else (None, ""))
    (day,) = [day for kind, _status, _start, day in owed(row, 2) if kind == "feedback"]
    assert day == due_date(again().date(), 30 if kept else 15).due


class TestClosedAtTheTable:
    @pytest.fixture
    def at_once(self, booking: Booking, cast: Cast) -> Case:
        return close_at_once(booking, cast.department_head, Outcome.EXPLAINED, "不属减免范围。")

    def test_it_had_no_departments_so_they_are_named(self, at_once: Case, cast: Cast) -> None:
        with pytest.raises(Refused) as refused:
            reopen(at_once, cast.inspector)
        assert (refused.value.code, refused.value.field) == ("no_department", "lead")
        at_once.refresh_from_db()
        assert (at_once.status, at_once.round) == (CaseStatus.CLOSED, 1)

    def test_it_is_handed_over_now_and_the_consultation_stays_what_it_was(self, at_once: Case, cast: Cast) -> None:
        row = reopen(at_once, cast.inspector, units=(LEAD,))
        assert row.outcome == Outcome.EXPLAINED
        progress = progress_of(row, again())
        assert [str(stage.label) for stage in progress.stages] == [
            "挂号",
            "受理",
            "坐诊",
            "重新交办",
            "办理",
            "答复",
            "销号",
        ]
        assert [stage.on for stage in progress.stages][2:4] == [DAY, again().date()]
        assert [stage.state for stage in progress.stages].count("done") == 4


def test_listed_for_the_long_term_is_no_longer_when_it_is_handled_again(case: Case, cast: Cast) -> None:
    part = case.assignments.get()
    make_plan(part, cast.department_staff, day=due_date(DAY, 60).due, why_later="需上级核定")
    give_feedback(part, cast.department_staff, result=Result.LONG_TERM, help_offered="先行辅导。")
    accept_feedback(part, cast.bureau_staff)
    report = due_date(DAY, 80).due
    close(case, cast.bureau_supervisor, result=Result.LONG_TERM, next_report_on=report)
    row = reopen(case, cast.inspector)
    row.refresh_from_db()
    assert row.next_report_on is None
    assert Closing.objects.get(case=row).next_report_on == report
    assert [status for kind, status, *_rest in owed(row, 1) if kind == "committed"] == ["void"]
    make_plan(second(row), cast.department_staff, now=working_day(13), day=due_date(DAY, 60).due, why_later="同前")
    assert "committed" in {kind for kind, status, *_rest in owed(row, 2) if status == "open"}


class TestMerged:
    """What is handled again goes its own way."""

    @pytest.fixture
    def members(self, open_case: Open, cast: Cast) -> list[Case]:  # noqa: F811 - the fixture of that name
        return [open_case(serial) for serial in (1, 2, 3)]

    def test_another_than_the_main_case_leaves_the_rest_together(self, members: list[Case], cast: Cast) -> None:
        main, other, third = members
        merger = merge(main, other, third, actor=cast.bureau_staff)
        handled(other, cast)
        reopen(other, cast.inspector)
        assert merger_of(other) is None
        assert merger_of(main) == merger_of(third) == merger
        for row in (main, third):
            make_plan(row.assignments.get(), cast.department_staff)
        given = answer_together(main, cast.department_staff)
        assert {row.assignment.case_id for row in given} == {main.pk, third.pk}
        assert second(other).status == "planning"

    @pytest.mark.parametrize("leaves", [0, 1])
    def test_the_main_case_or_one_of_two_undoes_it(self, leaves: int, members: list[Case], cast: Cast) -> None:
        joined = members[1:] if leaves == 0 else members[1:2]
        merger = merge(members[0], *joined, actor=cast.bureau_staff)
        handled(members[leaves], cast)
        reopen(members[leaves], cast.inspector)
        merger.refresh_from_db()
        assert (merger.status, merger.undone_by) == ("undone", cast.inspector)
        assert not MergedCase.objects.filter(is_standing=True).exists()

    def test_it_can_be_merged_again_in_its_new_round_and_the_department_is_told(
        self, members: list[Case], cast: Cast
    ) -> None:
        main, other, third = members
        merge(main, other, third, actor=cast.bureau_staff)
        handled(other, cast)
        reopen(other, cast.inspector)
        before = Message.objects.filter(kind="cases_merged").count()
        merge(main, other, actor=cast.bureau_staff)
        assert merger_of(other) == merger_of(main)
        assert Message.objects.filter(kind="cases_merged").count() > before


def test_a_common_demand_that_it_shows_it_goes_on_showing(closed: Case, open_case: Open, cast: Cast) -> None:  # noqa: F811
    other = open_case(7)
    common = services.Common("退税复核慢", (department(LEAD).pk,))
    item = services.open_common(
        common=common, case_ids=[closed.pk, other.pk], actor=cast.bureau_staff, now=working_day(11)
    )
    settled = {"settlement": "统一口径。", "told": "统一口径"}
    services.settle_common(item_id=item.pk, actor=cast.bureau_staff, now=working_day(11), **settled)
    reopen(closed, cast.inspector)
    item.refresh_from_db()
    assert item.status == "settled"
    assert item.entries.filter(case=closed, removed_at__isnull=True).exists()


def test_reopen_case_without_a_finding_is_refused(closed: Case, cast: Cast) -> None:
    with pytest.raises(Refused) as refused:
        services.reopen_case(case_id=closed.pk, finding=" \n", actor=cast.inspector, now=again())
    assert (refused.value.code, refused.value.field) == ("no_finding", "finding")


@pytest.mark.parametrize("named", [True, False])
def test_reopen_case_by_a_department_that_is_closed_down_is_refused(named: bool, closed: Case, cast: Cast) -> None:
    unit = department(LEAD)
    unit.is_active = False
    unit.save()
    with pytest.raises(Refused) as refused:
        reopen(closed, cast.inspector, units=(LEAD,) if named else ())
    assert refused.value.code == "no_department"
    assert not Reopening.objects.exists()


def test_what_an_earlier_round_handed_out_is_not_worked_on(joint: Case, cast: Cast) -> None:
    done(joint, LEAD, cast.department_staff, cast.bureau_staff)
    done(joint, OTHER, cast.other_department_staff, cast.bureau_staff)
    close(joint, cast.bureau_supervisor)
    reopen(joint, cast.inspector)
    old = joint.assignments.get(round=1, department__name=LEAD)
    shares = {part.department_id: "核定" for part in joint.assignments.all()}
    with pytest.raises(Refused) as refused:
        services.divide(assignment_id=old.pk, shares=shares, actor=cast.department_staff, now=working_day(13))
    assert refused.value.code == "past_round"
    assert not joint.assignments.exclude(share="").exists()


def test_each_round_has_its_own_count_of_additions(case: Case, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.policy.CASE_SUPPLEMENTS_MAX", 1)

    def add(text: str, number: int) -> Any:
        return services.add_to_case(case_id=case.pk, text=text, submission=text, now=working_day(number))

    add("第一次", 1)
    with pytest.raises(Refused) as refused:
        add("第二次", 2)
    assert refused.value.code == "too_many"
    handled(case, cast)
    reopen(case, cast.inspector)
    assert add("第三次", 13).round == 2


def test_the_answer_of_every_round_is_searched(closed: Case, cast: Cast) -> None:
    reopen(closed, cast.inspector)
    assert found("退税已办结", cast.bureau_staff) == [closed]


def test_what_was_urged_in_the_first_round_is_not_the_last_urging_of_the_second(case: Case, cast: Cast) -> None:
    services.urge(case_ids=[case.pk], note="请抓紧。", actor=cast.bureau_staff, now=working_day(1))
    handled(case, cast)
    reopen(case, cast.inspector)
    today = again().date()
    owed_now = list(selectors_supervision.owed_where(cast.bureau_staff, today))
    assert [row.urged for row in selectors_supervision.rows_of(owed_now, today)] == [None, None]


def test_the_inbox_shows_what_is_owed_in_the_second_round(closed: Case, cast: Cast) -> None:
    reopen(closed, cast.inspector)
    inbox = inbox_of(cast.department_staff, department(LEAD), again().date())
    assert [(row.case.pk, row.obligation.round, row.obligation.kind) for row in inbox.due] == [(closed.pk, 2, "plan")]


class TestPages:
    @pytest.fixture(autouse=True)
    def clock(self, closed: Case, cast: Cast) -> Any:
        reopen(closed, cast.inspector, units=(OTHER,))
        with time_machine.travel(working_day(13), tick=False):
            yield

    def page(self, user: User, address: str) -> str:
        client = Client()
        client.force_login(user)
        answer = client.get(address)
        assert answer.status_code == 200
        return answer.content.decode()

    def test_console_shows_why_and_each_round_with_its_answer(self, closed: Case, cast: Cast) -> None:
        shown = self.page(cast.bureau_staff, f"/console/cases/case/{closed.pk}/change/")
        assert FINDING in shown
        assert "第 2 轮办理" in shown
        assert "第 1 轮：" in shown
        assert "退税已办结。" in shown.partition('id="round-1"')[2]
        assert "重新交办，自次日起" in shown

    def test_list_names_the_units_of_this_round_and_finds_it_by_them(self, cast: Cast) -> None:
        listing = "/console/cases/case/?unit="
        assert OTHER in self.page(cast.bureau_staff, f"{listing}{department(OTHER).pk}").partition("result_list")[2]
        assert "result_list" not in self.page(cast.bureau_staff, f"{listing}{department(LEAD).pk}")

    def test_enterprise_sees_that_it_is_handled_again_and_until_when(self, closed: Case) -> None:
        shown = Client().get(f"/b/{closed.booking.ticket_secret}/").content.decode()
        assert "第 2 轮办理" in shown
        assert FINDING in shown
        assert f'<time datetime="{DAY}">' in shown.partition("坐诊日期")[2]
        assert f"{OTHER}正在办理" in shown
