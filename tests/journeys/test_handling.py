"""Between booking and the sitting day: the phone, the bureau's desk, and the department's tablet, in turn."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from appointments import services
from appointments.enums import BookingStatus, VerificationStatus
from appointments.models import Attachment, Booking, RefusalGround
from core.models import AuditEntry
from notifications.models import Message
from reports.models import ServiceItemsList
from sessions_app.models import Sitting
from tests.appointments.conftest import accept, answers, confirm, take, wait
from tests.conftest import Cast
from tests.factories import make_sitting
from tests.journeys import steps
from tests.journeys.conftest import DESK, PHONE, TABLET, Open
from tests.journeys.test_bureau import downloaded, sign_in
from tests.journeys.watch import assert_fits

pytestmark = [pytest.mark.journey, pytest.mark.clause("[3.4]")]
# The bureau works at a desk, a department on a tablet; that every page fits both is asked in test_accessibility.py.
AT = {"bureau_staff": DESK, "department_staff": TABLET, "window_clerk": TABLET}
PDF = b"%PDF-1.4 \n%%EOF"
QUESTION, ADDED = "请写明申请时间，并附受理回执。", "七月三日提交，回执见附件。"
FINDING = "属实。退税申请卡在岗位复核环节，坐诊时请带受理回执。"


@pytest.fixture
def soon(reference_data: None) -> Sitting:
    """Held in two days, so that its call notices are due whatever the weekday; still open for booking."""
    now = timezone.now()
    window = {"opens_at": now - timedelta(days=3), "closes_at": now + timedelta(hours=2)}
    return make_sitting(
        timezone.localdate(now) + timedelta(days=2), published=True, sessions=("main", "special"), **window
    )


def staff(opened: Open, name: str) -> Page:
    page = opened(**AT[name])
    sign_in(page, name)
    return page


def book(phone: Page, sitting: Sitting, serial: int = 1) -> tuple[Booking, str]:
    """The booking, and the address of its slip."""
    steps.take_number(phone, sitting, serial)
    steps.fill_form(phone)
    steps.submit(phone)
    steps.expect_ticket(phone, 1)
    return Booking.objects.get(), phone.url


def submitted(sitting: Sitting, serial: int) -> Booking:
    now = timezone.now()
    return confirm(take(sitting, serial, now=now), now=now)


def slip_of(booking: Booking) -> str:
    return f"/b/{booking.ticket_secret}/"


def open_triage(page: Page) -> None:
    """From the front page's queue."""
    page.goto("/console/")
    page.get_by_role("link", name=re.compile("待受理")).click()
    expect(page.get_by_role("heading", name="受理审核")).to_be_visible()
    assert_fits(page)


def status_is(booking: Booking, status: str) -> None:
    booking.refresh_from_db()
    assert booking.status == status


def press_twice(page: Page, name: str) -> None:
    """Both presses are answered before the journey goes on: leaving meanwhile would break the second one off."""
    page.get_by_role("button", name=name, exact=True).dblclick()
    page.wait_for_load_state("networkidle")


# ------------------------------------------------------------------ from the number to the time and place


@pytest.mark.clause("[3.5]")
def test_booking_sent_back_accepted_verified_placed_and_told(
    opened: Open, soon: Sitting, cast: Cast, tmp_path: Path
) -> None:
    phone, desk = opened(**PHONE), staff(opened, "bureau_staff")
    booking, own = book(phone, soon)
    send_back(desk, booking)
    add_facts(phone, own, tmp_path)
    accept_by_keys(desk, booking)
    verify(staff(opened, "department_staff"), booking)
    place_by_dragging(desk, booking)
    assert services.send_call_notices(timezone.now()) == 1
    slip_tells_time_and_place(phone, own, booking)
    message_stands_on_the_booking(desk, booking)


def send_back(desk: Page, booking: Booking) -> None:
    open_triage(desk)
    desk.keyboard.press("3")
    desk.get_by_label("需补充的内容").fill(QUESTION)
    press_twice(desk, "退回企业补充")
    expect(desk.locator(".messagelist")).to_contain_text("待补充")
    status_is(booking, BookingStatus.RETURNED)
    assert booking.supplements.count() == 1


