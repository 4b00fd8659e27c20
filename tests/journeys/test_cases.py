"""From the called number to the close-out: the table, the departments, the bureau and its supervisor in turn. [3.7]"""

import re
from collections.abc import Iterator
from datetime import time, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from cases import services
from cases.models import Case
from core.workdays import due_date
from notifications.models import Message
from sessions_app.models import Session
from sessions_app.services import local_moment
from tests.conftest import Cast
from tests.journeys import steps
from tests.journeys.conftest import DESK, PHONE, TABLET, Open
from tests.journeys.test_bureau import sign_in
from tests.journeys.test_consultation import choose, receive_next, sign, to_sign
from tests.journeys.watch import assert_fits

pytestmark = [pytest.mark.journey, pytest.mark.clause("[3.6]"), pytest.mark.clause("[3.7]")]
LEAD, OTHER = "市税务局", "市统计局"
Fields = dict[str, str]


def staff(opened: Open, name: str) -> Page:
    """The departments work on tablets, the bureau at its desks."""
    page = opened(**(TABLET if "department" in name else DESK))
    sign_in(page, name)
    return page


def hand_over(opened: Open, *assisting: str) -> Case:
    """The next number is called to the table, and its demand handed over there."""
    tablet = staff(opened, "department_head")
    receive_next(tablet)
    tablet.fill("#id_reply", "由税务局核定退税。")
    choose(tablet, "交办")
    expect(tablet.locator(".limits")).to_contain_text("前反馈")
    expect(tablet.locator("#id_lead option:checked")).to_have_text(LEAD)
    for unit in assisting:
        tablet.locator(".chips span", has_text=unit).click()
    to_sign(tablet)
    expect(tablet.locator(".signing")).to_contain_text(f"{20 if assisting else 15} 个工作日内反馈")
    sign(tablet)
    return Case.objects.get()


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(timezone.now(), tick=True) as traveller:
        yield traveller


def working_day(number: int) -> str:
    return due_date(timezone.localdate(), number).due.isoformat()


def open_case(page: Page, case: Case) -> None:
    """The first time by the list; whoever works on it stays on its page."""
    own = reverse("console:cases_case_change", args=[case.pk])
    if own not in page.url:
        page.goto("/console/cases/case/")
        assert_fits(page)
        page.get_by_role("link", name=case.reference).click()
    else:
        page.goto(own)
    expect(page.locator(".case-head")).to_be_visible()
    assert_fits(page)


def do(page: Page, case: Case, button: str, told: str, fields: Fields | None = None, unit: str = "") -> None:
    """Press a button of the case, or of one department's part in it; fill its form in; read what was done."""
    open_case(page, case)
    inside = (
        page.locator(".case-part").filter(has=page.get_by_role("heading", name=unit, exact=True)) if unit else page
    )
    inside.get_by_role("link", name=button, exact=True).click()
    expect(page.get_by_role("heading", name=button, exact=True)).to_be_visible()
    for label, value in (fields or {}).items():
        fill(page, label, value)
    assert_fits(page)
    steps.press(page, button)
    expect(page.locator(".messagelist")).to_contain_text(told)
    assert_fits(page)


def fill(page: Page, label: str, value: str) -> None:
    field = page.get_by_label(re.compile(rf"^\s*{label}")).first
    kind = field.evaluate("field => field.tagName + field.type")
    if kind.startswith("SELECT"):
        field.select_option(label=value)
    elif value == "yes":
        field.check()
    else:
        field.fill(value)


def plan(page: Page, case: Case, unit: str, handler: str, day: int = 10, **more: str) -> None:
    fields = {"经办人": handler, "完成时限": working_day(day), "工作措施": "约企业补正材料，会同复核。"} | more
    do(page, case, "确定办理方案", "办理方案已确定", fields, unit)


def answer(page: Page, case: Case, unit: str, text: str, result: str = "已解决") -> None:
    do(page, case, "反馈办理情况", "等待审核", {result: "yes", "办理情况": text}, unit)


# ------------------------------------------------------------------ one department


def test_single_department_objects_plans_extends_is_returned_and_closed(
    opened: Open, waiting: Session, cast: Cast
) -> None:
    case = hand_over(opened)
    unit, bureau, supervisor = (
        staff(opened, name) for name in ("department_staff", "bureau_staff", "bureau_supervisor")
    )
    do(unit, case, "提出异议", "异议已提出", {"异议理由": "属统计职责。", "依据": "统计法第七条"}, LEAD)
    do(supervisor, case, "异议不成立", "异议不成立，仍由市税务局办理", {"裁定意见": "属税务职责。"}, LEAD)
    plan(unit, case, LEAD, str(cast.department_staff))
    extend(unit, supervisor, case)
    answer(unit, case, LEAD, "已退税。")
    do(bureau, case, "退回补办", "反馈已退回", {"退回理由": "未附凭证。"}, LEAD)
    expect(bureau.locator(".case-part")).to_contain_text("未附凭证。")
    answer(unit, case, LEAD, "已退税到账，凭证见附件。")
    do(bureau, case, "审核通过", "反馈已审核通过", {}, LEAD)
    close(supervisor, case)
    assert Message.objects.filter(kind="case_closed").exists()
    read_answer(opened, case, "已退税到账，凭证见附件。")


