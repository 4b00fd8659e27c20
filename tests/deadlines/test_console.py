"""The console's pages on deadlines. [3.7]"""

import re
from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client

from core import audit
from core.models import User
from deadlines import services
from deadlines.models import Escalation, Obligation
from tests.conftest import Cast
from tests.deadlines.conftest import OWNER, Told, owe, sweep
from tests.factories import department, moment

pytestmark = [pytest.mark.django_db, pytest.mark.clause("[3.7]")]
LIST, FRONT = "/console/deadlines/obligation/", "/console/"


@pytest.fixture(autouse=True)
def thursday() -> Any:
    """The day on which the first of the obligations is due."""
    with time_machine.travel(moment("2026-03-12 10:00"), tick=False):
        yield


def page(user: User, path: str) -> str:
    client = Client()
    client.force_login(user, backend="departments.backends.RoleBackend")
    answer = client.get(path)
    assert answer.status_code == 200, path
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_list_says_in_words_how_each_stands_and_shows_a_department_its_own(cast: Cast) -> None:
    owe("b:1", title="核实甲", department=department("市税务局"))
    owe("b:2", title="核实乙", department=department("市统计局"), working_days=5)
    owe("b:3", title="审核丙", kind="triage", working_days=12)
    everything = page(cast.bureau_staff, LIST)
    assert all(words in everything for words in ("核实甲", "今日到期", "核实乙", "超期 2 个工作日", "剩 5 个工作日"))
    own = page(cast.department_staff, LIST)
    assert "核实甲" in own
    assert "核实乙" not in own
    assert "审核丙" not in own


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("light=near", {"甲"}),
        ("light=late", {"乙"}),
        ("light=on_track", {"丙"}),
        ("kind=triage", {"丙"}),
        ("debtor=bureau", {"丙"}),
        ("light=nonsense", {"甲", "乙", "丙"}),
        ("earlier=1", set()),
    ],
)
def test_list_is_filtered(query: str, shown: set[str], cast: Cast) -> None:
    owe("b:1", title="事项甲", department=department("市税务局"))
    owe("b:2", title="事项乙", department=department("市统计局"), working_days=5)
    owe("b:3", title="事项丙", kind="triage", working_days=12)
    html = page(cast.bureau_staff, f"{LIST}?{query}")
    assert {name for name in "甲乙丙" if f"事项{name}" in html} == shown


@pytest.mark.parametrize("rows", [1, 3])
def test_list_costs_the_same_at_any_length(rows: int, cast: Cast, django_assert_num_queries: Any) -> None:
    for number in range(rows):
        owe(f"b:{number}", department=department("市税务局"))
    client = Client()
    client.force_login(cast.bureau_staff, backend="departments.backends.RoleBackend")
    client.get(LIST)
    with django_assert_num_queries(4):
        assert client.get(LIST).status_code == 200


def test_page_explains_the_day_and_shows_every_date_and_reminder(cast: Cast, told: Told) -> None:
    obligation = owe(department=department("市税务局"))
    sweep(told, "2026-03-12 09:30")
    services.revise_obligation(
        obligation_id=obligation.pk, cause="extended", actor=cast.bureau_supervisor, now=moment("2026-03-12 09:40"),
        reason="等待检测报告", due=date(2026, 3, 20),
    )  # fmt: skip
    html = page(cast.department_head, f"{LIST}{obligation.pk}/change/")
    for words in (
        "为什么是这一天",
        "第 13 个工作日",
        "2026年3月7日（周六） 周末 不计",
        "2026年3月12日（周四） → 2026年3月20日（周五）",
        "等待检测报告",
        "延期",
        "到期当日",
        "未签收",
        "部门经办、部门负责人",
    ):
        assert words in html, words
    assert "提前期限" not in html


def test_page_of_another_department_is_not_found(cast: Cast) -> None:
    obligation = owe(department=department("市税务局"))
    client = Client()
    client.force_login(cast.other_department_staff, backend="departments.backends.RoleBackend")
    assert client.get(f"{LIST}{obligation.pk}/change/").status_code == 302


