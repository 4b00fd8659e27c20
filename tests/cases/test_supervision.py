"""The supervision page: lights counted, what is late, what waits for the office, urging with a preview. [3.7] [3.9]"""

from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied

from cases import services
from cases.enums import FilterPage
from cases.models import Case, SavedFilter, Urging
from core.errors import Refused
from core.heartbeat import beat
from core.models import User
from notifications.models import Message
from sessions_app.models import Sitting
from tests.appointments.conftest import accept, confirm, take
from tests.cases.conftest import (
    LEAD,
    OTHER,
    ask_extension,
    done,
    give_feedback,
    hand_over,
    make_plan,
    part,
    working_day,
)
from tests.cases.pages import (
    FILTERS,
    FRONT,
    SUPERVISION,
    SUPERVISION_QUERIES,
    URGE,
    page,
    section,
    signed_in,
    source,
    words,
)
from tests.conftest import CAST, Cast
from tests.factories import department

pytestmark = [pytest.mark.django_db, pytest.mark.clause("[3.7]")]
SAME_START = True
NOTE = "请于本周五前确定办理方案。"
BUREAU_AND_INSPECTION = ["bureau_staff", "bureau_supervisor", "inspector", "inspection_approver"]


@pytest.fixture(autouse=True)
def seventh_day(db: None) -> Any:
    """10:00 of the seventh working day after the consultation: the plans are two days late."""
    with time_machine.travel(working_day(7), tick=False):
        yield


def another(sitting: Sitting, serial: int, cast: Cast, **options: Any) -> Case:
    return hand_over(accept(confirm(take(sitting, serial)), cast.bureau_staff), cast.department_head, **options)


@pytest.mark.clause("[3.9]")
@pytest.mark.parametrize("who", CAST)
def test_the_page_is_the_bureaus_and_the_inspection_offices(who: str, cast: Cast) -> None:
    sees = who in BUREAU_AND_INSPECTION
    assert signed_in(cast[who]).get(SUPERVISION).status_code == (200 if sees else 403)
    assert signed_in(cast[who]).get(URGE).status_code == (302 if sees else 403)
    assert ('href="/console/cases/supervision/"' in source(cast[who], FRONT)) == sees


def test_lights_are_counted_by_department_and_by_kind(joint: Case, cast: Cast) -> None:
    text = page(cast.inspector, SUPERVISION)
    # Superseded by day 7: two plans and the division are late, two feedbacks have time.
    assert f"{LEAD} 2 0 1 3" in text
    assert f"{OTHER} 1 0 1 2" in text
    assert "确定办理方案 2 0 0 2" in text
    assert "责任分工 1 0 0 1" in text
    assert "反馈办理情况 0 0 2 2" in text
    assert "合计 3 0 2 5" in text


def test_each_count_leads_to_the_list_of_what_it_counts(joint: Case, cast: Cast) -> None:
    html = source(cast.bureau_staff, SUPERVISION)
    lead = department(LEAD).pk
    assert f"?debtor={lead}&amp;light=late#list" in html
    listed = section(cast.bureau_staff, SUPERVISION, "list", debtor=lead, light="late")
    assert "2 项" in listed
    assert listed.count(joint.reference) >= 2
    assert "1 项" in section(cast.bureau_staff, SUPERVISION, "list", debtor=lead, light="on_track")
    assert "5 项" in section(cast.bureau_staff, SUPERVISION, "list", light="all")
    assert "2 项" in section(cast.bureau_staff, SUPERVISION, "list", kind="feedback")


@pytest.mark.parametrize(
    "query", [{"debtor": "x"}, {"kind": "nonsense"}, {"light": "nonsense"}, {"p": "99"}, {"debtor": "9" * 30}]
)
def test_an_address_that_nobody_understands_is_answered(query: dict[str, str], joint: Case, cast: Cast) -> None:
    assert joint.reference in section(cast.bureau_staff, SUPERVISION, "list", **query)


def test_the_bureau_counts_under_one_name_what_has_no_debtor_and_its_own_part(
    case: Case, sitting: Sitting, cast: Cast
) -> None:
    make_plan(part(case), cast.department_staff)
    ask_extension(part(case), cast.department_staff, now=working_day(7))
    another(sitting, 2, cast, lead="市政务服务局")
    text = page(cast.inspector, SUPERVISION)
    assert "市政务服务局 1 1 1 3" in text
    assert "3 项" in section(cast.inspector, SUPERVISION, "list", debtor="bureau")


