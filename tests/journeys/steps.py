"""What an enterprise does on its phone, one press after the other. Works with and without scripts."""

import re

from playwright.sync_api import Page, expect

from sessions_app.models import Sitting
from tests.appointments.conftest import application
from tests.journeys.watch import assert_fits

FACTS = "七月申请留抵退税，至今未办结。"
STEPS = ("grounds", "demand", "facts", "contact", "files", "review")


def at_step(page: Page, step: str) -> None:
    expect(page).to_have_url(re.compile(f"/form/{step}/$"))
    assert_fits(page)


def open_take_page(page: Page, sitting: Sitting) -> None:
    """From the code on the poster to the four questions."""
    page.goto("/")
    assert_fits(page)
    page.get_by_role("link", name="取号", exact=True).click()
    expect(page).to_have_url(re.compile(f"/sittings/{sitting.pk}/number/$"))
    assert_fits(page)


def type_application(page: Page, serial: int) -> None:
    of = application(serial)
    page.fill("#id_company_name", of.company_name)
    page.fill("#id_credit_code", of.credit_code)
    page.fill("#id_mobile", of.mobile)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def take_number(page: Page, sitting: Sitting, serial: int) -> None:
    open_take_page(page, sitting)
    type_application(page, serial)
    press(page, "取号")
    at_step(page, "grounds")


def pass_grounds(page: Page) -> None:
    page.locator("main form button[type=submit]").first.click()
    at_step(page, "demand")


def fill_demand(page: Page) -> None:
    page.get_by_label("市税务局").check()
    page.get_by_label("服务需求").check()
    page.select_option("#id_demand_area", label="税务")
    page.fill("#id_title", "退税进度")
    press(page, "下一步")
    at_step(page, "facts")


def fill_facts(page: Page) -> None:
    page.fill("#id_facts", FACTS)
    page.fill("#id_request", "请明确办结时间。")
    press(page, "下一步")
    at_step(page, "contact")


def fill_contact(page: Page) -> None:
    page.select_option("#id_district", label="连然街道")
    page.select_option("#id_industry", label="其他")
    page.fill("#id_representative_name", "张建国")
    page.get_by_label("法定代表人").check()
    press(page, "下一步")
    at_step(page, "files")


def fill_form(page: Page) -> None:
    """From the five grounds to the page where everything is read once more."""
    pass_grounds(page)
    fill_demand(page)
    fill_facts(page)
    fill_contact(page)
    press(page, "下一步")
    at_step(page, "review")


def submit(page: Page) -> None:
    page.locator("#id_consent").check()
    press(page, "提交信息表")


def expect_ticket(page: Page, number: int) -> None:
    expect(page).to_have_url(re.compile(r"/b/[a-z2-7]{26}/$"))
    expect(page.locator("#ticket .numeral")).to_have_text(str(number))
    expect(page.locator("#ticket .numeral")).to_be_visible()
    assert_fits(page)