def test_acknowledge_button_takes_it_up(cast: Cast, told: Told) -> None:
    owe(department=department("市税务局"))
    sweep(told, "2026-03-12 09:30")
    escalation = Escalation.objects.get()
    client = Client()
    client.force_login(cast.department_head, backend="departments.backends.RoleBackend")
    address = f"/console/deadlines/escalation/{escalation.pk}/"
    assert "签收" in client.get(f"{address}change/").content.decode()
    assert client.post(f"{address}do/acknowledge/", {"note": "今日办结"}).status_code == 302
    escalation.refresh_from_db()
    assert (escalation.acknowledged_by, escalation.note) == (cast.department_head, "今日办结")
    assert "do/acknowledge/" not in source(cast.department_head, f"{LIST}{escalation.obligation_id}/change/")
    assert "今日办结" in page(cast.bureau_staff, f"{LIST}{escalation.obligation_id}/change/")


def source(user: User, path: str) -> str:
    client = Client()
    client.force_login(user, backend="departments.backends.RoleBackend")
    return client.get(path).content.decode()


def test_silence_is_shown_and_only_who_was_told_is_offered_to_take_it_up(cast: Cast, told: Told) -> None:
    obligation = owe(department=department("市税务局"), working_days=5)
    sweep(told, "2026-03-10 09:30")
    address, button = f"{LIST}{obligation.pk}/change/", f"escalation/{Escalation.objects.get().pk}/do/acknowledge/"
    assert "无人签收，已 2 天" in page(cast.inspector, address)
    assert button in source(cast.department_head, address)
    assert button not in source(cast.inspector, address)
    assert button not in source(cast.inspector, f"/console/deadlines/escalation/{Escalation.objects.get().pk}/change/")


@pytest.mark.parametrize(("verb", "day"), [("move-earlier", "2026-03-17"), ("keep-day", "2026-03-18")])
def test_what_a_new_calendar_would_end_earlier_waits_for_the_supervisor(verb: str, day: str, cast: Cast) -> None:
    obligation = owe(working_days=11)
    Obligation.objects.filter(pk=obligation.pk).update(earlier_due=date(2026, 3, 17), due=date(2026, 3, 19))
    assert "日历调整后应提前，待决定 1" in page(cast.bureau_supervisor, FRONT)
    assert "日历调整后应提前，待决定" not in page(cast.bureau_staff, FRONT)
    client = Client()
    client.force_login(cast.bureau_supervisor, backend="departments.backends.RoleBackend")
    address = f"{LIST}{obligation.pk}/do/{verb}/"
    assert "2026年3月17日" in client.get(address).content.decode()
    assert client.post(address, {"reason": "按新安排执行"}).status_code == 302
    obligation.refresh_from_db()
    assert obligation.earlier_due is None


def test_front_page_counts_what_is_near_and_late_for_whom_it_concerns(cast: Cast) -> None:
    owe("b:1", department=department("市税务局"))
    owe("b:2", department=department("市统计局"), working_days=5)
    assert "已超期 1" in page(cast.bureau_staff, FRONT)
    assert "即将到期 1" in page(cast.department_staff, FRONT)
    assert "没有超期的事项" in page(cast.department_staff, FRONT)
    assert "即将到期" not in page(cast.system_administrator, FRONT)


@pytest.mark.parametrize(("swept", "warned"), [(True, False), (False, True)])
def test_front_page_says_how_old_the_oldest_unfired_reminder_is(
    swept: bool, warned: bool, cast: Cast, told: Told
) -> None:
    owe()
    if swept:
        sweep(told, "2026-03-12 09:30")
    html = page(cast.system_administrator, FRONT)
    assert ("最早一条待发：03-10 周二 09:00 异常" in html) == warned
    assert ("最早一条待发：03-13 周五 09:00" in html) == swept
    assert "最早一条待发" not in page(cast.bureau_staff, FRONT)


def test_front_page_says_when_no_reminder_waits(cast: Cast) -> None:
    owe()
    services.void_obligations(owner=OWNER, actor=audit.SYSTEM, now=moment("2026-03-04 10:00"))
    assert "没有待发的提醒" in page(cast.bureau_supervisor, FRONT)
