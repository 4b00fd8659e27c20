"""The day of the sitting: a phone, the tablet at the desk and the hall's screen together, from placed to called."""

import re
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from appointments import services
from appointments.models import Booking, QueueEntry
from sessions_app.models import Session
from tests.conftest import Cast
from tests.journeys import steps
from tests.journeys.conftest import DESK, PHONE, TABLET, Open
from tests.journeys.test_bureau import sign_in
from tests.journeys.watch import assert_fits

pytestmark = [pytest.mark.journey, pytest.mark.clause("[3.3]"), pytest.mark.clause("[3.6]")]
HALL = {"viewport": {"width": 1920, "height": 1080}}
CHECK_IN = "/console/appointments/queueentry/checkin/"
# What a browser would have said aloud: its own voice needs a loudspeaker.
LISTENS = """
    window.said = [];
    const voice = { speaking: false, speak(words) {
      if (words.text) window.said.push({ text: words.text, lang: words.lang });
    } };
    Object.defineProperty(window, "speechSynthesis", { value: voice });
"""


def booking_of(number: int) -> Booking:
    return Booking.objects.get(slot__number=number)


def check_in_by_scanner(page: Page, number: int) -> None:
    """The scanner types the slip's address and presses Enter."""
    page.goto(CHECK_IN)
    page.fill("#id_text", f"http://localhost:8000/c/{booking_of(number).checkin_secret}/")
    page.keyboard.press("Enter")
    expect(page.locator(".slip-number")).to_contain_text(str(number))
    assert_fits(page)
    page.locator("#content-main").get_by_role("button", name="签到", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("已签到")


def call_next(page: Page, desk: str) -> None:
    page.fill("#desk", desk)
    steps.press(page, "叫下一号")
    expect(page.locator(".messagelist")).to_contain_text("已叫号")


def said_on(page: Page, count: int) -> list[dict[str, str]]:
    for _try in range(40):  # the content policy forbids the browser driver's own way of waiting for a value
        said = page.evaluate("window.said")
        if len(said) >= count:
            break
        page.wait_for_timeout(250)
    return said


def later(page: Page, seconds: int) -> None:
    """The page's own clock, of which it is told that time went by: what it asks for by itself is asked for now."""
    page.clock.run_for(seconds * 1000)


def open_hall(opened: Open, cast: Cast) -> Page:
    """As the bureau makes it: a name, and the address that is shown once."""
    bureau = opened(**DESK)
    sign_in(bureau, "bureau_staff")
    bureau.goto("/console/appointments/boarddevice/new/")
    bureau.fill("#id_name", "一楼大厅")
    bureau.locator("#content-main").get_by_role("button", name="新增大屏").click()
    address = bureau.locator(".board-address a").inner_text()
    assert_fits(bureau)
    hall = opened(**HALL)
    hall.clock.install()
    hall.context.add_init_script(LISTENS)
    hall.goto(address[address.index("/hall/") :])
    expect(hall.locator("#nobody")).to_be_visible()
    steps.press(hall, "开始语音播报")
    return hall


def test_a_booking_is_checked_in_called_and_seen(today: Session, opened: Open, cast: Cast) -> None:
    phone, tablet, hall = opened(**PHONE), opened(**TABLET), open_hall(opened, cast)
    phone.clock.install()
    phone.goto(f"/b/{booking_of(2).ticket_secret}/")
    expect(phone.locator(".day-card")).to_contain_text("出示本单签到")
    sign_in(tablet, "window_clerk")
    for number in (1, 2):
        check_in_by_scanner(tablet, number)
    later(phone, 30)
    expect(phone.locator(".day-card")).to_contain_text("前面还有 1 家")
    assert_fits(phone)
    later(hall, 3)
    expect(hall.locator("#waiting li")).to_have_text(["1", "2"])

    tablet.goto("/console/appointments/queueentry/day/")
    assert_fits(tablet)
    call_next(tablet, "1号桌")
    later(hall, 3)
    expect(hall.locator("#last-number")).to_have_text("1")
    expect(hall.locator("#last-desk")).to_have_text("1号桌")
    assert said_on(hall, 2) == [{"text": "请 1 号到 1号桌。", "lang": "zh-CN"}] * 2
    expect(hall.locator("#spoken")).to_have_text("请 1 号到 1号桌。")
    tablet.get_by_role("button", name=re.compile("再次叫号")).click()
    later(hall, 3)
    assert len(said_on(hall, 3)) == 3

    tablet.get_by_role("button", name=re.compile("开始接诊")).click()
    call_next(tablet, "2号桌")
    later(hall, 3)
    expect(hall.locator("#last-number")).to_have_text("2")
    expect(hall.locator("#earlier li")).to_have_count(1)
    later(phone, 30)
    expect(phone.locator(".day-card")).to_contain_text("请到 2号桌")
    tablet.get_by_role("button", name=re.compile("结束接诊")).click()
    expect(tablet.locator(".day-done .numeral")).to_have_text("1")
    assert not hall.get_by_text("企业").count()
    assert hall.evaluate("document.scrollingElement.scrollHeight <= innerHeight")


def test_who_does_not_come_is_told_and_joins_the_next_list(today: Session, opened: Open) -> None:
    services.end_sessions(today.ends_at)
    phone = opened(**PHONE)
    phone.goto(f"/b/{booking_of(3).ticket_secret}/")
    expect(phone.get_by_role("heading", name="本次没有到场")).to_be_visible()
    assert_fits(phone)


def test_hall_says_when_the_line_is_down_and_recovers(today: Session, opened: Open, cast: Cast) -> None:
    hall = open_hall(opened, cast)
    expect(hall.locator("#updated")).to_contain_text("更新于")
    expect(hall.locator("#stale")).to_be_hidden()
    hall.context.set_offline(True)
    later(hall, 14)
    expect(hall.locator("#stale")).to_be_hidden()
    later(hall, 2)
    expect(hall.locator("#stale")).to_contain_text("与服务器失去联系")
    hall.context.set_offline(False)
    later(hall, 3)
    expect(hall.locator("#stale")).to_be_hidden()


def test_queue_renews_itself_and_keeps_the_focus(today: Session, opened: Open, cast: Cast) -> None:
    tablet = opened(**TABLET)
    sign_in(tablet, "window_clerk")
    check_in_by_scanner(tablet, 1)
    tablet.clock.install()
    tablet.goto("/console/appointments/queueentry/day/")
    held = tablet.get_by_role("button", name=re.compile("叫此号"))
    held.focus()
    services.check_in(booking_id=booking_of(2).pk, actor=cast.bureau_staff, now=timezone.now())
    later(tablet, 5)
    expect(tablet.locator(".day-waiting .day-row")).to_have_count(2)
    entry: Any = QueueEntry.objects.get(booking__slot__number=1)
    expect(tablet.locator(f"#call-{entry.pk}")).to_be_focused()


def test_double_tap_on_the_next_number_calls_one(opened: Open, today: Session, cast: Cast) -> None:
    tablet = opened(**TABLET)
    sign_in(tablet, "window_clerk")
    for number in (1, 2, 3):
        services.check_in(booking_id=booking_of(number).pk, actor=cast.window_clerk, now=timezone.now())
    tablet.goto(f"/console/appointments/queueentry/day/{today.pk}/")
    tablet.fill("#desk", "1号桌")
    slow = {"offline": False, "latency": 700, "downloadThroughput": -1, "uploadThroughput": -1}
    tablet.context.new_cdp_session(tablet).send("Network.emulateNetworkConditions", slow)
    # Two taps within the time that the answer takes; the driver itself would wait for it.
    taps = "button => { button.click(); setTimeout(() => button.click(), 250); }"
    tablet.get_by_role("button", name="叫下一号").evaluate(taps)
    tablet.wait_for_timeout(1000)
    tablet.wait_for_load_state("networkidle")
    expect(tablet.locator(".messagelist")).to_contain_text("1 号")
    assert list(QueueEntry.objects.filter(calls__gt=0).values_list("booking__slot__number", flat=True)) == [1]
