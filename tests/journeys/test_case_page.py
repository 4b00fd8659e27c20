"""The enterprise's page of its case on a phone: reading why, adding what is new, on a bad line and with hasty fingers.
[3.7]"""

import re
import time

import pytest
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from cases.models import Case
from cases.selectors import supplements_of, unsent_supplement
from sessions_app.models import Sitting
from tests.appointments.conftest import accept, confirm, take
from tests.cases.conftest import LEAD, OTHER, close, done, hand_over
from tests.conftest import Cast
from tests.journeys import steps
from tests.journeys.conftest import PHONE, Open
from tests.journeys.test_accessibility import JUDGED, violations
from tests.journeys.watch import assert_fits

pytestmark = [pytest.mark.journey, pytest.mark.clause("[3.7]")]
RECEIPT = {"name": "回执.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 \n%%EOF"}
PROGRAM = {"name": "a.exe", "mimeType": "application/octet-stream", "buffer": b"MZ"}
SLOW_SECONDS = 1.5


@pytest.fixture
def case(sitting: Sitting, cast: Cast) -> Case:
    now = timezone.now()
    booking = accept(confirm(take(sitting, 1, now=now), now=now), cast.bureau_staff, now=now)
    return hand_over(booking, cast.department_head, assisting=(OTHER,), now=now)


def own(case: Case) -> str:
    return f"/b/{case.booking.ticket_secret}/"


def open_adding(page: Page, case: Case) -> None:
    page.goto(own(case))
    page.get_by_role("link", name="补充事实或材料").last.click()
    expect(page).to_have_url(re.compile("/case/add/$"))
    assert_fits(page)


def expect_added(page: Page, *words: str) -> None:
    expect(page).to_have_url(re.compile(r"/b/[a-z2-7]{26}/#added$"))
    for said in words:
        expect(page.locator("#added")).to_contain_text(said)
    assert_fits(page)


def sent(case: Case) -> list[str]:
    return [row.text for row in supplements_of(case)]


def slow(route: Route) -> None:
    time.sleep(SLOW_SECONDS)
    route.continue_()


def test_link_of_the_slip_shows_the_case_and_why_each_day(opened: Open, sitting: Sitting, cast: Cast) -> None:
    page, now = opened(**PHONE, **JUDGED), timezone.now()
    booking = accept(confirm(take(sitting, 1, now=now), now=now), cast.bureau_staff, now=now)
    address = f"/b/{booking.ticket_secret}/"
    page.goto(address)
    steps.expect_ticket(page, 1)
    hand_over(booking, cast.department_head, assisting=(OTHER,), now=now)
    page.reload()
    expect(page.locator("#ticket")).to_contain_text(f"{LEAD}、{OTHER}")
    expect(page.locator(".way [aria-current=step]")).to_contain_text("办理")
    why = page.locator(".term-card", has_text="反馈办理情况")
    why.get_by_text("为什么是这一天").click()
    expect(why).to_contain_text("当日不计入")
    why.get_by_text("逐日查看").click()
    expect(why.locator("table")).to_contain_text("第 20 个工作日")
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    assert_fits(page)
    assert not violations(page)
    page.get_by_role("link", name="大字版").click()
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    assert_fits(page)
    assert page.url.endswith(address)


@pytest.mark.parametrize("scripts", [True, False])
def test_words_and_a_file_are_sent_with_and_without_scripts(opened: Open, case: Case, scripts: bool) -> None:
    page = opened(**PHONE, java_script_enabled=scripts)
    open_adding(page, case)
    page.fill("#id_text", "七月三日提交。")
    page.set_input_files("#id_attachments", [RECEIPT])
    steps.press(page, "上传")
    expect(page.locator("main")).to_contain_text("已上传 1 份，尚未提交")
    expect(page.locator("#id_text")).to_have_value("七月三日提交。")
    steps.press(page, "提交补充")
    expect_added(page, "七月三日提交。", "回执.pdf")
    assert sent(case) == ["七月三日提交。"]
    with page.expect_download() as download:
        page.get_by_role("link", name="回执.pdf").click()
    assert download.value.suggested_filename == "回执.pdf"


