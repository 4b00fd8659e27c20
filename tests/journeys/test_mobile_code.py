"""Where text messages are sent: the code on the phone, and the way round for who gets none. [3.3]"""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from appointments.enums import BookingStatus
from appointments.models import Booking, MobileCode
from core import secrets
from sessions_app.models import Sitting
from tests.conftest import Cast
from tests.journeys import steps
from tests.journeys.conftest import PHONE, Open
from tests.journeys.test_handling import press_twice, staff
from tests.journeys.watch import assert_fits

pytestmark = pytest.mark.journey


@pytest.fixture
def gateway(settings: Any) -> None:
    """Text messages are sent, so a code is asked for; no relay runs here."""
    settings.SMS_PROVIDER = "aliyun"


def to_the_code(phone: Page, sitting: Sitting) -> None:
    """From the review of the form to the page that sends the code."""
    steps.take_number(phone, sitting, 1)
    steps.fill_form(phone)
    expect(phone.get_by_role("button", name="提交信息表")).to_have_count(0)
    phone.get_by_role("link", name="验证手机").click()
    assert_fits(phone)
    press_twice(phone, "发送验证码")
    expect(phone.locator("p.note[role=status]")).to_contain_text("验证码已发出")
    assert MobileCode.objects.count() == 1
    assert_fits(phone)


@pytest.mark.clause("[3.3]")
def test_code_of_the_mobile_wrong_then_right_leads_to_submitting(phone: Page, sitting: Sitting, gateway: None) -> None:
    to_the_code(phone, sitting)
    code = secrets.one_time_code(str(MobileCode.objects.get().seed))
    phone.get_by_label("验证码").fill(f"{(int(code) + 1) % 1_000_000:06d}")
    steps.press(phone, "验证")
    expect(phone.locator("#id_code_error")).to_contain_text("还可再试 4 次")
    assert_fits(phone)
    phone.get_by_label("验证码").fill(code)
    press_twice(phone, "验证")
    steps.at_step(phone, "review")
    own = phone.url.removesuffix("form/review/")
    phone.goto(f"{own}mobile/")
    expect(phone).to_have_url(own)
    phone.goto(f"{own}form/review/")
    steps.submit(phone)
    steps.expect_ticket(phone, 1)


@pytest.mark.clause("[3.3]")
def test_code_that_never_comes_leads_to_a_call_and_keeps_the_form(
    opened: Open, sitting: Sitting, cast: Cast, gateway: None
) -> None:
    phone = opened(**PHONE)
    to_the_code(phone, sitting)
    phone.get_by_text("收不到验证码").click()
    assert_fits(phone)
    press_twice(phone, "请窗口回电，转入候补")
    expect(phone.locator("#ticket")).to_contain_text("候补")
    assert_fits(phone)
    booking = Booking.objects.get()
    assert (booking.status, booking.slot) == (BookingStatus.WAITING, None)
    assert booking.draft.answers["title"] == ["退税进度"]
    desk = staff(opened, "window_clerk")
    desk.goto(f"/console/appointments/booking/{booking.pk}/change/")
    assert_fits(desk)
