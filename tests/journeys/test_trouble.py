"""What goes wrong on the way: all numbers gone, time over, the line dead."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from appointments.enums import BookingStatus
from appointments.models import Booking
from core import policy
from sessions_app.models import Sitting
from tests.appointments.conftest import take, wait
from tests.journeys import steps
from tests.journeys.conftest import PHONE, Open

pytestmark = [pytest.mark.journey, pytest.mark.clause("[3.3]")]


def fill_up(sitting: Sitting) -> list[Booking]:
    return [take(sitting, serial, now=timezone.now()) for serial in range(1, policy.NUMBERS_PER_SITTING + 1)]


def let_run_out(booking: Booking) -> None:
    Booking.objects.filter(pk=booking.pk).update(held_until=timezone.now() - timedelta(seconds=1))


def ticket_of(booking: Booking) -> str:
    return f"/b/{booking.ticket_secret}/"


def test_full_sitting_waiting_list_offer_and_slip_on_one_link(opened: Open, sitting: Sitting) -> None:
    first = fill_up(sitting)[2]
    page, other = opened(**PHONE), opened(**PHONE)
    page.goto(f"/sittings/{sitting.pk}/")
    expect(page.locator("main")).to_contain_text("已约满")
    page.get_by_role("link", name="加入候补").click()
    if page.locator("#id_mobile").count() == 0:
        page.get_by_role("link", name="加入候补").click()
    steps.type_application(page, 6)
    steps.press(page, "加入候补")
    expect(page.locator("#ticket")).to_contain_text("候补第")
    link = page.url
    other.goto(ticket_of(first))
    other.get_by_role("link", name="取消预约").click()
    steps.press(other, "取消预约")
    expect(other.locator("#ticket")).to_contain_text("已取消")
    page.goto(link)
    expect(page.locator("main")).to_contain_text("轮到您了：3 号为您保留")
    page.get_by_role("link", name="接受并填写").click()
    steps.fill_form(page)
    steps.submit(page)
    steps.expect_ticket(page, 3)
    assert page.url == link


def test_last_number_gone_while_typing_joins_the_line_with_what_was_typed(phone: Page, sitting: Sitting) -> None:
    steps.open_take_page(phone, sitting)
    steps.type_application(phone, 6)
    fill_up(sitting)
    steps.press(phone, "取号")
    expect(phone.locator("main")).to_contain_text("已约满")
    steps.press(phone, "加入候补")
    expect(phone.locator("#ticket")).to_contain_text("候补第")
    assert Booking.objects.get(status=BookingStatus.WAITING).company_name == "安宁第6企业有限公司"


@pytest.mark.parametrize("scripts", [True, False])
def test_time_over_while_typing_keeps_the_form_for_the_next_number(
    opened: Open, sitting: Sitting, scripts: bool
) -> None:
    page = opened(**PHONE, java_script_enabled=scripts)
    steps.take_number(page, sitting, 1)
    steps.pass_grounds(page)
    steps.fill_demand(page)
    page.fill("#id_facts", steps.FACTS)
    page.fill("#id_request", "请明确办结时间。")
    let_run_out(Booking.objects.get())
    steps.press(page, "下一步")
    expect(page.locator("main")).to_contain_text("保留时间已到")
    take(sitting, 2, now=timezone.now())
    page.locator("main form button[type=submit]").click()
    steps.at_step(page, "demand")
    expect(page.locator("#id_title")).to_have_value("退税进度")
    steps.press(page, "下一步")
    expect(page.locator("#id_facts")).to_have_value(steps.FACTS)
    assert Booking.objects.get(company_name="安宁第1企业有限公司").number == 2


def test_line_that_drops_while_typing_is_said_and_loses_nothing(phone: Page, sitting: Sitting) -> None:
    steps.take_number(phone, sitting, 1)
    steps.pass_grounds(phone)
    steps.fill_demand(phone)
    saved = phone.locator("[data-saved]")
    phone.locator("#id_facts").press_sequentially("线路还在")
    expect(saved).to_contain_text("已保存")
    phone.context.set_offline(True)
    phone.locator("#id_facts").press_sequentially("，现在断了")
    expect(saved).to_contain_text("未连接")
    expect(saved).to_be_visible()
    assert "断了" not in str(Booking.objects.get().draft.answers)
    phone.context.set_offline(False)
    expect(saved).to_contain_text(re.compile("已保存"))
    assert Booking.objects.get().draft.answers["facts"] == ["线路还在，现在断了"]
    phone.reload()
    expect(phone.locator("#id_facts")).to_have_value("线路还在，现在断了")


def test_phone_that_reloads_offline_work_finds_it_again(phone: Page, sitting: Sitting) -> None:
    """What could not be sent stays on the phone, in this tab."""
    steps.take_number(phone, sitting, 1)
    steps.pass_grounds(phone)
    steps.fill_demand(phone)
    phone.route("**/keep/", lambda route: route.abort())
    phone.fill("#id_facts", "没有送出的话")
    expect(phone.locator("[data-saved]")).to_contain_text("未连接")
    phone.reload()
    expect(phone.locator("#id_facts")).to_have_value("没有送出的话")
    phone.unroute("**/keep/")
    phone.locator("#id_facts").press("End")
    phone.locator("#id_facts").press_sequentially("。")
    expect(phone.locator("[data-saved]")).to_contain_text("已保存")
    assert Booking.objects.get().draft.answers["facts"] == ["没有送出的话。"]


def test_waiting_enterprise_fills_the_form_ahead_and_only_submits_later(phone: Page, sitting: Sitting) -> None:
    fill_up(sitting)
    waiting = wait(sitting, 6, now=timezone.now())
    phone.goto(ticket_of(waiting))
    phone.get_by_role("link", name="先填好信息表").click()
    steps.fill_form(phone)
    expect(phone.get_by_role("button", name="提交信息表")).to_have_count(0)
    expect(phone.locator("main")).to_contain_text("候补中")