@pytest.mark.parametrize("scripts", [True, False])
def test_double_tap_on_a_slow_line_sends_once(opened: Open, case: Case, scripts: bool) -> None:
    page = opened(**PHONE, java_script_enabled=scripts)
    open_adding(page, case)
    page.fill("#id_text", "只说一次。")
    page.route("**/case/add/", slow)
    button = page.get_by_role("button", name="提交补充")
    button.dblclick(no_wait_after=True)
    expect_added(page, "只说一次。")
    assert sent(case) == ["只说一次。"]


def test_back_button_sends_nothing_again_and_loses_nothing_new(phone: Page, case: Case) -> None:
    open_adding(phone, case)
    phone.fill("#id_text", "第一次。")
    steps.press(phone, "提交补充")
    expect_added(phone, "第一次。")
    phone.go_back()
    expect(phone.get_by_role("button", name="提交补充")).to_be_enabled()
    phone.fill("#id_text", "第一次。后来又想起一件。")
    steps.press(phone, "提交补充")
    expect_added(phone, "第一次。", "后来又想起一件。")
    phone.reload()
    assert sent(case) == ["第一次。", "第一次。后来又想起一件。"]


def test_wrong_file_is_said_and_the_words_stay(phone: Page, case: Case) -> None:
    open_adding(phone, case)
    phone.fill("#id_text", "见附件。")
    phone.set_input_files("#id_attachments", [PROGRAM])
    steps.press(phone, "提交补充")
    expect(phone.locator(".error-summary")).to_be_focused()
    expect(phone.locator(".error-summary")).to_contain_text("“a.exe”不是可接受的文件")
    expect(phone.locator("#id_text")).to_have_value("见附件。")
    assert sent(case) == []
    assert_fits(phone)
    phone.set_input_files("#id_attachments", [RECEIPT])
    steps.press(phone, "上传")
    phone.get_by_role("button", name="移除").click()
    expect(phone.locator("main")).not_to_contain_text("尚未提交")
    steps.press(phone, "提交补充")
    expect_added(phone, "见附件。")


def test_line_that_drops_while_typing_is_said_and_loses_nothing(phone: Page, case: Case) -> None:
    open_adding(phone, case)
    saved = phone.locator("[data-saved]")
    phone.locator("#id_text").press_sequentially("线路还在")
    expect(saved).to_contain_text("已保存")
    phone.context.set_offline(True)
    phone.locator("#id_text").press_sequentially("，现在断了")
    expect(saved).to_contain_text("未连接")
    phone.context.set_offline(False)
    expect(saved).to_contain_text("已保存")
    phone.goto(own(case))
    expect(phone.locator("#added")).to_contain_text("有填写了还没有提交的补充")
    phone.get_by_role("link", name="继续补充").click()
    expect(phone.locator("#id_text")).to_have_value("线路还在，现在断了")
    steps.press(phone, "提交补充")
    expect_added(phone, "线路还在，现在断了")
    assert unsent_supplement(case) is None


def test_case_closed_while_it_was_typed_says_where_to_turn(phone: Page, case: Case, cast: Cast) -> None:
    open_adding(phone, case)
    phone.fill("#id_text", "来晚了的话")
    for name, staff in ((LEAD, cast.department_staff), (OTHER, cast.other_department_staff)):
        done(case, name, staff, cast.bureau_staff)
    close(case, cast.bureau_supervisor)
    steps.press(phone, "提交补充")
    expect(phone.get_by_role("heading", level=1)).to_have_text("已销号，不再接收补充")
    expect(phone.locator("main")).to_contain_text("来晚了的话")
    assert_fits(phone)
    phone.get_by_role("link", name="查看答复").click()
    expect(phone.locator("#answer")).to_contain_text("退税已办结。")


def test_page_prints_without_its_buttons(phone: Page, case: Case) -> None:
    phone.goto(own(case))
    phone.emulate_media(media="print")
    expect(phone.locator("#ticket")).to_be_visible()
    for hidden in ("打印", "补充事实或材料"):
        expect(phone.get_by_text(hidden, exact=True).first).to_be_hidden()
