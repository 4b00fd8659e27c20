"""The record at the table while the line drops or two people write: nothing that was typed is lost."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Error, Page, Route, expect

from consultations.models import Consultation, DraftKey
from sessions_app.models import Session
from tests.conftest import Cast
from tests.consultations.conftest import keep, ready, sign
from tests.journeys.conftest import TABLET, Open
from tests.journeys.record_steps import (
    EVERYTHING,
    KEEP,
    SAID,
    called_to_table,
    choose,
    drop_line,
    fresh,
    kept,
    leave_without_line,
    note,
    open_record,
    posts,
    reply,
    restore_line,
    state,
    tablet_of,
    write_without_line,
)
from tests.journeys.test_bureau import sign_in
from tests.journeys.watch import assert_fits

pytestmark = [pytest.mark.journey, pytest.mark.browser, pytest.mark.clause("[3.6]")]


@pytest.fixture
def record(today: Session, cast: Cast) -> Consultation:
    return called_to_table(cast)


@pytest.fixture
def tablet(opened: Open, record: Consultation) -> Page:
    return tablet_of(opened, record)


def test_what_is_typed_is_kept_by_itself_and_said(tablet: Page, record: Consultation, cast: Cast) -> None:
    reply(tablet).fill(SAID)
    fresh(tablet, 1)
    tablet.get_by_text("现场解决", exact=True).click()
    fresh(tablet, 2)
    assert (kept(record).reply, kept(record).outcome) == (SAID, "solved")
    assert_fits(tablet)


def test_line_that_drops_is_said_and_what_was_typed_is_sent_once(tablet: Page, record: Consultation) -> None:
    write_without_line(tablet)
    tablet.locator("#id_opinion").fill("满意")
    tablet.wait_for_timeout(1500)
    assert kept(record).revision == 0
    expect(state(tablet)).to_be_in_viewport()
    sent = posts(tablet)
    restore_line(tablet)
    fresh(tablet, 1)
    assert (kept(record).reply, kept(record).opinion) == (SAID, "满意")
    tablet.wait_for_timeout(1500)
    assert len(sent) == 1


def test_page_that_was_lost_without_line_finds_everything_again(tablet: Page, record: Consultation) -> None:
    write_without_line(tablet)
    # The dropped line belongs to the page, and what the page asks while it goes could pass: then unsigned.
    cookies = tablet.context.cookies()
    tablet.context.clear_cookies()
    with pytest.raises(Error, match="ERR_INTERNET_DISCONNECTED"):
        tablet.reload()
    assert kept(record).reply == ""
    tablet.context.add_cookies(cookies)
    restore_line(tablet)
    open_record(tablet, record)
    expect(reply(tablet)).to_have_value(SAID)
    expect(note(tablet)).to_contain_text("已找回本机保留的内容")
    fresh(tablet, 1)
    assert kept(record).reply == SAID


def test_answer_that_was_lost_on_the_way_makes_no_second_change(tablet: Page, record: Consultation) -> None:
    """The server took it and the page cannot know: it sends again, and nothing happens twice."""
    taken = []

    def lose_answer(route: Route) -> None:
        taken.append(route.fetch().status)
        route.abort()

    tablet.route(KEEP, lose_answer)
    reply(tablet).fill(SAID)
    expect(state(tablet)).to_contain_text("未连接，已保留在本机")
    assert (taken[0], kept(record).reply) == (200, SAID)
    tablet.unroute(KEEP)
    fresh(tablet, 1)
    assert Consultation.history.filter(id=record.pk, reply=SAID).count() == 1


def test_device_holds_nothing_that_can_be_read(tablet: Page, record: Consultation) -> None:
    write_without_line(tablet)
    tablet.wait_for_timeout(300)
    held = tablet.evaluate(EVERYTHING)
    assert any("data" in text for text in held), held
    assert not [text for text in held for word in (SAID, SAID[:4], "reply") if word in text]
    restore_line(tablet)
    fresh(tablet, 1)
    tablet.wait_for_timeout(300)
    assert not [text for text in tablet.evaluate(EVERYTHING) if '"data"' in text], "kept, and still on the device"


def test_other_person_on_the_same_tablet_reads_nothing_of_it(tablet: Page, record: Consultation, cast: Cast) -> None:
    write_without_line(tablet)
    leave_without_line(tablet)
    tablet.goto("/console/")
    tablet.get_by_role("button", name="退出登录").click()
    sign_in(tablet, "department_staff")
    open_record(tablet, record)
    expect(reply(tablet)).to_have_value("")
    tablet.goto("/console/")
    tablet.get_by_role("button", name="退出登录").click()
    sign_in(tablet, "department_head")
    open_record(tablet, record)
    expect(reply(tablet)).to_have_value(SAID)
    fresh(tablet, 1)
    assert (kept(record).reply, kept(record).kept_by) == (SAID, cast.department_head)


def test_what_lay_too_long_is_said_to_be_lost(tablet: Page, record: Consultation) -> None:
    write_without_line(tablet)
    leave_without_line(tablet)
    DraftKey.objects.all().delete()
    open_record(tablet, record)
    expect(note(tablet)).to_contain_text("不能找回")
    expect(reply(tablet)).to_have_value("")


def test_second_of_two_people_is_told_and_chooses(
    tablet: Page, opened: Open, record: Consultation, cast: Cast
) -> None:
    other = opened(**TABLET)
    sign_in(other, "department_staff")
    open_record(other, record)
    reply(other).fill("经办人写的答复")
    other.locator("#id_opinion").fill("基本满意")
    fresh(other, 1)
    reply(tablet).fill("局长写的答复")
    panel = tablet.locator("[data-keep-conflict]")
    expect(panel).to_contain_text("部门经办")
    expect(panel).to_contain_text("经办人写的答复")
    expect(panel).to_contain_text("局长写的答复")
    expect(state(tablet)).to_contain_text("待核对")
    assert kept(record).reply == "经办人写的答复"
    assert_fits(tablet)
    reply(tablet).fill("局长写的第二稿")
    expect(panel).to_contain_text("局长写的第二稿")
    tablet.get_by_role("button", name="核对并签办").click()
    expect(note(tablet)).to_contain_text("请先核对双方的修改")
    panel.get_by_role("button", name="按所选内容保存").click()
    expect(panel).to_be_visible()
    choose(tablet, "reply", "mine")
    panel.get_by_role("button", name="按所选内容保存").click()
    fresh(tablet, 2)
    expect(panel).to_be_hidden()
    expect(tablet.locator("#id_opinion")).to_have_value("基本满意")
    assert (kept(record).reply, kept(record).opinion) == ("局长写的第二稿", "基本满意")
    # And the first one is told in turn.
    other.locator("#id_opinion").fill("满意")
    expect(other.locator("[data-keep-conflict]")).to_contain_text("局长写的第二稿")


def test_who_takes_the_others_words_leaves_none_of_their_own(tablet: Page, record: Consultation, cast: Cast) -> None:
    before = DraftKey.objects.get(person=cast.department_head).key
    keep(record, cast.department_staff, reply="经办人写的答复", now=timezone.now())
    reply(tablet).fill("局长写的答复")
    expect(tablet.locator("[data-keep-conflict]")).to_be_visible()
    choose(tablet, "reply", "theirs")
    tablet.get_by_role("button", name="按所选内容保存").click()
    fresh(tablet, 1)
    expect(reply(tablet)).to_have_value("经办人写的答复")
    tablet.wait_for_timeout(300)
    assert DraftKey.objects.get(person=cast.department_head).key != before
    assert kept(record).kept_by == cast.department_staff


def test_words_of_ones_own_other_page_are_taken_in(tablet: Page, record: Consultation, cast: Cast) -> None:
    keep(record, cast.department_head, opinion="满意", now=timezone.now())
    reply(tablet).fill(SAID)
    fresh(tablet, 2)
    expect(tablet.locator("#id_opinion")).to_have_value("满意")
    expect(note(tablet)).to_contain_text("另一页面")
    assert (kept(record).reply, kept(record).opinion) == (SAID, "满意")


def test_signing_off_without_line_is_impossible_and_says_so(tablet: Page, record: Consultation, cast: Cast) -> None:
    ready(record, cast.department_head, now=timezone.now())
    open_record(tablet, record)
    write_without_line(tablet)
    tablet.get_by_role("button", name="核对并签办").click()
    expect(note(tablet)).to_contain_text("未连接，不能签办")
    expect(note(tablet)).to_be_in_viewport()
    restore_line(tablet)
    fresh(tablet, 2)
    tablet.get_by_role("button", name="核对并签办").click()
    expect(tablet).to_have_url(re.compile("/sign/$"))
    drop_line(tablet)
    tablet.locator("#sign").click()
    expect(note(tablet)).to_contain_text("未连接，不能签办")
    assert not kept(record).is_signed
    restore_line(tablet)
    tablet.locator("#sign").click()
    expect(tablet.locator(".messagelist")).to_contain_text("已签办")
    assert (kept(record).is_signed, kept(record).reply) == (True, SAID)


def test_what_is_typed_last_is_part_of_what_is_checked(tablet: Page, record: Consultation, cast: Cast) -> None:
    ready(record, cast.department_head, now=timezone.now())
    open_record(tablet, record)
    reply(tablet).fill(SAID)
    tablet.get_by_role("button", name="核对并签办").click()
    expect(tablet).to_have_url(re.compile("/sign/$"))
    expect(tablet.locator(".paper")).to_contain_text(SAID)


def test_who_comes_back_by_the_browser_overwrites_nothing(tablet: Page, record: Consultation, cast: Cast) -> None:
    """Browsers put back what stood in a form when it was left: here that would be kept by itself."""
    ready(record, cast.department_head, now=timezone.now())
    open_record(tablet, record)
    reply(tablet).fill(SAID)
    tablet.get_by_role("button", name="核对并签办").click()
    expect(tablet).to_have_url(re.compile("/sign/$"))
    keep(record, cast.department_staff, reply="经办人后来所写", now=timezone.now())
    tablet.go_back()
    expect(state(tablet)).to_contain_text("已保存")
    expect(reply(tablet)).to_have_value("经办人后来所写")
    tablet.wait_for_timeout(2500)
    assert kept(record).reply == "经办人后来所写"


def test_record_that_was_signed_meanwhile_is_said_so(tablet: Page, record: Consultation, cast: Cast) -> None:
    sign(ready(record, cast.department_head, now=timezone.now()), cast.department_head, now=timezone.now())
    reply(tablet).fill("迟到的话")
    expect(state(tablet)).to_contain_text("已签办")
    expect(note(tablet)).to_contain_text("未能保存")
    expect(reply(tablet)).to_have_value("迟到的话")
    expect(tablet.get_by_role("button", name="核对并签办")).to_be_disabled()


def test_what_a_field_cannot_hold_is_said_and_mended(tablet: Page, record: Consultation) -> None:
    reply(tablet).evaluate("field => field.removeAttribute('maxlength')")
    reply(tablet).fill("字" * 2001)
    expect(note(tablet)).to_contain_text("“答复要点”未能保存")
    expect(state(tablet)).to_contain_text("未能保存")
    reply(tablet).fill("字" * 2000)
    fresh(tablet, 1)
    expect(note(tablet)).to_be_hidden()


def test_server_that_fails_for_a_while_is_like_a_dropped_line(tablet: Page, record: Consultation) -> None:
    tablet.route(KEEP, lambda route: route.abort("failed"))
    reply(tablet).fill(SAID)
    expect(state(tablet)).to_contain_text("已保留在本机")
    tablet.unroute(KEEP)
    fresh(tablet, 1)


def test_page_without_encryption_says_so_and_keeps_on_the_server(opened: Open, record: Consultation) -> None:
    """Plain http on another host: browsers encrypt nothing there."""
    page = opened(**TABLET)
    page.add_init_script("Object.defineProperty(window, 'isSecureContext', { value: false });")
    sign_in(page, "department_head")
    open_record(page, record)
    expect(note(page)).to_contain_text("不在本机保留")
    reply(page).fill(SAID)
    fresh(page, 1)
    drop_line(page)
    reply(page).fill("断线后写的")
    expect(state(page)).to_contain_text("尚未保存，请勿关闭本页")
    assert "data" not in "".join(page.evaluate(EVERYTHING))
    restore_line(page)
    fresh(page, 2)