def add_facts(phone: Page, own: str, folder: Path) -> None:
    phone.goto(own)
    expect(phone.locator("main")).to_contain_text(QUESTION)
    assert_fits(phone)
    phone.get_by_role("link", name="补充说明").click()
    phone.fill("#id_text", ADDED)
    receipt = folder / "受理回执.pdf"
    receipt.write_bytes(PDF)
    phone.set_input_files("#id_attachments", receipt)
    steps.press(phone, "上传")
    expect(phone.locator("#id_text")).to_have_value(ADDED)
    expect(phone.locator(".files")).to_contain_text("受理回执.pdf")
    assert_fits(phone)
    press_twice(phone, "提交补充说明")
    expect(phone.locator("#ticket")).to_contain_text("预约成功")
    assert Attachment.objects.count() == 1
    phone.goto(f"{own}facts/")
    expect(phone).to_have_url(own)


def accept_by_keys(desk: Page, booking: Booking) -> None:
    other = submitted(booking.sitting, 2)
    open_triage(desk)
    shown = desk.locator("#demand-title")
    desk.keyboard.press("j")
    expect(desk).to_have_url(re.compile(f"/triage/{other.pk}/"))
    desk.keyboard.press("k")
    expect(desk).to_have_url(re.compile(f"/triage/{booking.pk}/"))
    expect(desk.locator(".triage-demand")).to_contain_text(ADDED)
    expect(shown).to_have_text("退税进度")
    desk.keyboard.press("2")
    expect(desk.get_by_label("向企业的说明")).to_be_visible()
    desk.keyboard.press("1")
    expect(desk.locator("[name=demand_kind]")).to_be_focused()
    desk.get_by_role("group", name="协办单位").get_by_label("市统计局").check()
    assert_fits(desk)
    desk.get_by_role("button", name="受理并分办").press("Enter")
    expect(desk.locator(".messagelist")).to_contain_text("已受理")
    status_is(booking, BookingStatus.ACCEPTED)
    assert set(booking.verifications.values_list("department__name", "is_lead")) == {
        ("市税务局", True),
        ("市统计局", False),
    }
    desk.goto(f"/console/appointments/booking/triage/{booking.pk}/")
    expect(desk.locator(".messagelist")).to_contain_text("已处理，当前为“已受理”")


def verify(page: Page, booking: Booking) -> None:
    page.get_by_role("link", name=re.compile("待对接核实")).click()
    assert_fits(page)
    page.locator("#result_list").get_by_role("link", name=booking.title).click()
    assert_fits(page)
    page.get_by_role("link", name="登记对接核实").click()
    steps.press(page, "登记对接核实")
    expect(page.locator(".errornote")).to_be_visible()
    page.get_by_label("对接企业人员").fill("张经理")
    page.get_by_label("核实情况").fill(FINDING)
    assert_fits(page)
    press_twice(page, "登记对接核实")
    expect(page.locator(".messagelist")).to_contain_text("已登记")
    expect(page.locator("#content-main")).to_contain_text(FINDING)
    row = booking.verifications.get(is_lead=True)
    assert (row.status, row.spoke_with) == (VerificationStatus.DONE, "张经理")
    assert AuditEntry.objects.filter(action="record_verification").count() == 1


