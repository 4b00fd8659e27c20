"""The console's own pages: the door, the front page, figures, the trail, history and buttons."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.http import HttpRequest
from django.test import Client

from core import audit, console
from core.console import Queue, ReasonForm, VerbButton, badge
from core.models import AuditEntry, Setting, User
from tests.conftest import CAST, CAST_PASSWORD
from tests.core.console_steps import INDEX, LOGIN, page, signed_in

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)


def body(html: str) -> str:
    """The words of a page, as a person reads them."""
    html = re.sub(r"<script.*?</script>|<svg.*?</svg>|<!--.*?-->", "", html, flags=re.S)
    return re.sub(r"<[^>]+>", " ", re.split(r"<body[^>]*>", html)[1])


# The door.


def test_login_page_is_chinese_and_strict():
    answer = Client().get(LOGIN)
    html = answer.content.decode()
    assert "登录" in html
    assert "default-src 'self'" in answer["Content-Security-Policy"]
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert_no_inline(html)


def assert_no_inline(html: str) -> None:
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]*\bsrc=)", html)


@pytest.mark.parametrize("username", ["leader", "nobody", "gone"])
def test_wrong_sign_in_tells_nothing_about_the_account(cast, username):
    gone = cast.window_clerk
    gone.username, gone.is_active = "gone", False
    gone.save()
    html = Client().post(LOGIN, {"username": username, "password": "Wrong-2026-x"}).content.decode()
    assert "用户名或密码不正确。连续 5 次失败，账号将锁定 30 分钟。" in html


def test_five_failures_lock_the_account_for_thirty_minutes(cast, client):
    with time_machine.travel(MORNING, tick=False) as clock:
        wrong, right = ({"username": "leader", "password": password} for password in ("Wrong-2026-x", CAST_PASSWORD))
        answers = [client.post(LOGIN, wrong) for _attempt in range(5)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 429]
        assert "账号已锁定" in answers[-1].content.decode()
        clock.shift(timedelta(minutes=29))
        locked = client.post(LOGIN, right)
        assert locked.status_code == 429
        assert "连续 5 次登录失败，此账号已锁定 30 分钟" in locked.content.decode()
        clock.shift(timedelta(minutes=31))
        assert client.post(LOGIN, right).status_code == 302


def test_lock_of_one_account_leaves_others_alone(cast, client):
    for _attempt in range(5):
        client.post(LOGIN, {"username": "leader", "password": "Wrong-2026-x"})
    assert client.post(LOGIN, {"username": "auditor", "password": CAST_PASSWORD}).status_code == 302


# The front page and the navigation.


@pytest.mark.parametrize("name", sorted(CAST))
def test_index_opens_for_each_role(cast, name):
    html = page(signed_in(cast[name]), INDEX)
    assert f"<strong>{cast[name].full_name}</strong>" in html
    assert_no_inline(html)


def test_index_without_a_role_says_whom_to_ask(cast):
    stranger = User.objects.create(username="new", full_name="新同志", is_staff=True, must_change_password=False)
    assert "请联系安全管理员设置角色" in page(signed_in(stranger), INDEX)


@pytest.fixture
def one_source(monkeypatch) -> list[Queue]:
    """The front page asks this list of queues alone."""
    queues: list[Queue] = []

    def source(request: HttpRequest) -> Iterable[Queue]:
        return queues if request.user.has_perm("core.view_auditentry") else []

    monkeypatch.setattr(console, "queue_sources", [source])
    return queues


def test_index_shows_count_oldest_due_and_link_of_a_queue(cast, one_source):
    one_source.append(Queue("待受理", 7, "/console/x/", MORNING - timedelta(days=1), MORNING + timedelta(hours=9)))
    with time_machine.travel(MORNING, tick=False):
        html = page(signed_in(cast.auditor), INDEX)
    assert '<a href="/console/x/"><span class="queue-label">待受理</span>' in html
    assert re.search(r'class="queue-count">7<', html)
    assert "11-23 周一 09:00" in html
    assert "11-24 周二 18:00" in html
    assert "已超期" not in html


def test_index_says_what_is_overdue(cast, one_source):
    """By days, as the lights: what ended an hour ago is not over before midnight."""
    one_source.append(Queue("待受理", 1, "/console/x/", None, MORNING - timedelta(hours=1)))
    for moment, is_over in ((MORNING, False), (MORNING + timedelta(days=1), True)):
        with time_machine.travel(moment, tick=False):
            assert ("已超期" in page(signed_in(cast.auditor), INDEX)) == is_over


def test_index_says_what_will_appear_in_an_empty_queue(cast, one_source):
    one_source.append(Queue("待受理", 0, "/console/x/", empty="企业提交后显示在这里。"))
    assert "企业提交后显示在这里。" in page(signed_in(cast.auditor), INDEX)


def test_index_keeps_what_there_is_to_do_apart_from_what_there_is_not(cast, one_source):
    one_source += [Queue("待受理", 0, "/console/a/"), Queue("待补充", 2, "/console/b/")]
    cards, lines = page(signed_in(cast.auditor), INDEX).split('class="queues-empty"')
    assert "/console/b/" in cards
    assert "/console/a/" not in cards
    assert "/console/a/" in lines


def test_index_of_who_has_no_queue_leads_to_what_there_is(cast, one_source):
    start = page(signed_in(cast.system_administrator), INDEX).split('class="starts"')[1]
    assert "/console/core/user/" in start


def test_index_shows_a_queue_only_to_whom_it_concerns(cast, one_source):
    one_source.append(Queue("待受理", 7, "/console/x/"))
    assert "待受理" not in page(signed_in(cast.leader), INDEX)


def test_navigation_has_today_first_and_groups_in_the_order_of_the_chain(cast):
    html = page(signed_in(cast.bureau_supervisor), INDEX)
    nav = html[html.index('id="console-nav"') :]
    assert nav.index("今日") < nav.index("<h2")
    shown = re.findall(r'<h2 id="nav-(\w+)"', nav)
    assert shown == [group for group in console.NavGroup.values if group in shown]
    assert "settings" in shown


# Figures that are ours.


def test_settings_list_holds_every_figure_also_those_nobody_changed(cast):
    html = page(signed_in(cast.inspector), "/console/core/setting/")
    assert not Setting.objects.exists()
    assert "取号后填写信息表的时限（分钟）" in html
    assert "每日办公截止时刻" in html
    assert "17:30" in html
    assert "/do/change/" not in html


def test_setting_is_changed_with_a_reason_and_the_list_says_by_whom(cast):
    client = signed_in(cast.bureau_supervisor)
    path = "/console/core/setting/hold_minutes/do/change/"
    assert "可取 5 至 60" in page(client, path)
    refused = client.post(path, {"value": "99", "reason": "太短"})
    assert refused.status_code == 422
    assert "取值应在 5 至 60 之间。" in refused.content.decode()
    assert client.post(path, {"value": "20", "reason": "太短"})["Location"] == "/console/core/setting/"
    html = page(client, "/console/core/setting/")
    assert re.search(rf"<strong>20</strong>.*?{cast.bureau_supervisor.full_name}<br>太短", html, flags=re.S)
    assert "15 → 20" in page(client, "/console/core/setting/hold_minutes/history/")


def test_setting_that_does_not_exist_is_refused(cast):
    client = signed_in(cast.bureau_supervisor)
    assert client.get("/console/core/setting/numbers_per_sitting/do/change/").status_code == 403


def test_setting_cannot_be_changed_by_staff(cast):
    client = signed_in(cast.bureau_staff)
    answer = client.post("/console/core/setting/hold_minutes/do/change/", {"value": "20", "reason": "x"})
    assert answer.status_code == 403
    assert not Setting.objects.exists()


# The trail.


def test_trail_is_readable_filtered_and_cannot_be_written(cast):
    client = signed_in(cast.auditor)
    row = AuditEntry.objects.get(action="sign_in")
    html = page(client, "/console/core/auditentry/")
    assert f'href="/console/core/user/{cast.auditor.pk}/change/">工作人员账号 {cast.auditor.pk}</a>' in html
    assert "共 1 条" in html
    assert "共 0 条" in page(client, "/console/core/auditentry/?action=sign_out")
    assert "共 1 条" in page(client, f"/console/core/auditentry/?q=core.user:{cast.auditor.pk}")
    assert client.post(f"/console/core/auditentry/{row.pk}/change/", {"action": "x"}).status_code == 403
    assert client.get("/console/core/auditentry/add/").status_code == 403
    assert client.post(f"/console/core/auditentry/{row.pk}/delete/", {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("name", ["bureau_supervisor", "department_head", "system_administrator", "security_officer"])
def test_trail_is_closed_to_others(cast, name):
    assert signed_in(cast[name]).get("/console/core/auditentry/").status_code == 403


def test_trail_costs_the_same_for_one_row_and_for_three(cast, django_assert_num_queries):
    client = signed_in(cast.auditor)
    client.get("/console/core/auditentry/")
    for wanted in (1, 3):
        while AuditEntry.objects.count() < wanted:
            console.audit.record("look", cast.leader, actor=cast.inspector)
        # user, count, rows
        with django_assert_num_queries(3):
            client.get("/console/core/auditentry/")


# History and buttons.


SCRIPT = re.compile(r'<script[^>]* src="([^"]+)"')


@pytest.mark.parametrize(("path", "typed"), [("core/auditentry/{row}/change/", False), ("core/user/add/", True)])
def test_scripts_for_typing_go_to_pages_where_something_is_typed(cast, path, typed):
    """Django's own are 280 KB, on every page of a working day."""
    row = audit.record("add", cast.leader, actor=cast.system_administrator)
    who = cast.system_administrator if typed else cast.auditor
    scripts = SCRIPT.findall(page(signed_in(who), f"/console/{path.format(row=row.pk)}"))
    assert any("jquery" in script for script in scripts) == typed
    assert any("jsi18n" in script for script in scripts) == typed
    if not typed:
        assert [script.rpartition("/")[2] for script in scripts] == ["nav_sidebar.js", "once.js"]


