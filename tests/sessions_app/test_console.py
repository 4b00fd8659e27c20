"""The schedule's pages in the console: who reaches them, what they say, what a press does, what a refusal keeps."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from departments.models import Department
from sessions_app.admin import schedule_queues
from sessions_app.enums import SittingStatus
from tests.conftest import CAST, Cast
from tests.factories import department, make_session, make_sitting, moment
from tests.sessions_app.pages import LIST, NOW, PLANNERS, Console, chair_rows, page_of, press_of, session_data

pytestmark = [pytest.mark.django_db, pytest.mark.clause("[5.1]")]
TUESDAY = date(2026, 12, 15)
VIEWERS = {
    "window_clerk", "bureau_staff", "bureau_supervisor", "department_staff", "other_department_staff",
    "department_head", "inspector", "inspection_approver", "leader",
}  # fmt: skip


@pytest.fixture(autouse=True)
def seventh_of_december() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.mark.parametrize("who", CAST)
def test_list_is_shown_to_who_may_see_the_schedule(console: Console, who: str) -> None:
    sitting = make_sitting(TUESDAY)
    expected = 200 if who in VIEWERS else 403
    assert console(who).get(reverse(LIST)).status_code == expected
    assert console(who).get(page_of(sitting)).status_code == expected
    assert console(who).get(page_of(sitting.sessions.get())).status_code == expected


@pytest.mark.parametrize("who", CAST)
@pytest.mark.parametrize("verb", ["publish", "schedule", "add-session", "change", "remove"])
def test_buttons_are_offered_to_who_plans_and_refused_to_others(console: Console, who: str, verb: str) -> None:
    sitting = make_sitting(TUESDAY)
    row = sitting.sessions.get() if verb in {"change", "remove"} else sitting
    url, client = press_of(row, verb), console(who)
    assert (url in client.get(page_of(row)).text) is (who in PLANNERS)
    assert client.get(url).status_code == (200 if who in PLANNERS else 403)
    assert who in PLANNERS or client.post(url).status_code == 403
    sitting.refresh_from_db()
    assert (sitting.status, sitting.sessions.count()) == (SittingStatus.PLANNED, 1)


@pytest.mark.parametrize("rows", [1, 3])
def test_list_costs_the_same_for_one_row_and_for_three(
    console: Console, django_assert_num_queries: Any, rows: int
) -> None:
    client = console("bureau_staff")
    client.get(reverse(LIST))
    for place in range(rows):
        sitting = make_sitting(TUESDAY + timedelta(days=place), published=True, sessions=("main", "special"))
        make_session(sitting, "extra", departments=("市税务局", "市统计局"))
    with django_assert_num_queries(5):
        assert client.get(reverse(LIST)).status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_page_costs_the_same_for_one_session_and_for_three(
    console: Console, django_assert_num_queries: Any, rows: int
) -> None:
    client = console("bureau_staff")
    client.get(page_of(make_sitting(date(2026, 12, 29))))
    sitting = make_sitting(TUESDAY, published=True, sessions=["main"] * rows)
    with django_assert_num_queries(4):
        assert client.get(page_of(sitting)).status_code == 200


def test_list_says_state_sessions_numbers_and_window(console: Console) -> None:
    sitting = make_sitting(TUESDAY, published=True, sessions=("main", "special", "special"))
    sitting.slots.filter(number__lte=2).update(taken=True)
    text = console("leader").get(reverse(LIST)).text
    for said in ("2026年第1期", "12-15 周二", "预约中", "主场 1 专场 2", "已约 2 余 3", "12-04 周五 08:30"):
        assert said in text
    assert "12-04 09:00" in text
    assert "至 12-11 23:59" in text


def test_list_says_when_it_will_be_published_and_why_it_was_not(console: Console) -> None:
    make_sitting(TUESDAY, publish_problem="距首场坐诊仅 6 天。")
    make_sitting(date(2026, 12, 29), publish_at=moment("2026-12-18 08:30"))
    make_sitting(date(2026, 12, 30), sessions=())
    text = console("bureau_staff").get(reverse(LIST)).text
    for said in ("未按时发布</span> 距首场坐诊仅 6 天。", "12-18 周五 08:30", "未定时", "无场次"):
        assert said in text


def test_list_leaves_past_years_out_until_asked(console: Console) -> None:
    make_sitting(date(2025, 12, 16))
    make_sitting(TUESDAY)
    client = console("bureau_staff")
    assert "2025年第1期" not in client.get(reverse(LIST)).text
    assert "2025年第1期" in client.get(reverse(LIST), {"year": "2025"}).text
    both = client.get(reverse(LIST), {"year": "all"}).text
    assert "2025年第1期" in both
    assert "2026年第1期" in both


@pytest.mark.parametrize("asked", [{"year": "x"}, {"year": "99999999999999999999"}, {"publication": "x"}, {"q": "²"}])
def test_list_asked_for_nonsense_is_still_a_page(console: Console, asked: dict[str, str]) -> None:
    assert console("bureau_staff").get(reverse(LIST), asked).status_code in {200, 302}


@pytest.mark.parametrize("sought", ["税务", "李四", "用工", "联合"])
def test_list_is_searched_by_department_leader_theme_and_remarks(console: Console, sought: str) -> None:
    found = make_sitting(TUESDAY, sessions=(), remarks="与园区联合")
    make_session(found, leader="李四", theme="用工保障")
    other = make_sitting(date(2026, 12, 16), sessions=())
    make_session(other, departments=("市统计局",), leader="张三")
    text = console("bureau_staff").get(reverse(LIST), {"q": sought}).text
    assert page_of(found) in text
    assert page_of(other) not in text


def test_page_says_what_stands_against_publishing(console: Console) -> None:
    sitting = make_sitting(date(2026, 12, 10), sessions=(), publish_problem="公告未能发布。")
    make_session(sitting, leader="")
    text = console("bureau_staff").get(page_of(sitting)).text
    for said in (
        "距首场坐诊仅 3 天",
        "尚未明确牵头部门的主要负责同志",
        "专场 0 场，方案要求 2 至 3 场",
        "公告未能发布。",
    ):
        assert said in text


def test_page_of_a_published_one_lists_its_sessions_and_offers_no_second_publication(console: Console) -> None:
    sitting = make_sitting(TUESDAY, published=True)
    text = console("bureau_supervisor").get(page_of(sitting)).text
    assert press_of(sitting, "publish") not in text
    for said in (
        "市税务局（牵头）",
        "张三 局长",
        "09:00–12:00",
        "服务专窗",
        "2026年12月4日（周五）08:30由系统按设定时间发布",
    ):
        assert said in text


@pytest.mark.clause("[3.2]")
def test_publish_page_says_exactly_what_will_happen(console: Console) -> None:
    text = console("bureau_staff").get(press_of(make_sitting(TUESDAY), "publish")).text
    for said in ("公告立即", "2026年12月8日（周二）09:00开放", "2026年12月14日（周一）23:59截止", "放出 5 个号"):
        assert said in text
    assert "override_reason" not in text


@pytest.mark.clause("[3.2]")
def test_publish_pressed_publishes_and_says_when_booking_opens(console: Console) -> None:
    sitting = make_sitting(TUESDAY)
    answer = console("bureau_staff").post(press_of(sitting, "publish"), {"opens_at": "2026-12-09T09:00"}, follow=True)
    sitting.refresh_from_db()
    assert (sitting.status, sitting.opens_at) == (SittingStatus.PUBLISHED, moment("2026-12-09 09:00"))
    assert "2026年12月9日（周三）09:00起开放预约" in answer.text


@pytest.mark.clause("[3.2]")
def test_publish_pressed_twice_is_told_as_good_news(console: Console) -> None:
    sitting, client = make_sitting(TUESDAY), console("bureau_staff")
    client.post(press_of(sitting, "publish"))
    answer = client.post(press_of(sitting, "publish"), follow=True)
    assert answer.status_code == 200
    assert "此前已完成“发布公告”" in answer.text


@pytest.mark.clause("[3.3]")
def test_publish_with_an_early_opening_is_refused_at_its_field_and_kept(console: Console) -> None:
    answer = console("bureau_staff").post(press_of(make_sitting(TUESDAY), "publish"), {"opens_at": "2026-12-07T09:00"})
    assert answer.status_code == 422
    assert answer.context["form"].errors == {"opens_at": ["预约开放时间不能早于发布时间。"]}
    assert 'value="2026-12-07T09:00"' in answer.text


@pytest.mark.clause("[3.2]")
def test_publish_late_asks_only_a_supervisor_for_a_reason(console: Console) -> None:
    sitting = make_sitting(date(2026, 12, 10))
    url = press_of(sitting, "publish")
    staff = console("bureau_staff")
    assert "须由政务服务局负责人填写理由后特批" in staff.get(url).text
    assert "override_reason" not in staff.get(url).text
    refused = staff.post(url, {"override_reason": "来不及了"})
    assert (refused.status_code, refused.context["form"].errors) == (
        422,
        {"__all__": ["距首场坐诊仅 3 天，公告应提前 7 天发布。"]},
    )
    supervisor = console("bureau_supervisor")
    assert "override_reason" in supervisor.get(url).text
    assert supervisor.post(url, {"override_reason": " "}).context["form"].errors.keys() == {"override_reason"}
    assert supervisor.post(url, {"override_reason": "市长现场办公"}).status_code == 302
    sitting.refresh_from_db()
    assert (sitting.status, sitting.override_reason) == (SittingStatus.PUBLISHED, "市长现场办公")


@pytest.mark.clause("[3.6]")
def test_publish_page_without_a_main_session_offers_no_button(console: Console) -> None:
    text = console("bureau_supervisor").get(press_of(make_sitting(TUESDAY, sessions=("special",)), "publish")).text
    assert "现在还不能发布公告：至少要有一场主场" in text
    assert 'type="submit" class="default"' not in text


@pytest.mark.clause("[3.2]")
def test_schedule_pressed_sets_the_time_or_says_why_not(console: Console) -> None:
    sitting, client = make_sitting(date(2026, 12, 29)), console("bureau_staff")
    url = press_of(sitting, "schedule")
    late = client.post(url, {"publish_at": "2026-12-23T08:30"})
    assert late.context["form"].errors == {"publish_at": ["公告应提前 7 天发布，最迟为2026年12月22日（周二）。"]}
    client.post(url, {"publish_at": "2026-12-18T08:30"})
    sitting.refresh_from_db()
    assert sitting.publish_at == moment("2026-12-18 08:30")
    assert 'value="2026-12-18T08:30"' in client.get(url).text
    client.post(url, {"publish_at": ""})
    sitting.refresh_from_db()
    assert sitting.publish_at is None


@pytest.mark.clause("[3.6]")
def test_add_session_pressed_adds_it_with_its_departments(console: Console) -> None:
    sitting = make_sitting(TUESDAY)
    answer = console("bureau_staff").post(press_of(sitting, "add-session"), session_data())
    session = sitting.sessions.get(kind="special")
    assert answer.status_code == 302
    assert (session.place, session.chairs.get().leader_name) == ("园区", "张三")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"day": "2026-12-19"}, "day"),
        ({"ends_at": "08:00"}, "ends_at"),
        ({"kind": "other"}, "kind"),
        ({"place": "园" * 121}, "place"),
        (chair_rows({"department": "", "leader_name": "李四"}), "__all__"),
        ({"chairs-TOTAL_FORMS": ""}, "__all__"),
        ({"chairs-TOTAL_FORMS": "100000", "chairs-0-department": "x"}, "__all__"),
    ],
    ids=["rest day", "ends early", "kind", "long", "leader without department", "no table", "huge table"],
)
def test_add_session_refused_names_the_field_and_keeps_what_was_typed(
    console: Console, given: dict[str, Any], field: str
) -> None:
    sitting = make_sitting(TUESDAY)
    answer = console("bureau_staff").post(press_of(sitting, "add-session"), session_data(theme="用工保障") | given)
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {field}
    assert "用工保障" in answer.text
    assert sitting.sessions.count() == 1


def test_add_session_with_two_leads_is_refused_and_keeps_the_departments(console: Console) -> None:
    sitting = make_sitting(TUESDAY)
    leads = chair_rows(
        *(
            {"department": department(name).pk, "is_lead": "on", "leader_name": "李四"}
            for name in ("市税务局", "市统计局")
        )
    )
    answer = console("bureau_staff").post(press_of(sitting, "add-session"), session_data() | leads)
    assert answer.context["form"].errors == {"__all__": ["同一场次只能有一个牵头部门。"]}
    assert answer.text.count('value="李四"') == 2


@pytest.mark.clause("[3.2]")
def test_add_session_after_publication_offers_no_main_one(console: Console) -> None:
    text = console("bureau_staff").get(press_of(make_sitting(TUESDAY, published=True), "add-session")).text
    assert 'value="special"' in text
    assert 'value="main"' not in text


def test_change_session_starts_from_what_is_and_saves_what_was_typed(console: Console) -> None:
    sitting = make_sitting(TUESDAY)
    session, client = sitting.sessions.get(), console("bureau_staff")
    Department.objects.filter(name="市税务局").update(is_active=False)
    text = client.get(press_of(session, "change")).text
    for said in ('value="2026-12-15"', 'value="09:00"', 'value="12:00"', 'value="张三"', "市税务局（已停用）"):
        assert said in text
    answer = client.post(press_of(session, "change"), session_data(kind="main", theme="惠企政策"))
    session.refresh_from_db()
    sitting.refresh_from_db()
    assert (answer.status_code, answer.url) == (302, page_of(sitting))
    assert (session.theme, sitting.day) == ("惠企政策", date(2026, 12, 16))


def test_remove_session_pressed_goes_back_to_the_sitting(console: Console) -> None:
    sitting = make_sitting(TUESDAY, sessions=("main", "special"))
    special = sitting.sessions.get(kind="special")
    answer = console("bureau_staff").post(press_of(special, "remove"), follow=True)
    assert answer.redirect_chain[-1][0] == page_of(sitting)
    assert "已移除专场 12-15 09:00。" in answer.text
    assert sitting.sessions.count() == 1


def test_sessions_of_a_published_sitting_change_but_are_not_removed(console: Console) -> None:
    session = make_sitting(TUESDAY, published=True).sessions.get()
    text = console("bureau_staff").get(page_of(session)).text
    assert press_of(session, "change") in text
    assert press_of(session, "remove") not in text


def test_sessions_have_no_list_of_their_own(console: Console) -> None:
    client = console("bureau_staff")
    assert client.get(reverse("console:sessions_app_session_changelist")).url == reverse(LIST)
    assert reverse("console:sessions_app_session_changelist") not in client.get(reverse("console:index")).text


@pytest.mark.clause("[3.2]")
def test_front_page_counts_what_waits_for_publication(console: Console, rf: Any, cast: Cast) -> None:
    make_sitting(date(2026, 12, 27 + 1), publish_problem="尚未明确主要负责同志。")
    make_sitting(date(2026, 12, 27))
    make_sitting(TUESDAY, published=True)
    make_sitting(date(2026, 12, 4))
    request = rf.get("/console/")
    request.user = cast.bureau_staff
    due, refused = schedule_queues(request)
    assert (due.count, due.due) == (1, moment("2026-12-20 23:59:59"))
    assert refused.count == 1
    for queue in (due, refused):
        listed = console("bureau_staff").get(queue.url)
        assert listed.context["cl"].result_count == queue.count


@pytest.mark.parametrize("who", sorted(set(CAST) - PLANNERS))
def test_front_page_of_who_does_not_publish_has_no_such_pile(rf: Any, cast: Cast, who: str) -> None:
    request = rf.get("/console/")
    request.user = cast[who]
    assert list(schedule_queues(request)) == []


def test_pages_hold_no_inline_style_or_script(console: Console) -> None:
    sitting, client = make_sitting(TUESDAY), console("bureau_supervisor")
    urls = [reverse(LIST), page_of(sitting), press_of(sitting, "publish"), press_of(sitting, "add-session")]
    urls += [reverse(f"console:schedule_{name}") for name in ("new", "generate", "import")]
    for url in urls:
        text = client.get(url).text
        assert 'style="' not in text
        assert "<style" not in text