def read_answer(opened: Open, case: Case, answer: str) -> None:
    """The enterprise, where its slip was all along."""
    phone = opened(**PHONE)
    phone.goto(f"/b/{case.booking.ticket_secret}/")
    expect(phone.locator("main")).to_contain_text(answer)
    expect(phone.locator("main")).to_contain_text("已销号")
    assert_fits(phone)


def extend(unit: Page, supervisor: Page, case: Case) -> None:
    """Refused with what was typed where the day is no later; then asked, granted, and shown with both days."""
    open_case(unit, case)
    unit.get_by_role("link", name="申请延期", exact=True).click()
    fill(unit, "申请延至", working_day(3))
    fill(unit, "延期说明", "需上级核定。")
    steps.press(unit, "申请延期")
    expect(unit.locator(".field-day .errorlist")).to_contain_text("应晚于现期限")
    expect(unit.get_by_label("延期说明")).to_have_value("需上级核定。")
    fill(unit, "申请延至", working_day(20))
    steps.press(unit, "申请延期")
    expect(unit.locator(".messagelist")).to_contain_text("等待审批")
    do(supervisor, case, "同意延期", "已同意延至", {}, LEAD)
    expect(supervisor.locator(".case-dues")).to_contain_text("最初")
    why = supervisor.locator(".case-dues .why").first
    why.locator("summary").first.click()
    expect(why).to_contain_text("经决定，期限为")


def close(supervisor: Page, case: Case, **fields: str) -> None:
    """The answer begins with what the departments wrote."""
    open_case(supervisor, case)
    supervisor.get_by_role("link", name="销号", exact=True).click()
    expect(supervisor.get_by_label("答复企业")).not_to_have_value("")
    for label, value in fields.items():
        fill(supervisor, label, value)
    assert_fits(supervisor)
    steps.press(supervisor, "销号")
    expect(supervisor.locator(".messagelist")).to_contain_text("已销号")
    expect(supervisor.locator(".case-head .badge")).to_contain_text("已销号")
    expect(supervisor.locator(".case-steps [aria-current]")).to_have_count(0)
    case.refresh_from_db()
    assert case.status == "closed"


# ------------------------------------------------------------------ several together


def test_joint_case_is_divided_late_told_extended_answered_and_listed_for_the_long_term(
    opened: Open, waiting: Session, cast: Cast, clock: time_machine.Traveller
) -> None:
    case = hand_over(opened, OTHER)
    lead, other = staff(opened, "department_staff"), staff(opened, "other_department_staff")
    do(lead, case, "责任分工", "责任分工已明确", {LEAD: "复核退税。", OTHER: "核定统计口径。"}, LEAD)
    expect(lead.locator(".case-main")).to_contain_text("核定统计口径。")
    plan(lead, case, LEAD, str(cast.department_staff), 40, 晚于反馈期限的理由="需列入下年预算。")
    plan(other, case, OTHER, str(cast.other_department_staff))
    consulted = timezone.localdate()
    answer(other, case, OTHER, "口径已核定。")
    # Nobody's sign-in lasts into the next month: each comes in anew.
    clock.move_to(local_moment(due_date(consulted, 23).due, time(10)))
    assert services.remind(timezone.now()) > 0
    lead, bureau, supervisor = (
        staff(opened, name) for name in ("department_staff", "bureau_staff", "bureau_supervisor")
    )
    take_up(lead, case)
    do(bureau, case, "催办", "已催办 1 个部门", {"催办内容": "请尽快反馈。"})
    extend_late(lead, supervisor, case, due_date(consulted, 30).due.isoformat())
    answer(lead, case, LEAD, "已退一半，余款列入下年预算。", "部分解决")
    for unit in (LEAD, OTHER):
        do(bureau, case, "审核通过", "反馈已审核通过", {}, unit)
    report = timezone.localdate() + timedelta(days=90)
    close(supervisor, case, 列入长期推进="yes", 下次报告日期=report.isoformat())
    assert case.next_report_on == report
    read_answer(opened, case, "余款列入下年预算")


def take_up(unit: Page, case: Case) -> None:
    """What the ladder told, from the inbox."""
    unit.goto("/console/cases/inbox/")
    row = unit.locator("li").filter(has_text=case.booking.title).first
    expect(row).to_contain_text("超期 3 个工作日")
    row.get_by_role("link", name="签收").click()
    unit.get_by_label("处理情况").fill("本周内反馈。")
    steps.press(unit, "签收")
    expect(unit.locator(".messagelist")).to_contain_text("已签收")


def extend_late(unit: Page, supervisor: Page, case: Case, day: str) -> None:
    """Asked for after the day: it may be granted, and stays late."""
    do(unit, case, "申请延期", "等待审批", {"申请延至": day, "延期说明": "需上级核定。"}, LEAD)
    do(supervisor, case, "同意延期", "已同意延至", {}, LEAD)
    expect(supervisor.locator(".case-dues")).to_contain_text("最初")