def test_history_shows_what_was_done_and_what_changed_but_no_contact_data(cast):
    client = signed_in(cast.system_administrator)
    cast.leader.save()  # a history to start from
    given = {"full_name": "李四", "email": "li.si@anning.test"}
    client.post(f"/console/core/user/{cast.leader.pk}/change/", given)
    html = page(client, f"/console/core/user/{cast.leader.pk}/history/")
    assert "修改账号" in html
    assert "市领导" in html
    assert "李四" in html
    assert "li.si" not in html
    assert "（内容不显示）" in html


def test_history_is_closed_to_who_may_not_see_the_object(cast):
    assert signed_in(cast.leader).get(f"/console/core/user/{cast.auditor.pk}/history/").status_code == 403


def test_upper_app_adds_a_button_to_a_lower_apps_page(cast, monkeypatch):
    done = []

    def run(row: User, actor: User, data: dict[str, str]) -> str:
        done.append((row, actor, data["reason"]))
        return "已致意。"

    button = VerbButton("greet", "致意", run, lambda row: f"向{row}致意", "core.view_user", form=ReasonForm)
    monkeypatch.setitem(console.extra_buttons, User, [button])
    client = signed_in(cast.auditor)
    path = f"/console/core/user/{cast.leader.pk}/"
    assert f'href="{path}do/greet/"' in page(client, f"{path}change/")
    assert "向市领导致意" in page(client, f"{path}do/greet/")
    answer = client.post(f"{path}do/greet/", {"reason": "路过"}, follow=True)
    assert done == [(cast.leader, cast.auditor, "路过")]
    assert "已致意。" in answer.content.decode()


