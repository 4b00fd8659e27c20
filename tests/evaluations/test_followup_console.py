"""The console's pages on follow-ups: what each reader sees, the call list, and what a list costs. [3.9] [5.2]"""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from appointments.models import Booking
from cases.models import Case
from core.models import AuditEntry, User
from evaluations.models import FollowUp
from evaluations.services import Opinion
from sessions_app.models import Sitting
from tests.appointments.conftest import accept, confirm, take
from tests.cases.conftest import close_at_once, working_day
from tests.conftest import Cast
from tests.evaluations.followup_steps import FINDING, assign, follow, propose, send_back, unrectified
from tests.evaluations.rating_steps import invite, rate
from tests.factories import department

pytestmark = [pytest.mark.django_db, pytest.mark.clause("[3.9]")]
SAME_START = True
LISTING = "/console/evaluations/followup/"
NOTE = "材料交了三次"


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel(working_day(13), tick=False) as traveller:
        yield traveller


def page(user: User, address: str, status: int = 200) -> str:
    client = Client()
    client.force_login(user)
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode().partition('id="content"')[2]


def desk(row: FollowUp) -> str:
    return reverse("console:evaluations_calls_desk", args=[row.pk])


def press(user: User, row: FollowUp, **data: Any) -> Any:
    client = Client()
    client.force_login(user)
    return client.post(desk(row), data)


def change(row: Any) -> str:
    return reverse(f"console:evaluations_{row._meta.model_name}_change", args=[row.pk])


class TestWhoSeesWhy:
    def test_the_bureau_sees_that_there_is_one_and_not_how_it_was_rated(self, closed: Case, cast: Cast) -> None:
        row = follow(closed, note=NOTE)
        for address in (LISTING, change(row), f"{LISTING}{row.pk}/history/"):
            for person in ("bureau_staff", "bureau_supervisor"):
                shown = page(cast[person], address)
                assert "不满意" not in shown
                assert NOTE not in shown
        assert "诊后评价" in page(cast.bureau_staff, LISTING)
        assert not AuditEntry.objects.filter(action="look_at_author").exists()

    def test_whom_it_is_assigned_to_sees_why_on_its_page_with_a_trace_and_not_in_the_list(
        self, closed: Case, cast: Cast
    ) -> None:
        row = assign(follow(closed, note=NOTE), cast.bureau_supervisor, cast.bureau_staff)
        assert "不满意" not in page(cast.bureau_staff, LISTING)
        for address in (change(row), desk(row)):
            assert NOTE in page(cast.bureau_staff, address)
        assert AuditEntry.objects.filter(action="look_at_author", user=cast.bureau_staff).count() == 2
        assert NOTE not in page(cast.bureau_supervisor, change(row))

    def test_with_the_reason_stands_what_the_enterprise_said(self, closed: Case, cast: Cast) -> None:
        opinion = Opinion(consultation=True, handling=False, reasons=("unsolved",), comment="至今没有到账")
        rate(invite(closed), opinion, now=working_day(12))
        row = FollowUp.objects.get()
        assert "至今没有到账" not in page(cast.bureau_staff, change(row))
        assign(row, cast.bureau_supervisor, cast.bureau_staff)
        for address in (change(row), desk(row)):
            shown = page(cast.bureau_staff, address)
            assert "至今没有到账" in shown
            assert "未解决" in shown

    def test_the_inspection_office_sees_why(self, closed: Case, cast: Cast) -> None:
        row = follow(closed, note=NOTE)
        assert "评价不满意" in page(cast.inspector, LISTING)
        assert NOTE in page(cast.inspector, change(row))

    def test_no_address_of_the_list_asks_why(self, closed: Case, cast: Cast) -> None:
        follow(closed)
        for asked in ("origin__exact=unsatisfied", "origin=unsatisfied", "reasons__origin=unsatisfied", "o=3"):
            client = Client()
            client.force_login(cast.bureau_staff)
            with_it, without = client.get(f"{LISTING}?{asked}"), client.get(LISTING)
            assert with_it.status_code in (302, 400) or with_it.content.count(b"26-") == without.content.count(b"26-")

    def test_a_department_sees_nothing_of_it(self, closed: Case, cast: Cast) -> None:
        row = follow(closed, note=NOTE)
        for address in (LISTING, change(row), desk(row)):
            page(cast.department_head, address, 403)
        shown = page(cast.department_head, reverse("console:cases_case_change", args=[closed.pk]))
        assert "回访" not in shown
        assert "评价" not in shown
        assert "回访" not in page(cast.department_head, "/console/")


