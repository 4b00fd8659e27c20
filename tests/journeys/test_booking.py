"""An enterprise books on its phone: with a script, without one, by keyboard, and with nervous fingers."""

import gzip
import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Response, expect

from appointments.enums import BookingStatus
from appointments.models import Booking
from sessions_app.models import Sitting
from tests.journeys import steps
from tests.journeys.conftest import PHONE, Open

pytestmark = [pytest.mark.journey, pytest.mark.clause("[3.3]")]
TRANSFER_MAX_BYTES = 150 * 1024
FINGER_PIXELS = 44


def book(page: Page, sitting: Sitting, serial: int = 1) -> None:
    steps.take_number(page, sitting, serial)
    steps.fill_form(page)
    steps.submit(page)


def test_booking_on_a_phone_ends_with_the_slip(phone: Page, sitting: Sitting) -> None:
    book(phone, sitting)
    steps.expect_ticket(phone, 1)
    box = phone.locator("#ticket .numeral").bounding_box()
    assert box
    assert box["y"] + box["height"] < PHONE["viewport"]["height"], "the numeral is not on the first screen"
    booking = Booking.objects.get()
    assert (booking.status, booking.facts) == (BookingStatus.CONFIRMED, steps.FACTS)


def test_booking_without_scripts_ends_with_the_slip(opened: Open, sitting: Sitting) -> None:
    page = opened(**PHONE, java_script_enabled=False)
    book(page, sitting)
    steps.expect_ticket(page, 1)
    page.get_by_role("link", name="取消预约").click()
    assert Booking.objects.get().status == BookingStatus.CONFIRMED
    steps.press(page, "取消预约")
    expect(page.locator("#ticket")).to_contain_text("已取消")


def test_first_screen_says_whether_until_when_and_what_is_needed(phone: Page, sitting: Sitting) -> None:
    phone.goto("/")
    for words in ("个号可取", "预约截止", "需要准备"):
        box = phone.get_by_text(words).first.bounding_box()
        assert box, words
        assert box["y"] + box["height"] <= PHONE["viewport"]["height"], words


def test_booking_page_is_light(phone: Page, sitting: Sitting) -> None:
    """As it is served: pages as they are, styles and scripts compressed."""
    answers: list[Response] = []
    phone.on("response", lambda answer: answers.append(answer))
    phone.goto(f"/sittings/{sitting.pk}/number/", wait_until="networkidle")
    sizes = {urlsplit(answer.url).path: served(answer) for answer in answers}
    assert any(path.endswith(".css") for path in sizes)
    assert sum(sizes.values()) <= TRANSFER_MAX_BYTES, sizes


def served(answer: Response) -> int:
    body = answer.body()
    return len(gzip.compress(body)) if "/static/" in answer.url else len(body)


def test_two_presses_on_take_are_one_booking(phone: Page, sitting: Sitting) -> None:
    steps.open_take_page(phone, sitting)
    steps.type_application(phone, 1)
    phone.get_by_role("button", name="取号", exact=True).dblclick()
    steps.at_step(phone, "grounds")
    assert Booking.objects.count() == 1


def test_two_presses_without_scripts_are_one_booking(opened: Open, sitting: Sitting) -> None:
    page = opened(**PHONE, java_script_enabled=False)
    steps.open_take_page(page, sitting)
    steps.type_application(page, 1)
    page.get_by_role("button", name="取号", exact=True).dblclick()
    steps.at_step(page, "grounds")
    assert Booking.objects.count() == 1


def test_two_presses_on_submit_and_a_reload_are_one_booking(phone: Page, sitting: Sitting) -> None:
    steps.take_number(phone, sitting, 1)
    steps.fill_form(phone)
    phone.locator("#id_consent").check()
    phone.get_by_role("button", name="提交信息表", exact=True).dblclick()
    steps.expect_ticket(phone, 1)
    phone.reload()
    steps.expect_ticket(phone, 1)
    assert Booking.objects.get().status == BookingStatus.CONFIRMED


