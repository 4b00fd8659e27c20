"""The console on cases: who sees which, in what order, at what cost, and what the page of one says. [3.7]"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from appointments.models import Booking
from cases.models import Assignment, Case
from cases.services import KINDS_OWED
from core.models import AuditEntry, User
from core.templatetags.cn import cn_date
from core.workdays import due_date
from deadlines.models import Escalation
from deadlines.services import acknowledge, remind_of
from sessions_app.models import Sitting
from tests.appointments.conftest import accept, confirm, take
from tests.cases.conftest import (
    DAY,
    LEAD,
    OTHER,
    SEEN,
    ask_extension,
    close,
    close_at_once,
    done,
    give_feedback,
    hand_over,
    handled,
    make_plan,
    object_to,
    part,
    return_feedback,
    working_day,
)
from tests.cases.pages import LIST_QUERIES, signed_in
from tests.conftest import Cast
from tests.factories import department

pytestmark = [pytest.mark.django_db, pytest.mark.clause("[3.7]")]
SAME_START = True
LIST = "/console/cases/case/"
PAGE_QUERIES = 30


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel(SEEN, tick=False) as clock:
        yield clock


@pytest.fixture
def bureau(cast: Cast) -> Client:
    return signed_in(cast.bureau_staff)


def page_of(case: Case) -> str:
    return reverse("admin:cases_case_change", args=[case.pk])


def text_of(answer: HttpResponse) -> str:
    return answer.content.decode()


def booked(sitting: Sitting, serial: int, bureau: User) -> Booking:
    return accept(confirm(take(sitting, serial)), bureau)


def listed(client: Client, query: str = "") -> list[int]:
    return [row.pk for row in client.get(f"{LIST}?{query}").context["cl"].result_list]


@pytest.fixture
def three(sitting: Sitting, cast: Cast) -> list[Case]:
    """Of one department, of two together, and solved on the spot; opened one after the other."""
    first, second, third = (booked(sitting, serial, cast.bureau_staff) for serial in (1, 2, 3))
    head = cast.department_head
    return [
        hand_over(first, head, lead=OTHER),
        hand_over(second, head, assisting=(OTHER,), now=SEEN + timedelta(minutes=1)),
        close_at_once(third, head),
    ]


class TestList:
    def test_the_newest_case_stands_first(self, bureau: Client, three: list[Case]) -> None:
        assert listed(bureau) == [three[1].pk, three[2].pk, three[0].pk]

    def test_by_its_due_date_the_most_urgent_stands_first_and_the_closed_last(
        self, bureau: Client, three: list[Case], cast: Cast
    ) -> None:
        column = bureau.get(LIST).context["cl"].list_display.index("next_due")
        assert listed(bureau, f"o={column}")[-1] == three[2].pk

    @pytest.mark.parametrize("number", [1, 3])
    def test_the_list_costs_the_same_whatever_it_holds(
        self, bureau: Client, sitting: Sitting, cast: Cast, number: int, django_assert_num_queries: Any
    ) -> None:
        for serial in range(1, number + 1):
            hand_over(booked(sitting, serial, cast.bureau_staff), cast.department_head, assisting=(OTHER,))
        bureau.get(LIST)
        with django_assert_num_queries(LIST_QUERIES):
            assert len(listed(bureau)) == number

    def test_a_department_sees_only_its_own(self, three: list[Case], cast: Cast) -> None:
        assert listed(signed_in(cast.department_staff)) == [three[1].pk]
        assert signed_in(cast.department_staff).get(page_of(three[0])).status_code == 302

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("status__exact=handling", {0, 1}),
            ("joint=yes", {1}),
            ("joint=no", {0, 2}),
            ("booking__demand_kind__exact=service", {0, 1, 2}),
            ("booking__demand_kind__exact=complaint", set()),
            ("result__exact=solved", {2}),
            ("light=on_track", {0, 1}),
            ("light=late", set()),
            ("light=nothing", {0, 1, 2}),
            ("unit=nothing", {0, 1, 2}),
        ],
    )
    def test_a_filter_leaves_what_it_names(
        self, bureau: Client, three: list[Case], query: str, found: set[int]
    ) -> None:
        assert set(listed(bureau, query)) == {three[place].pk for place in found}

    def test_by_a_unit_whoever_leads_or_assists_is_found(self, bureau: Client, three: list[Case]) -> None:
        assert set(listed(bureau, f"unit={department(OTHER).pk}")) == {three[0].pk, three[1].pk}
        assert listed(bureau, f"unit={department(LEAD).pk}") == [three[1].pk]

    def test_a_case_stands_in_its_worst_light_and_in_no_other(self, three: list[Case], cast: Cast, clock: Any) -> None:
        """The one has made its plan, the other is late with it; both still have weeks for their feedback."""
        make_plan(part(three[0], OTHER), cast.other_department_staff)
        clock.move_to(working_day(6))
        bureau = signed_in(cast.bureau_staff)
        lights = {light: listed(bureau, f"light={light}") for light in ("late", "near", "on_track")}
        assert lights == {"late": [three[1].pk], "near": [], "on_track": [three[0].pk]}

    def test_the_bureaus_own_wait_counts_too_and_only_for_who_sees_it(self, case: Case, cast: Cast) -> None:
        ask_extension(part(case), cast.department_staff, now=SEEN)
        assert "审批" in text_of(signed_in(cast.bureau_staff).get(LIST))
        assert "延期审批" not in text_of(signed_in(cast.department_staff).get(LIST))

    def test_a_line_names_the_units_and_what_is_due_next(self, bureau: Client, three: list[Case]) -> None:
        page = text_of(bureau.get(LIST))
        assert f"{LEAD}（牵头）、{OTHER}" in page
        assert "剩 5 个工作日" in page
        assert "12-03 周四" in page


class TestPage:
    def test_the_page_opens_for_one_of_two_and_none(self, bureau: Client, three: list[Case]) -> None:
        for case in three:
            page = text_of(bureau.get(page_of(case)))
            assert case.reference in page
            assert case.points in page

    def test_every_due_date_says_why_it_is_this_day(self, bureau: Client, three: list[Case]) -> None:
        page = text_of(bureau.get(page_of(three[1])))
        assert page.count("为什么是这一天") == 5
        assert "依据工作方案第三部分第（七）项，时限为 20 个工作日。" in page

    def test_a_reminder_that_nobody_took_up_is_shown(self, case: Case, cast: Cast, clock: Any) -> None:
        clock.move_to(working_day(6))
        remind_of(KINDS_OWED, working_day(6))
        page = text_of(signed_in(cast.bureau_staff).get(page_of(case)))
        assert "未签收" in page
        for escalation in Escalation.objects.all():
            acknowledge(escalation_id=escalation.pk, actor=cast.bureau_staff, note="已电话催促。", now=working_day(6))
        page = text_of(signed_in(cast.bureau_staff).get(page_of(case)))
        assert "已电话催促。" in page
        assert "未签收" not in page

    def test_a_departments_files_and_history_stay_its_own(self, three: list[Case], cast: Cast) -> None:
        page = signed_in(cast.department_staff).get(f"/console/cases/case/{three[1].pk}/history/")
        assert "交办责任单位" in text_of(page)
        assert signed_in(cast.department_staff).get(f"/console/cases/case/{three[0].pk}/history/").status_code == 403

    @pytest.mark.parametrize("number", [1, 3])
    def test_the_page_costs_the_same_however_often_it_was_returned(
        self, case: Case, cast: Cast, clock: Any, number: int, django_assert_num_queries: Any
    ) -> None:
        make_plan(part(case), cast.department_staff)
        for time in range(number):
            give_feedback(part(case), cast.department_staff, now=working_day(3 + time))
            return_feedback(part(case), cast.bureau_staff, now=working_day(3 + time))
        bureau = signed_in(cast.bureau_staff)
        bureau.get(page_of(case))
        with django_assert_num_queries(PAGE_QUERIES):
            bureau.get(page_of(case))

    def test_contact_data_is_masked(self, bureau: Client, three: list[Case]) -> None:
        page = text_of(bureau.get(page_of(three[0])))
        assert three[0].booking.mobile not in page
        assert three[0].booking.mobile[:3] + "****" in page


def do(client: Client, row: Case | Assignment, verb: str, data: dict[str, Any] | None = None) -> HttpResponse:
    return client.post(f"/console/cases/{row._meta.model_name}/{row.pk}/do/{verb}/", data or {}, follow=True)


def plan_form(case: Case, user: User, verb: str = "plan") -> Any:
    return signed_in(user).get(f"/console/cases/assignment/{part(case).pk}/do/{verb}/").context["form"]


def offered(client: Client, case: Case) -> set[str]:
    """The buttons that this person finds on the page, of the case and of its parts."""
    context = client.get(page_of(case)).context
    buttons = [*context["verb_buttons"], *(button for part in context["parts"] for button in part.buttons)]
    return {button["verb"].name for button in buttons}


class TestOffered:
    def test_each_finds_what_is_theirs_to_do_now(self, case: Case, cast: Cast) -> None:
        assert offered(signed_in(cast.department_staff), case) == {"plan", "extend", "object", "reveal"}
        assert offered(signed_in(cast.bureau_staff), case) == {"urge", "joint", "limit", "added", "reveal"}
        assert offered(signed_in(cast.inspector), case) == {"urge", "reveal", "follow-up"}

    def test_what_was_answered_is_the_bureaus_to_check(self, case: Case, cast: Cast) -> None:
        make_plan(part(case), cast.department_staff)
        assert {"feedback", "change-plan"} <= offered(signed_in(cast.department_staff), case)
        give_feedback(part(case), cast.department_staff)
        assert offered(signed_in(cast.department_staff), case) == {"reveal"}
        assert {"accept", "return"} <= offered(signed_in(cast.bureau_staff), case)

    def test_what_is_asked_for_is_a_supervisors_to_rule_on(self, case: Case, cast: Cast) -> None:
        object_to(part(case), cast.department_staff)
        ask_extension(part(case), cast.department_staff, now=SEEN)
        ruling = {"uphold", "dismiss", "grant", "refuse"}
        assert ruling <= offered(signed_in(cast.bureau_supervisor), case)
        for name in ("bureau_staff", "department_staff", "inspection_approver"):
            assert not ruling & offered(signed_in(cast[name]), case)

    def test_the_bureaus_own_part_is_the_inspection_offices_to_rule_on(self, booking: Booking, cast: Cast) -> None:
        case = hand_over(booking, cast.department_head, lead="市政务服务局")
        ask_extension(part(case, "市政务服务局"), cast.bureau_staff, now=SEEN)
        assert {"grant", "refuse"} <= offered(signed_in(cast.inspection_approver), case)
        assert not {"grant", "refuse"} & offered(signed_in(cast.bureau_supervisor), case)

    def test_an_objection_is_offered_for_one_working_day(self, case: Case, cast: Cast, clock: Any) -> None:
        clock.move_to(working_day(1))
        assert "object" in offered(signed_in(cast.department_staff), case)
        clock.move_to(working_day(2))
        assert "object" not in offered(signed_in(cast.department_staff), case)

    def test_the_lead_of_a_joint_case_divides_it(self, joint: Case, cast: Cast) -> None:
        assert "divide" in offered(signed_in(cast.department_staff), joint)
        assert "divide" not in offered(signed_in(cast.other_department_staff), joint)

    def test_a_closed_case_offers_nothing_but_the_bureaus_look(self, case: Case, cast: Cast) -> None:
        done(case, LEAD, cast.department_staff, cast.bureau_staff)
        assert "close" in offered(signed_in(cast.bureau_supervisor), case)
        close(case, cast.bureau_supervisor)
        # Solved, it may be told of, which is the reports' own button.
        assert offered(signed_in(cast.bureau_supervisor), case) == {"reveal", "typical"}
        assert offered(signed_in(cast.department_staff), case) == set()


class TestVerbs:
    def test_a_refused_feedback_keeps_its_words_and_says_why_at_the_field(self, case: Case, cast: Cast) -> None:
        make_plan(part(case), cast.department_staff)
        unit = signed_in(cast.department_staff)
        refused = do(
            unit, part(case), "feedback", {"result": "explained", "text": "依法不能减免。", "help_offered": ""}
        )
        assert refused.status_code == 422
        assert refused.context["form"].errors["help_offered"] == ["没有解决的，请写明给予企业的协助支持。"]
        assert "依法不能减免。</textarea>" in text_of(refused)
        answered = do(
            unit,
            part(case),
            "feedback",
            {"result": "explained", "text": "依法不能减免。", "help_offered": "协助分期。"},
        )
        assert "等待审核" in text_of(answered)

    def test_a_later_day_needs_its_reason_at_the_field(self, case: Case, cast: Cast) -> None:
        data = {"handler": cast.department_staff.pk, "planned_on": "2027-01-15", "measures": "分三步办理。"}
        refused = do(signed_in(cast.department_staff), part(case), "plan", data)
        assert "why_later" in refused.context["form"].errors
        assert "分三步办理。</textarea>" in text_of(refused)
        do(signed_in(cast.department_staff), part(case), "plan", data | {"why_later": "列入下年预算。"})
        assert part(case).why_later == "列入下年预算。"

    def test_a_plan_names_only_people_of_the_department(self, case: Case, cast: Cast) -> None:
        assert set(plan_form(case, cast.department_staff).fields["handler"].queryset) == {
            cast.department_staff,
            cast.department_head,
        }

    def test_staff_undertake_what_they_plan_and_a_head_chooses_who(self, case: Case, cast: Cast) -> None:
        assert plan_form(case, cast.department_staff)["handler"].value() == cast.department_staff.pk
        assert plan_form(case, cast.department_head)["handler"].value() is None

    def test_changing_a_plan_leaves_who_undertakes_it(self, case: Case, cast: Cast) -> None:
        make_plan(part(case), cast.department_head)
        assert plan_form(case, cast.department_staff, "change-plan")["handler"].value() == cast.department_head.pk

    def test_a_share_is_asked_for_each_department(self, joint: Case, cast: Cast) -> None:
        unit, own, other = signed_in(cast.department_staff), part(joint), part(joint, OTHER)
        refused = do(unit, own, "divide", {f"share_{own.department_id}": "退税"})
        assert list(refused.context["form"].errors) == [f"share_{other.department_id}"]
        assert "退税</textarea>" in text_of(refused)
        do(unit, own, "divide", {f"share_{own.department_id}": "退税", f"share_{other.department_id}": "核定口径"})
        assert part(joint, OTHER).share == "核定口径"

    def test_the_check_shows_what_was_answered(self, case: Case, cast: Cast, clock: Any) -> None:
        clock.move_to(working_day(9))
        bureau = signed_in(cast.bureau_staff)
        make_plan(part(case), cast.department_staff)
        give_feedback(part(case), cast.department_staff)
        assert "已退税到账。" in text_of(bureau.get(f"/console/cases/assignment/{part(case).pk}/do/return/"))
        do(bureau, part(case), "return", {"note": "未附凭证。"})
        page = text_of(bureau.get(page_of(case)))
        assert "未附凭证。" in page
        assert part(case).status == "handling"

    def test_an_upheld_objection_passes_the_part_on(self, case: Case, cast: Cast) -> None:
        object_to(part(case), cast.department_staff)
        supervisor = signed_in(cast.bureau_supervisor)
        shown = supervisor.get(f"/console/cases/assignment/{part(case).pk}/do/uphold/")
        assert "统计法第七条" in text_of(shown)
        units = shown.context["form"].fields["department"].queryset
        assert part(case).department not in units
        do(supervisor, part(case), "uphold", {"department": department(OTHER).pk, "note": "属统计职责。"})
        page = text_of(supervisor.get(page_of(case)))
        assert "此前的承办记录 1 条" in page
        assert part(case, OTHER).is_lead

    def test_a_granted_extension_shows_both_days(self, case: Case, cast: Cast) -> None:
        extension = ask_extension(part(case), cast.department_staff, now=SEEN)
        supervisor = signed_in(cast.bureau_supervisor)
        form = supervisor.get(f"/console/cases/assignment/{part(case).pk}/do/grant/").context["form"]
        assert form.initial["day"] == extension.asked_day
        do(supervisor, part(case), "grant", {"day": extension.asked_day.isoformat(), "note": ""})
        page = text_of(supervisor.get(page_of(case)))
        assert f"最初{cn_date(due_date(DAY, 15).due)}" in page
        assert f"同意延至{cn_date(extension.asked_day)}" in page

    def test_a_refused_extension_says_why(self, case: Case, cast: Cast) -> None:
        ask_extension(part(case), cast.department_staff, now=SEEN)
        do(signed_in(cast.bureau_supervisor), part(case), "refuse", {"note": "材料已齐。"})
        assert "材料已齐。" in text_of(signed_in(cast.department_staff).get(page_of(case)))

    def test_more_departments_make_it_joint_from_the_same_start(self, case: Case, bureau: Client) -> None:
        do(bureau, case, "joint", {"assisting": [department(OTHER).pk], "reason": "涉及统计口径。"})
        case.refresh_from_db()
        assert case.is_joint
        assert "时限为 20 个工作日" in text_of(bureau.get(page_of(case)))

    def test_another_law_is_shown_with_its_length(self, case: Case, bureau: Client) -> None:
        assert "legal_basis" in do(bureau, case, "limit", {"working_days": 30}).context["form"].errors
        do(bureau, case, "limit", {"working_days": 30, "legal_basis": "《行政许可法》第四十二条"})
        assert "另有法定时限 30 个工作日，依据《行政许可法》第四十二条。" in text_of(bureau.get(page_of(case)))

    def test_urging_says_how_many_were_told(self, joint: Case, cast: Cast) -> None:
        assert "已催办 2 个部门" in text_of(do(signed_in(cast.inspector), joint, "urge", {"note": "请加快办理。"}))

    def test_closing_starts_from_what_was_answered(self, case: Case, cast: Cast) -> None:
        done(case, LEAD, cast.department_staff, cast.bureau_staff)
        supervisor = signed_in(cast.bureau_supervisor)
        form = supervisor.get(f"/console/cases/case/{case.pk}/do/close/").context["form"]
        assert form.initial == {"result": "solved", "answer": "已退税到账。"}
        listing = {"result": "long_term", "answer": "已列入长期推进。"}
        assert "next_report_on" in do(supervisor, case, "close", listing).context["form"].errors
        do(supervisor, case, "close", listing | {"next_report_on": "2027-03-01"})
        case.refresh_from_db()
        assert (case.status, case.result, f"{case.next_report_on}") == ("closed", "long_term", "2027-03-01")

    def test_the_whole_contact_is_a_departments_only_while_it_works_on_the_case(self, case: Case, cast: Cast) -> None:
        unit = signed_in(cast.department_staff)
        assert case.booking.mobile in text_of(do(unit, case, "reveal", {"reason": "约企业补正材料"}))
        entry = AuditEntry.objects.get(action="reveal_contact", subject=f"cases.case:{case.pk}")
        assert entry.reason == "约企业补正材料"
        handled(case, cast)
        assert do(unit, case, "reveal", {"reason": "再看一次"}).status_code == 403