class TestReferralPages:
    def test_nobody_outside_the_inspection_office_sees_that_one_exists(
        self, inspections: FollowUp, cast: Cast
    ) -> None:
        referral = propose(unrectified(inspections, cast.inspector), cast.inspector)
        assert "纪委" in page(cast.inspector, change(inspections))
        for person in ("bureau_staff", "bureau_supervisor"):
            for address in ("/console/", LISTING, change(inspections), f"{LISTING}{inspections.pk}/history/"):
                assert "纪委" not in page(cast[person], address), address
            page(cast[person], change(referral), 403)
            page(cast[person], "/console/evaluations/referral/", 403)

    def test_facts_are_filled_in_from_what_is_on_record(self, inspections: FollowUp, cast: Cast) -> None:
        unrectified(inspections, cast.inspector)
        shown = page(cast.inspector, f"{LISTING}{inspections.pk}/do/refer/")
        assert FINDING in shown
        assert "第 1 轮于" in shown

    def test_printed_it_is_a_page_for_signature_and_leaves_a_trace(self, inspections: FollowUp, cast: Cast) -> None:
        referral = propose(unrectified(inspections, cast.inspector), cast.inspector)
        client = Client()
        client.force_login(cast.inspection_approver)
        shown = client.get(reverse("console:evaluations_referral_print", args=[referral.pk])).content.decode()
        assert "审批人签字" in shown
        assert AuditEntry.objects.filter(action="print_referral").count() == 1


class TestDesk:
    @pytest.fixture
    def rows(self, sitting: Sitting, cast: Cast) -> list[FollowUp]:
        return several(sitting, cast, 3)

    def test_queue_leads_to_what_is_due_first_and_says_when_nothing_waits(
        self, rows: list[FollowUp], cast: Cast
    ) -> None:
        client = Client()
        client.force_login(cast.inspector)
        assert client.get("/console/evaluations/calls/").headers["Location"] == desk(rows[0])
        assert "没有指派给您的回访" in page(cast.bureau_staff, "/console/evaluations/calls/")

    def test_number_is_masked_until_it_is_asked_for(self, rows: list[FollowUp], cast: Cast) -> None:
        mobile = rows[0].case.booking.mobile
        assert mobile not in page(cast.inspector, desk(rows[0]))
        answer = press(cast.inspector, rows[0], decision="reveal")
        assert mobile in answer.content.decode()
        assert "no-store" in answer.headers["Cache-Control"]
        assert AuditEntry.objects.filter(action="reveal_for_follow_up").count() == 1

    def test_not_reached_leads_to_the_next_and_reached_stays(self, rows: list[FollowUp], cast: Cast) -> None:
        first = press(cast.inspector, rows[0], decision="call", outcome="not_reached")
        assert first.headers["Location"] == desk(rows[1])
        second = press(cast.inspector, rows[1], decision="call", outcome="reached")
        assert second.headers["Location"] == desk(rows[1])

    def test_to_call_again_takes_the_time_of_anning(self, rows: list[FollowUp], cast: Cast) -> None:
        at = f"{working_day(15):%Y-%m-%dT}15:30"
        press(cast.inspector, rows[0], decision="call", outcome="call_again", again_at=at)
        call = rows[0].calls.get()
        assert call.again_at == working_day(15).replace(hour=15, minute=30)

    def test_keys_lead_to_the_neighbours(self, rows: list[FollowUp], cast: Cast) -> None:
        shown = page(cast.inspector, desk(rows[1]))
        assert f'{desk(rows[2])}" data-key="j"' in shown
        assert f'{desk(rows[0])}" data-key="k"' in shown

    def test_confirmed_leads_to_the_next(self, rows: list[FollowUp], cast: Cast) -> None:
        answer = press(cast.inspector, rows[0], **{"decision": "confirm", "confirm-finding": FINDING})
        assert answer.headers["Location"] == desk(rows[1])
        rows[0].refresh_from_db()
        assert rows[0].status == "confirmed"

    @pytest.mark.parametrize(("decision", "said"), [("confirm", "无需重复操作"), ("unrectified", "当前状态为")])
    def test_pressed_once_more_says_that_it_is_decided(
        self, rows: list[FollowUp], cast: Cast, decision: str, said: str
    ) -> None:
        press(cast.inspector, rows[0], **{"decision": "confirm", "confirm-finding": FINDING})
        client = Client()
        client.force_login(cast.inspector)
        answer = client.post(desk(rows[0]), {"decision": decision, f"{decision}-finding": FINDING}, follow=True)
        assert answer.redirect_chain == [(desk(rows[0]), 302)]
        assert said in answer.content.decode()

    def test_closed_at_the_table_asks_who_handles_it_now(self, rows: list[FollowUp], cast: Cast) -> None:
        data = {"decision": "send-back", "again-finding": FINDING}
        assert "请选择责任单位" in press(cast.inspector, rows[0], **data).content.decode()
        answer = press(cast.inspector, rows[0], **data, **{"again-lead": department().pk})
        assert answer.status_code == 302
        assert rows[0].case.assignments.get().department == department()

    def test_units_of_the_last_round_are_proposed_for_the_next(self, inspections: FollowUp, cast: Cast) -> None:
        unit = inspections.case.assignments.get().department_id
        assert f'<option value="{unit}" selected>' in page(cast.inspector, desk(inspections))

    def test_refused_it_keeps_what_was_typed_and_says_why(self, case: Case, cast: Cast) -> None:
        row = follow(case, "inspector", cast.inspector, assigned_to=cast.inspector.pk)
        answer = press(
            cast.inspector,
            row,
            **{"decision": "send-back", "again-finding": FINDING, "again-lead": department().pk},
        )
        assert answer.status_code == 422
        assert "尚未销号" in answer.content.decode()
        assert FINDING in answer.content.decode()

    def test_decided_it_only_says_so(self, inspections: FollowUp, cast: Cast) -> None:
        send_back(inspections, cast.inspector)
        shown = page(cast.inspector, desk(inspections))
        assert FINDING in shown
        assert "<textarea" not in shown