def test_plain_form_of_an_object_leaves_an_audit_row_without_contents(cast):
    department = cast.department_staff.membership.department
    given = {"name": department.name, "remit": "新的职责", "liaison": "王芳", "position": "30", "is_active": "on"}
    path = f"/console/departments/department/{department.pk}/change/"
    assert signed_in(cast.bureau_staff).post(path, given | {"liaison_phone": "68690000"}).status_code == 302
    row = AuditEntry.objects.get(action="change")
    assert (row.user, row.subject) == (cast.bureau_staff, f"departments.department:{department.pk}")
    assert set(row.after.split("、")) >= {"职责范围", "联络员", "联络电话"}
    assert "68690000" not in row.after


def test_badge_escapes_its_words_and_knows_its_tones():
    assert badge("<b>", "late") == '<span class="badge badge-late">&lt;b&gt;</span>'
    with pytest.raises(ValueError, match="purple"):
        badge("x", "purple")


ENGLISH_ALLOWED = {"core", "user", "appointments", "booking", "sms"}
PAGES = {
    "system_administrator": ["core/user/", "core/user/add/", "core/user/{leader}/change/", "password_change/"],
    "security_officer": ["departments/membership/", "departments/membership/add/"],
    "auditor": ["core/auditentry/"],
    "bureau_supervisor": [
        "core/setting/",
        "departments/department/",
        "departments/department/add/",
        "",
        "notifications/message/",
    ],
}


@pytest.mark.parametrize(("name", "path"), [(name, path) for name, paths in PAGES.items() for path in paths])
def test_console_pages_hold_no_english_and_nothing_inline(cast, name, path):
    html = page(signed_in(cast[name]), f"/console/{path.format(leader=cast.leader.pk)}")
    assert_no_inline(html)
    names = set(CAST) | {part for key in CAST for part in key.split("_")}
    words = {word.lower() for word in re.findall(r"[A-Za-z]{3,}", body(html))}
    assert words <= names | ENGLISH_ALLOWED
