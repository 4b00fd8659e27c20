"""The record at the table when the sign-in runs out: the page is covered, and the same person goes on in place."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from consultations.models import Consultation, DraftKey
from sessions_app.models import Session
from tests.conftest import CAST_PASSWORD, Cast
from tests.consultations.conftest import keep
from tests.journeys.conftest import TABLET, Open
from tests.journeys.record_steps import (
    KEY,
    SAID,
    called_to_table,
    change_session,
    choose,
    cover,
    drop_line,
    fresh,
    kept,
    let_sign_in_nearly_run_out,
    let_sign_in_run_out,
    open_record,
    reply,
    restore_line,
    sign_in_again,
    state,
    tablet_of,
)
from tests.journeys.test_accessibility import JUDGED, violations
from tests.journeys.test_bureau import sign_in

pytestmark = [pytest.mark.journey, pytest.mark.browser, pytest.mark.clause("[3.6]")]


@pytest.fixture
def record(today: Session, cast: Cast) -> Consultation:
    return called_to_table(cast)


@pytest.fixture
def tablet(opened: Open, record: Consultation) -> Page:
    return tablet_of(opened, record)


def test_sign_in_that_ran_out_covers_the_page_and_goes_on_in_place(
    tablet: Page, record: Consultation, cast: Cast
) -> None:
    let_sign_in_run_out(tablet)
    reply(tablet).fill(SAID)
    expect(cover(tablet)).to_be_visible()
    expect(reply(tablet)).to_be_hidden()
    expect(tablet.get_by_text("企业", exact=False).first).to_be_hidden()
    for _press in range(3):
        tablet.keyboard.press("Escape")
    expect(cover(tablet)).to_be_visible()
    assert kept(record).reply == ""
    sign_in_again(tablet, "Anning-Wrong-2026")
    expect(cover(tablet)).to_contain_text("密码不正确")
    sign_in_again(tablet)
    expect(cover(tablet)).to_be_hidden()
    expect(reply(tablet)).to_have_value(SAID)
    fresh(tablet, 1)
    # The page's own form goes on too, under its new token.
    tablet.get_by_role("button", name="保存", exact=True).click()
    expect(tablet.locator(".messagelist")).to_contain_text("已保存")


def test_page_that_is_closed_while_covered_finds_everything_after_sign_in(tablet: Page, record: Consultation) -> None:
    let_sign_in_run_out(tablet)
    reply(tablet).fill(SAID)
    expect(cover(tablet)).to_be_visible()
    tablet.reload()
    expect(tablet).to_have_url(re.compile("/console/login/"))
    tablet.fill("#id_username", "department_head")
    tablet.fill("#id_password", CAST_PASSWORD)
    tablet.get_by_role("button", name="登录").click()
    expect(tablet).to_have_url(re.compile(f"/{record.pk}/record/$"))
    expect(reply(tablet)).to_have_value(SAID)
    fresh(tablet, 1)


def test_account_that_is_barred_meanwhile_is_said_so(tablet: Page, record: Consultation) -> None:
    let_sign_in_run_out(tablet)
    reply(tablet).fill(SAID)
    for _try in range(5):
        sign_in_again(tablet, "Anning-Wrong-2026")
        expect(cover(tablet).get_by_label("密码")).to_have_value("")
    expect(cover(tablet)).to_contain_text("账号已锁定")


def test_other_person_in_another_tab_writes_nothing_in_this_ones_name(
    tablet: Page, record: Consultation, cast: Cast
) -> None:
    tab = tablet.context.new_page()
    tab.goto("/console/")
    tab.get_by_role("button", name="退出登录").click()
    sign_in(tab, "department_staff")
    reply(tablet).fill(SAID)
    expect(cover(tablet)).to_be_visible()
    assert kept(record).reply == ""
    assert not DraftKey.objects.filter(person=cast.department_staff).exists()
    sign_in_again(tablet)
    fresh(tablet, 1)
    assert kept(record).kept_by == cast.department_head


def test_living_page_keeps_its_sign_in(tablet: Page, record: Consultation) -> None:
    tablet.clock.install()
    open_record(tablet, record)
    let_sign_in_nearly_run_out(tablet)
    with tablet.expect_response(KEY) as waiting:
        tablet.clock.run_for(61_000)
    assert waiting.value.ok
    seen: list[int] = []
    change_session(tablet, lambda session: seen.append(session["seen_at"]))
    assert timezone.now().timestamp() - seen[0] < 60


def test_tablet_that_slept_too_long_without_line_is_covered_until_it_is_back(
    tablet: Page, record: Consultation
) -> None:
    tablet.clock.install()
    open_record(tablet, record)
    drop_line(tablet)
    reply(tablet).fill(SAID)
    tablet.clock.run_for(5_000)
    expect(state(tablet)).to_contain_text("已保留在本机")
    tablet.clock.fast_forward(31 * 60 * 1000)
    expect(cover(tablet)).to_be_visible()
    sign_in_again(tablet)
    expect(cover(tablet)).to_contain_text("未连接，暂时不能登录")
    restore_line(tablet)
    sign_in_again(tablet)
    expect(cover(tablet)).to_be_hidden()
    tablet.clock.run_for(5_000)
    fresh(tablet, 1)
    assert kept(record).reply == SAID


def test_cover_and_choice_can_be_used_by_everybody(opened: Open, record: Consultation, cast: Cast) -> None:
    page = opened(**TABLET, **JUDGED)
    sign_in(page, "department_head")
    open_record(page, record)
    keep(record, cast.department_staff, reply="经办人写的答复", now=timezone.now())
    reply(page).fill("局长写的答复")
    expect(page.locator("[data-keep-conflict]")).to_be_visible()
    assert violations(page) == []
    let_sign_in_run_out(page)
    choose(page, "reply", "mine")
    page.get_by_role("button", name="按所选内容保存").click()
    expect(cover(page)).to_be_visible()
    assert violations(page) == []