def test_what_waits_for_the_bureau_itself_stands_apart(case: Case, sitting: Sitting, cast: Cast) -> None:
    make_plan(part(case), cast.department_staff)
    give_feedback(part(case), cast.department_staff, now=working_day(7))
    closable = another(sitting, 2, cast)
    done(closable, LEAD, cast.department_staff, cast.bureau_staff)
    ours = section(cast.bureau_supervisor, SUPERVISION, "ours")
    assert "等待市政务服务局办理" in ours
    assert all(word in ours for word in ("审核办理反馈", case.reference, "答复企业并销号", closable.reference))
    assert case.reference not in section(cast.inspector, SUPERVISION, "ours")
    assert "待答复销号 1" in page(cast.bureau_supervisor, FRONT)
    assert "待答复销号" not in page(cast.bureau_staff, FRONT)


def test_silence_and_what_was_said_are_shown(case: Case, cast: Cast) -> None:
    services.remind(working_day(6).replace(hour=9))
    assert "无人签收" in section(cast.inspector, SUPERVISION, "list")
    from_page = source(cast.bureau_staff, SUPERVISION)
    assert "告知 4 人，已 3 天" in words(from_page)


def test_the_page_says_whether_reminders_go_out(case: Case, cast: Cast) -> None:
    text = page(cast.inspector, SUPERVISION)
    assert "尚未运行" in text
    assert "应发未发" in text
    services.remind(working_day(7))
    beat("cases.remind_of_deadlines", working_day(7), 3)
    text = page(cast.inspector, SUPERVISION)
    assert "应发未发" not in text
    assert "12-07 周一 10:00 运行" in text
    with time_machine.travel(working_day(8), tick=False):
        assert "此后没有再运行 异常" in page(cast.inspector, SUPERVISION)


def press(user: User, cases: list[Case], **given: str) -> Any:
    return signed_in(user).post(URGE, {"case": [case.pk for case in cases], "note": NOTE} | given)


def test_urging_shows_who_is_told_what_before_anything_is_sent(joint: Case, cast: Cast) -> None:
    asked = page(cast.inspector, URGE, case=joint.pk)
    for word in (LEAD, OTHER, "部门经办", "部门负责人", "1 件诉求，告知 2 个单位的 3 人"):
        assert word in asked, word
    preview = words(press(cast.inspector, [joint], preview="1").content.decode())
    assert f"{joint.reference}“{joint.booking.title}”：{NOTE}" in preview
    assert "催办：确认后发送" in preview
    assert not Urging.objects.exists()
    assert not Message.objects.filter(kind="case_urged").exists()


def test_what_was_previewed_is_what_is_sent_and_stays_on_the_page(joint: Case, cast: Cast) -> None:
    preview = words(press(cast.inspector, [joint], preview="1").content.decode())
    assert press(cast.inspector, [joint], send="1").status_code == 302
    sent = list(Message.objects.filter(kind="case_urged"))
    assert {message.recipient for message in sent} == {
        "department_staff",
        "department_head",
        "other_department_staff",
    }
    assert all(message.text in preview for message in sent)
    for who in (cast.bureau_staff, cast.inspector):
        told = section(who, SUPERVISION, "sent")
        for word in (cast.inspector.full_name, LEAD, OTHER, "部门经办、部门负责人", NOTE, "12-07 周一 10:00"):
            assert word in told, word
    assert "12-07 周一 督查人员" in section(cast.bureau_staff, SUPERVISION, "list")


def test_going_back_keeps_the_words_and_sends_nothing(joint: Case, cast: Cast) -> None:
    html = press(cast.bureau_staff, [joint], again="1").content.decode()
    assert f">\n{NOTE}</textarea>" in html
    assert not Urging.objects.exists()


def test_urging_without_words_is_refused_at_the_field(joint: Case, cast: Cast) -> None:
    for button in ("preview", "send"):
        answer = press(cast.bureau_staff, [joint], note=" ", **{button: "1"})
        assert answer.status_code == 422
        assert "请填写催办内容。" in answer.content.decode()
    assert not Urging.objects.exists()


def test_a_second_press_sends_nothing_more(joint: Case, cast: Cast) -> None:
    press(cast.bureau_staff, [joint], send="1")
    press(cast.bureau_staff, [joint], send="1")
    assert Urging.objects.count() == 2
    press(cast.bureau_staff, [joint], send="1", note="请今日反馈。")
    assert Urging.objects.count() == 4


def test_many_are_urged_at_once_and_what_owes_nothing_is_passed_over(case: Case, sitting: Sitting, cast: Cast) -> None:
    answered = another(sitting, 2, cast)
    done(answered, LEAD, cast.department_staff, cast.bureau_staff)
    other = another(sitting, 3, cast, lead=OTHER)
    press(cast.bureau_staff, [case, answered, other], send="1")
    assert {row.assignment.case for row in Urging.objects.all()} == {case, other}
    assert press(cast.bureau_staff, [answered], send="1").status_code == 302
    assert Urging.objects.count() == 2