def open_board(page: Page, booking: Booking) -> None:
    page.goto("/console/appointments/booking/placing/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("排场")
    expect(page.locator(f"[data-booking='{booking.pk}']")).to_be_visible()
    assert_fits(page)


def place_by_dragging(desk: Page, booking: Booking) -> None:
    open_board(desk, booking)
    session = booking.sitting.sessions.get(kind="main")
    free = desk.locator(f"[data-place^='{session.pk}|']").nth(1)
    key = str(free.get_attribute("data-place"))
    desk.locator(f"[data-booking='{booking.pk}']").drag_to(free)
    expect(desk.locator(".messagelist")).to_contain_text("1 号已排定")
    booking.refresh_from_db()
    assert f"{booking.session_id}|{timezone.localtime(booking.meet_at):%Y-%m-%dT%H:%M}" == key
    expect(desk.locator(f"[data-booking='{booking.pk}']")).to_contain_text("待告知")
    assert_fits(desk)


def slip_tells_time_and_place(phone: Page, own: str, booking: Booking) -> None:
    phone.goto(own)
    booking.refresh_from_db()
    at = timezone.localtime(booking.meet_at)
    expect(phone.locator("#ticket")).to_contain_text(f"{at:%H:%M}")
    assert booking.session
    expect(phone.locator("#ticket")).to_contain_text(booking.session.place)
    assert_fits(phone)


def message_stands_on_the_booking(desk: Page, booking: Booking) -> None:
    """Sent once, however often the sweep runs."""
    assert services.send_call_notices(timezone.now()) == 0
    call = Message.objects.get(kind="call_notice")
    open_board(desk, booking)
    expect(desk.locator(f"[data-booking='{booking.pk}']")).to_contain_text("发送中")
    desk.goto(f"/console/appointments/booking/{booking.pk}/change/")
    expect(desk.locator(".history-page")).to_contain_text(call.heading)
    assert_fits(desk)
    desk.locator(".history-page").get_by_role("link", name=call.heading).click()
    assert_fits(desk)


@pytest.mark.clause("[3.5]")
def test_board_says_who_is_to_be_phoned_and_who_was(opened: Open, soon: Sitting, cast: Cast) -> None:
    """An enterprise that asked for calls is placed by the list and the button, and phoned."""
    booking = submitted_by_phone(soon)
    accept(booking, cast.bureau_staff, now=timezone.now())
    desk = staff(opened, "bureau_staff")
    place_by_list(desk, booking)
    services.send_call_notices(timezone.now())
    open_board(desk, booking)
    card = desk.locator(f"[data-booking='{booking.pk}']")
    expect(card).to_contain_text("待电话告知")
    desk.get_by_role("link", name="待电话告知的消息").click()
    desk.locator("#result_list tbody a").first.click()
    desk.get_by_role("link", name="登记通话结果").click()
    desk.get_by_label("已接通，已告知").check()
    assert_fits(desk)
    press_twice(desk, "登记通话结果")
    open_board(desk, booking)
    expect(card).to_contain_text("已告知")


def submitted_by_phone(sitting: Sitting) -> Booking:
    now = timezone.now()
    return confirm(take(sitting, 1, now=now), now=now, answers=answers(channels=["phone"]))


def place_by_list(desk: Page, booking: Booking) -> None:
    open_board(desk, booking)
    card = desk.locator(f"[data-booking='{booking.pk}']")
    place = card.get_by_label("1 号的场次和时间")
    assert place.input_value(), "the proposal is not chosen beforehand"
    place.select_option(index=3)
    card.get_by_role("button", name="排定").dblclick()
    desk.wait_for_load_state("networkidle")
    expect(desk.locator(".messagelist")).to_contain_text("1 号已排定")
    booking.refresh_from_db()
    assert booking.session
    assert booking.meet_at
    assert AuditEntry.objects.filter(action="place_booking").count() == 1


# ------------------------------------------------------------------ what ends it before the day


@pytest.mark.clause("[4.2]")
def test_refusal_is_explained_on_the_slip_and_passes_the_number_on(opened: Open, sitting: Sitting, cast: Cast) -> None:
    phone, desk = opened(**PHONE), staff(opened, "bureau_staff")
    booking = submitted(sitting, 1)
    for serial in (2, 3, 4, 5):
        take(sitting, serial, now=timezone.now())
    next_one = wait(sitting, 6, now=timezone.now())
    ground = RefusalGround.objects.order_by("pk").first()
    assert ground
    open_triage(desk)
    desk.keyboard.press("2")
    desk.get_by_label(str(ground)).check()
    steps.press(desk, "不予受理并告知企业")
    expect(desk.locator("details[open] .errornote")).to_be_visible()
    assert_fits(desk)
    expect(desk.get_by_label(str(ground))).to_be_checked()
    desk.get_by_label("向企业的说明").fill("没有写明请求的事项，可到服务专窗咨询。")
    press_twice(desk, "不予受理并告知企业")
    expect(desk.locator("#content-main")).to_contain_text("没有待受理的预约")
    assert_fits(desk)
    status_is(booking, BookingStatus.REFUSED)
    status_is(next_one, BookingStatus.OFFERED)
    phone.goto(slip_of(booking))
    for words in ("诉求不予受理", "没有写明请求的事项，可到服务专窗咨询。", ground.text, ground.turn_to):
        expect(phone.locator("main")).to_contain_text(words)
    assert_fits(phone)
    phone.goto(slip_of(next_one))
    expect(phone.locator("main")).to_contain_text("轮到您了：1 号为您保留")
    assert_fits(phone)


@pytest.mark.clause("[3.3]")
def test_solved_before_the_sitting_is_for_the_enterprise_to_say(opened: Open, sitting: Sitting, cast: Cast) -> None:
    phone, booking = opened(**PHONE), submitted(sitting, 1)
    own = slip_of(booking)
    accept(booking, cast.bureau_staff, now=timezone.now())
    page = staff(opened, "department_staff")
    propose(page, booking, "退税已进入国库退付，3 日内到账。")
    answer(phone, own, "没有解决，仍要坐诊")
    status_is(booking, BookingStatus.ACCEPTED)
    assert not booking.solution
    phone.go_back()
    phone.reload()
    expect(phone).to_have_url(own)
    propose(page, booking, "退税今日已到账。")
    answer(phone, own, "已解决，不再坐诊")
    status_is(booking, BookingStatus.SOLVED)
    expect(phone.locator("main")).to_contain_text("退税今日已到账。")
    assert_fits(phone)
    assert AuditEntry.objects.filter(action="decline_solved").count() == 1


def propose(page: Page, booking: Booking, solution: str) -> None:
    page.goto(f"/console/appointments/booking/{booking.pk}/change/")
    assert_fits(page)
    page.get_by_role("link", name="反馈已解决").click()
    page.get_by_label("解决的情况").fill(solution)
    assert_fits(page)
    press_twice(page, "反馈已解决")
    expect(page.locator(".messagelist")).to_contain_text("已通知企业确认")


def answer(phone: Page, own: str, name: str) -> None:
    phone.goto(own)
    assert_fits(phone)
    phone.get_by_role("link", name="确认是否已解决").click()
    assert_fits(phone)
    press_twice(phone, name)
    expect(phone).to_have_url(own)


# ------------------------------------------------------------------ the month's list


def test_list_of_the_month_is_made_sent_and_downloaded_by_its_department(
    opened: Open, sitting: Sitting, cast: Cast
) -> None:
    booking, other = submitted(sitting, 1), submitted(sitting, 2)
    accept(booking, cast.bureau_staff, now=timezone.now())
    accept(other, cast.bureau_staff, lead="市统计局", now=timezone.now())
    made = make_list(staff(opened, "bureau_staff"), booking)
    page = staff(opened, "department_staff")
    page.goto("/console/reports/serviceitemslist/")
    page.locator("#result_list").get_by_role("link", name=made.title).click()
    assert_fits(page)
    expect(page.locator("#content-main")).to_contain_text(booking.reference)
    expect(page.locator("#content-main")).not_to_contain_text(other.reference)
    sheet = downloaded(page, page.get_by_role("link", name="导出 Excel").click)
    cells = [cell for cells in load_workbook(sheet).active.iter_rows(values_only=True) for cell in cells]
    assert {booking.reference, booking.company_name, "市税务局"} <= set(cells)
    assert other.reference not in cells


def make_list(desk: Page, booking: Booking) -> ServiceItemsList:
    desk.goto("/console/reports/serviceitemslist/")
    desk.get_by_role("link", name="生成清单").click()
    desk.get_by_label("月份").select_option(f"{booking.sitting.day:%Y-%m}")
    assert_fits(desk)
    press_twice(desk, "生成清单")
    expect(desk.locator(".messagelist")).to_contain_text("清单已生成，共 2 项")
    assert_fits(desk)
    desk.get_by_role("link", name="发送各部门").click()
    press_twice(desk, "发送各部门")
    expect(desk.locator(".messagelist")).to_contain_text("清单已发送")
    made = ServiceItemsList.objects.get()
    assert AuditEntry.objects.filter(action="send_list").count() == 1
    return made
