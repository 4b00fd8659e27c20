"""A closed case comes back: reported on the phone, looked at by an inspector, handled and closed again. [3.9]"""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from appointments.models import Booking
from cases.enums import Outcome
from cases.models import Case, Closing
from evaluations.models import FollowUp
from sessions_app.models import Sitting
from tests.appointments.conftest import accept, confirm, take
from tests.cases.conftest import accept_feedback, give_feedback, hand_over, make_plan, part
from tests.cases.conftest import close as close_first
from tests.conftest import Cast
from tests.journeys import steps
from tests.journeys.conftest import DESK, PHONE, Open
from tests.journeys.test_accessibility import judge
from tests.journeys.test_cases import LEAD, answer, close, do, open_case, plan, read_answer, staff
from tests.journeys.watch import assert_fits

pytestmark = [pytest.mark.journey, pytest.mark.clause("[3.9]")]
REPORTED, FINDING = "答复说已退税，至今没有到账。", "电话核实：退税款没有到账，账号有误。"
CALLS = "/console/evaluations/calls/"


@pytest.fixture
def closed(sitting: Sitting, cast: Cast) -> Case:
    """Handed over, answered and closed, all today."""
    now = timezone.now()
    booking: Booking = accept(confirm(take(sitting, 1, now=now), now=now), cast.bureau_staff, now=now)
    case = hand_over(booking, cast.department_head, now=now, day=timezone.localdate())
    make_plan(part(case), cast.department_staff, now=now, day=sitting.day)
    give_feedback(part(case), cast.department_staff, now=now)
    accept_feedback(part(case), cast.bureau_staff, now=now)
    close_first(case, cast.bureau_supervisor, now=now)
    assert case.outcome == Outcome.HANDED_OVER
    return case


def test_inspector_sends_a_case_back_and_it_is_handled_and_closed_again(
    opened: Open, closed: Case, cast: Cast
) -> None:
    report(opened, closed)
    inspector, unit = staff(opened, "inspector"), staff(opened, "department_staff")
    bureau, supervisor = staff(opened, "bureau_staff"), staff(opened, "bureau_supervisor")
    assign(inspector, closed)
    phone_and_send_back(inspector, closed)
    closed.refresh_from_db()
    open_case(unit, closed)
    expect(unit.locator("#again")).to_contain_text(FINDING)
    expect(unit.locator("main")).not_to_contain_text(REPORTED)
    plan(unit, closed, LEAD, str(cast.department_staff))
    answer(unit, closed, LEAD, "账号已更正，退税款到账。")
    do(bureau, closed, "审核通过", "反馈已审核通过", {}, LEAD)
    close(supervisor, closed)
    assert list(Closing.objects.values_list("round", flat=True)) == [1, 2]
    read_answer(opened, closed, "账号已更正，退税款到账。")
    judge(bureau, [f"/console/cases/case/{closed.pk}/change/", "/console/evaluations/followup/"], also=assert_fits)


def report(opened: Open, case: Case) -> None:
    phone = opened(**PHONE)
    phone.goto(f"/b/{case.booking.ticket_secret}/")
    phone.get_by_role("link", name="反映办理问题").click()
    assert_fits(phone)
    phone.get_by_label("反映的问题").fill(REPORTED)
    steps.press(phone, "提交给督查科")
    expect(phone.get_by_role("heading", name="督查科已收到")).to_be_visible()
    assert_fits(phone)
    phone.get_by_role("link", name="返回办理单").click()
    expect(phone.locator("#follow-up")).to_contain_text("督查科正在核实")
    judge(phone, [f"/b/{case.booking.ticket_secret}/", f"/b/{case.booking.ticket_secret}/case/report/"])


def assign(page: Page, case: Case) -> None:
    """From what waits on the front page."""
    page.goto("/console/")
    page.get_by_role("link", name="回访待指派").click()
    page.get_by_role("link", name=case.reference).click()
    page.get_by_role("link", name="指派回访人").click()
    page.get_by_label("回访人").select_option(label="督查人员（市政府办公室督查科）")
    assert_fits(page)
    steps.press(page, "指派回访人")
    expect(page.locator(".messagelist")).to_contain_text("已指派")


def phone_and_send_back(page: Page, case: Case) -> None:
    """The number is looked at, the call is noted, and the round begins; by keys where there are keys."""
    judge(page, [CALLS], also=assert_fits)
    page.set_viewport_size(DESK["viewport"])
    page.goto(CALLS)
    mobile = case.booking.mobile
    expect(page.locator("main")).not_to_contain_text(mobile)
    steps.press(page, "显示号码（留下记录）")
    expect(page.locator("main")).to_contain_text(mobile)
    assert_fits(page)
    page.get_by_label("已接通").check()
    page.get_by_label("记录", exact=True).fill("称账号有误。")
    steps.press(page, "登记通话")
    expect(page.locator("main")).to_contain_text("通话记录 1 次")
    page.locator("h1").click()
    page.keyboard.press("3")
    again = page.locator("details[data-digit='3']")
    again.get_by_label("核实情况").fill(FINDING)
    expect(again.get_by_label("责任单位").locator("option:checked")).to_have_text(LEAD)
    assert_fits(page)
    steps.press(page, "重新交办")
    expect(page.locator(".messagelist")).to_contain_text("已重新交办")
    assert FollowUp.objects.get().status == "sent_back"