def test_urge_is_the_bureaus_and_the_inspection_offices(case: Case, cast: Cast) -> None:
    for who, person in cast.items():
        given = {"case_ids": [case.pk], "note": f"{who}：请抓紧。", "actor": person, "now": working_day(7)}
        if who in BUREAU_AND_INSPECTION:
            assert services.urge(**given) == 1
        else:
            with pytest.raises(PermissionDenied):
                services.urge(**given)


@pytest.mark.parametrize("rows", [1, 3])
def test_page_costs_the_same_at_any_length(
    rows: int, sitting: Sitting, cast: Cast, django_assert_num_queries: Any
) -> None:
    made = [another(sitting, serial, cast, assisting=(OTHER,)) for serial in range(1, rows + 1)]
    services.remind(working_day(6).replace(hour=9))
    services.urge(case_ids=[case.pk for case in made], note=NOTE, actor=cast.inspector, now=working_day(7))
    for case in made:
        make_plan(part(case), cast.department_staff)
        ask_extension(part(case), cast.department_staff, days=25, now=working_day(7))
    client = signed_in(cast.bureau_supervisor)
    client.get(SUPERVISION)
    with django_assert_num_queries(SUPERVISION_QUERIES):
        assert client.get(SUPERVISION).status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_preview_costs_the_same_at_any_length(
    rows: int, sitting: Sitting, cast: Cast, django_assert_num_queries: Any
) -> None:
    made = [another(sitting, serial, cast, assisting=(OTHER,)) for serial in range(1, rows + 1)]
    client = signed_in(cast.bureau_supervisor)
    given = {"case": [case.pk for case in made], "note": NOTE, "preview": "1"}
    client.post(URGE, given)
    with django_assert_num_queries(3):
        assert client.post(URGE, given).status_code == 200


def save(user: User, name: str = "税务超期", query: str = "light=late", page: str = "supervision") -> Any:
    return signed_in(user).post(FILTERS, {"page": page, "name": name, "query": query}, follow=True)


def test_a_filter_is_kept_under_a_name_and_leads_back(case: Case, cast: Cast) -> None:
    answer = save(cast.inspector, query="kind=plan&light=late")
    assert answer.redirect_chain[-1][0] == f"{SUPERVISION}?kind=plan&light=late"
    html = source(cast.inspector, SUPERVISION)
    assert 'href="?kind=plan&amp;light=late" data-key="1"' in html
    assert "税务超期" in words(html)
    assert "税务超期" not in page(cast.bureau_staff, SUPERVISION)


def test_a_name_is_taken_once_by_each_person(cast: Cast) -> None:
    save(cast.inspector)
    assert "您已有同名的常用筛选" in save(cast.inspector, query="kind=plan").content.decode()
    save(cast.bureau_staff)
    assert SavedFilter.objects.count() == 2


@pytest.mark.parametrize(
    ("name", "query", "code"),
    [
        (" ", "light=late", "no_name"),
        ("甲", "", "nothing_filtered"),
        ("长" * 21, "light=late", "too_long"),
        ("甲", "x" * 501, "too_long"),
    ],
)
def test_save_filter_without_what_it_needs_is_refused(name: str, query: str, code: str, cast: Cast) -> None:
    with pytest.raises(Refused, match=code):
        services.save_filter(page=FilterPage.SUPERVISION, name=name, query=query, actor=cast.inspector)


def test_so_many_filters_are_enough(cast: Cast) -> None:
    given = {"page": FilterPage.CASES, "query": "status=handling", "actor": cast.department_staff}
    for number in range(20):
        services.save_filter(name=f"第{number}个", **given)
    with pytest.raises(Refused, match="too_many"):
        services.save_filter(name="再一个", **given)


def test_nobody_removes_another_persons_filter(cast: Cast) -> None:
    save(cast.inspector)
    address = f"{FILTERS}{SavedFilter.objects.get().pk}/remove/"
    signed_in(cast.bureau_staff).post(address)
    assert SavedFilter.objects.exists()
    assert signed_in(cast.inspector).post(address).status_code == 302
    assert not SavedFilter.objects.exists()


def test_filters_are_for_who_sees_cases(cast: Cast) -> None:
    for who, person in cast.items():
        sees = who in BUREAU_AND_INSPECTION or who.startswith(("department", "other"))
        if not sees:
            with pytest.raises(PermissionDenied):
                services.save_filter(page=FilterPage.CASES, name="甲", query="light=late", actor=person)