def several(sitting: Sitting, cast: Cast, number: int) -> list[FollowUp]:
    """Of demands that were closed at the table, each opened a working day after the other, all the inspector's."""
    made = []
    for place in range(1, number + 1):
        booking: Booking = accept(confirm(take(sitting, place + 1)), cast.bureau_staff)
        case = close_at_once(booking, cast.department_head)
        made.append(follow(case, "inspector", cast.inspector, assigned_to=cast.inspector.pk, now=working_day(place)))
    return made


@pytest.mark.parametrize("number", [1, 3])
def test_a_list_costs_the_same_with_one_row_and_with_three(
    number: int, sitting: Sitting, cast: Cast, django_assert_num_queries: Any
) -> None:
    rows = several(sitting, cast, number)
    client = Client()
    client.force_login(cast.inspector)
    client.get(LISTING)  # what the first page of a process reads once
    with django_assert_num_queries(4):
        client.get(LISTING)
    with django_assert_num_queries(15):
        client.get(desk(rows[0]))


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_of_referrals_costs_the_same_with_one_row_and_with_three(
    number: int, sitting: Sitting, cast: Cast, django_assert_num_queries: Any
) -> None:
    for row in several(sitting, cast, number):
        propose(unrectified(row, cast.inspector), cast.inspector)
    client = Client()
    client.force_login(cast.inspector)
    client.get("/console/evaluations/referral/")
    with django_assert_num_queries(3):
        client.get("/console/evaluations/referral/")


def test_front_page_counts_what_waits_for_whom(closed: Case, inspections: FollowUp, cast: Cast) -> None:
    send_back(inspections, cast.inspector)
    follow(closed, "unsatisfied", round=1)
    assert "回访待指派" in page(cast.bureau_supervisor, "/console/")
    assert "待我回访" in page(cast.bureau_staff, "/console/")
    assert "报送待审批" in page(cast.inspection_approver, "/console/")
    assert "报送" not in page(cast.bureau_supervisor, "/console/")


class TestEnterprise:
    def own(self, case: Case) -> str:
        return f"/b/{case.booking.ticket_secret}/"

    def test_it_reports_from_its_case_page_and_sees_what_became_of_it(self, closed: Case, cast: Cast) -> None:
        client = Client(enforce_csrf_checks=True)
        assert f"{self.own(closed)}case/report/" in client.get(self.own(closed)).content.decode()
        form = client.get(f"{self.own(closed)}case/report/").content.decode()
        token = form.partition('name="submission" value="')[2].partition('"')[0]
        answer = client.post(f"{self.own(closed)}case/report/", {"text": "承诺没有兑现", "submission": token})
        assert "督查科已收到" in answer.content.decode()
        assert not answer.cookies
        again = client.post(f"{self.own(closed)}case/report/", {"text": "承诺没有兑现", "submission": token})
        assert "督查科已收到" in again.content.decode()
        shown = client.get(self.own(closed)).content.decode()
        assert "承诺没有兑现" in shown
        assert "督查科正在核实" in shown
        row = FollowUp.objects.get()
        unrectified(assign(row, cast.inspector, cast.inspector), cast.inspector)
        shown = client.get(self.own(closed)).content.decode()
        assert FINDING in shown

    def test_an_empty_report_says_so_at_the_field(self, closed: Case) -> None:
        answer = Client().post(f"{self.own(closed)}case/report/", {"text": " "})
        assert answer.status_code == 422
        assert "请填写反映的问题。" in answer.content.decode()

    def test_what_others_opened_is_not_shown_until_it_is_decided(self, bureaus: FollowUp, closed: Case) -> None:
        assert "回访核实" not in Client().get(self.own(closed)).content.decode()