def test_back_after_taking_makes_no_second_booking(phone: Page, sitting: Sitting) -> None:
    steps.take_number(phone, sitting, 1)
    phone.go_back()
    expect(phone.locator("#id_company_name")).to_be_visible()
    steps.type_application(phone, 1)
    steps.press(phone, "取号")
    expect(phone.locator("main")).to_contain_text(re.compile("该企业本期已有预约|号已为您保留"))
    assert Booking.objects.count() == 1


def test_reload_of_a_refused_form_keeps_it(phone: Page, sitting: Sitting) -> None:
    steps.open_take_page(phone, sitting)
    steps.type_application(phone, 1)
    phone.fill("#id_credit_code", "91530181MA6T000011")
    steps.press(phone, "取号")
    expect(phone.locator("#id_credit_code_error")).to_contain_text("统一社会信用代码有误")
    phone.reload()
    expect(phone.locator("#id_company_name")).to_have_value(re.compile("安宁第1企业"))
    assert not Booking.objects.exists()


def test_press_after_mending_the_last_field_is_not_lost(phone: Page, sitting: Sitting) -> None:
    """A complaint that goes when the field is left must not move the button from under the finger."""
    steps.open_take_page(phone, sitting)
    steps.press(phone, "取号")
    expect(phone.locator("#id_mobile_error")).to_be_visible()
    steps.type_application(phone, 1)
    steps.press(phone, "取号")
    steps.at_step(phone, "grounds")


def test_booking_by_keyboard_alone(desk: Page, sitting: Sitting) -> None:
    desk.goto(f"/sittings/{sitting.pk}/number/")
    steps.type_application(desk, 1)
    desk.locator("#id_mobile").press("Enter")
    steps.at_step(desk, "grounds")
    tab_to(desk, "button")
    desk.keyboard.press("Enter")
    steps.at_step(desk, "demand")
    tab_to(desk, "#id_departments_0")
    desk.keyboard.press("Space")
    tab_to(desk, "[name=demand_kind]")
    desk.keyboard.press("Space")
    tab_to(desk, "#id_demand_area")
    desk.keyboard.press("ArrowDown")
    tab_to(desk, "#id_title")
    desk.keyboard.type("退税进度")
    tab_to(desk, "button[name=next]")
    desk.keyboard.press("Enter")
    steps.at_step(desk, "facts")


OUTLINED = """[document.activeElement, document.activeElement.closest('label')]
  .some(el => el && getComputedStyle(el).outlineStyle !== 'none')"""


def tab_to(page: Page, selector: str) -> None:
    """Move the focus as a keyboard does; it must be seen where it is."""
    for _press in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(`main ${s}`)", selector):
            assert page.evaluate(OUTLINED), f"the focus on {selector} cannot be seen"
            return
    pytest.fail(f"{selector} cannot be reached with the keyboard")


SMALL = """finger => {
  const said = (box, el) =>
    `${el.tagName} ${el.id || el.textContent.trim().slice(0, 20)} ${Math.round(box.width)}x${Math.round(box.height)}`;
  const inSentence = el => getComputedStyle(el).display === 'inline';
  return [...document.querySelectorAll('header a, main :is(a, button, input, select, textarea)')]
    .filter(el => el.type !== 'hidden' && el.offsetParent && !inSentence(el))
    .map(el => [(el.closest('label') || el).getBoundingClientRect(), el])
    .filter(([box]) => box.height && (box.height < finger - 0.5 || box.width < finger - 0.5))
    .map(([box, el]) => said(box, el));
}"""


def test_every_target_on_the_phone_is_as_large_as_a_finger(phone: Page, sitting: Sitting) -> None:
    """Links inside a sentence are excepted, as WCAG 2.5.8 does."""
    small: dict[str, Any] = {}
    steps.take_number(phone, sitting, 1)
    own = phone.url.removesuffix("form/grounds/")
    pages = ["/", f"/sittings/{sitting.pk}/", f"/sittings/{sitting.pk}/number/", "/find/", "/feedback/", own]
    pages += [f"{own}form/{step}/" for step in steps.STEPS] + [f"{own}cancel/", f"{own}pressure/"]
    for page in pages:
        phone.goto(page)
        if found := phone.evaluate(SMALL, FINGER_PIXELS):
            small[urlsplit(page).path[-20:]] = found
    assert not small, small
