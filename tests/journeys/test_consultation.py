"""At the table, on the tablet: from the called number to the signed record, solved on the spot or explained.

What is handed over is walked on to its close-out in test_cases. [3.6]"""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from cases.models import Case
from consultations.models import Consultation, Signature
from sessions_app.models import Session
from tests.conftest import Cast
from tests.consultations.conftest import keep, ready
from tests.factories import department
from tests.journeys import steps
from tests.journeys.conftest import PHONE, TABLET, Open
from tests.journeys.test_accessibility import JUDGED, judge, violations
from tests.journeys.test_bureau import sign_in
from tests.journeys.test_day import booking_of
from tests.journeys.watch import assert_fits

pytestmark = [pytest.mark.journey, pytest.mark.clause("[3.6]")]
RECORDS = "/console/consultations/consultation/"
TABLE = f"{RECORDS}table/"
TARGET_PIXELS = 60


@pytest.fixture
def tablet(waiting: Session, opened: Open) -> Page:
    page = opened(**TABLET)
    sign_in(page, "department_head")
    return page


def small_targets(page: Page) -> list[str]:
    """What a finger presses on this page and is lower than it should be; the console's own header apart."""
    return page.evaluate(
        """least => [...document.querySelectorAll("#content button, #content .segments label, #content .chips span,"
             + "#content .bar a, #content .touch, #content input[type=text], #content textarea, #content select")]
           .filter(e => e.offsetParent && e.getBoundingClientRect().height < least)
           .map(e => `${e.tagName} ${e.textContent.trim().slice(0, 12)} ${e.getBoundingClientRect().height}`)""",
        TARGET_PIXELS,
    )


def receive_next(page: Page) -> None:
    """Call the next number to the desk, and begin its record."""
    page.goto(TABLE)
    page.fill("#desk", "1号桌")
    assert small_targets(page) == []
    steps.press(page, "叫下一号")
    expect(page.locator(".slip-called")).to_be_visible()
    assert_fits(page)
    page.locator(".slip-called").get_by_role("button", name="开始接诊").click()
    expect(page.locator("#demand-title")).to_be_visible()


def choose(page: Page, outcome: str) -> None:
    page.locator(".segments label", has_text=re.compile(f"^{outcome}$")).click()


def to_sign(page: Page) -> None:
    assert_fits(page)
    assert small_targets(page) == []
    steps.press(page, "核对并签办")
    expect(page.get_by_role("heading", name="核对并签办")).to_be_visible()
    assert_fits(page)


def draw(page: Page, place: int) -> None:
    box: Any = page.locator(".pad canvas").nth(place).bounding_box()
    page.mouse.move(box["x"] + 40, box["y"] + 60)
    page.mouse.down()
    for step in range(1, 8):
        page.mouse.move(box["x"] + 40 + 25 * step, box["y"] + 60 + 15 * (step % 3))
    page.mouse.up()


def sign(page: Page) -> None:
    steps.press(page, "签办")
    expect(page.locator(".messagelist")).to_contain_text("已签办")
    expect(page.locator(".paper-signed")).to_contain_text("签办于")


def test_solved_on_the_spot_with_both_hands_signed(tablet: Page) -> None:
    receive_next(tablet)
    expect(tablet.locator("#id_points")).to_have_value(re.compile("七月申请，至今未办结。"))
    expect(tablet.locator("#id_visitors")).to_have_value("张建国（法定代表人）")
    tablet.fill("#id_reply", "留抵退税今日办结。")
    expect(tablet.locator("#id_solved_measures")).to_be_hidden()
    choose(tablet, "现场解决")
    tablet.fill("#id_solved_measures", "税源科当场复核。")
    tablet.locator(".chips span", has_text="当场办理").click()
    tablet.fill("#id_solved_result", "已退税到账。")
    to_sign(tablet)
    for place in (0, 1):
        tablet.locator(".pad canvas").nth(place).scroll_into_view_if_needed()
        draw(tablet, place)
    sign(tablet)
    assert (Case.objects.get().outcome, Signature.objects.count()) == ("solved", 2)
    assert booking_of(1).status == "attended"
    image = tablet.locator(".hands img").first
    expect(image).to_have_js_property("naturalWidth", 720)


def test_explained_and_what_is_missing_is_said_at_its_field(tablet: Page) -> None:
    receive_next(tablet)
    choose(tablet, "解释说明")
    tablet.fill("#id_explanation", "退税须待上级核定。")
    steps.press(tablet, "核对并签办")
    expect(tablet.locator(".told-late")).to_contain_text("请填写答复要点。")
    expect(tablet.locator("#id_explanation")).to_have_value("退税须待上级核定。")
    assert_fits(tablet)
    tablet.fill("#id_reply", "已说明核定流程。")
    tablet.locator(".chips span", has_text="因客观原因难以解决").click()
    tablet.fill("#id_help_offered", "协助准备复核材料。")
    to_sign(tablet)
    sign(tablet)
    assert Case.objects.get().outcome == "explained"
    tablet.get_by_role("link", name="更正").click()
    tablet.fill("#id_reason", "漏记条款")
    tablet.fill("#id_policy_basis", "《税收征收管理法》第五十一条")
    steps.press(tablet, "保存更正")
    expect(tablet.locator(".versions")).to_contain_text("更正：漏记条款")


def test_main_session_without_its_leader_asks_for_the_reason(tablet: Page) -> None:
    receive_next(tablet)
    key = department("市税务局").pk
    expect(tablet.locator(f"#id_absence_{key}")).to_be_hidden()
    choose(tablet, "未到场")
    steps.press(tablet, "核对并签办")
    expect(tablet.locator(f"#problem-absence_{key}")).to_contain_text("主要负责人未到场，请说明")
    expect(tablet.locator(f"#id_absence_{key}")).to_be_visible()


def test_second_hand_on_the_record_is_told_without_script_too(waiting: Session, opened: Open, cast: Cast) -> None:
    tablet = opened(**TABLET, java_script_enabled=False)
    sign_in(tablet, "department_head")
    receive_next(tablet)
    tablet.fill("#id_reply", "局长所写")
    keep(Consultation.objects.get(), cast.department_staff, reply="经办人所写")
    steps.press(tablet, "保存")
    expect(tablet.locator(".told-near")).to_contain_text(cast.department_staff.full_name)
    expect(tablet.locator("#box-reply .theirs")).to_contain_text("经办人所写")
    expect(tablet.locator("#id_reply")).to_have_value("局长所写")
    assert_fits(tablet)
    assert Consultation.objects.get().reply == "经办人所写"
    steps.press(tablet, "保存")
    expect(tablet.locator(".messagelist")).to_contain_text("已保存")
    assert Consultation.objects.get().reply == "局长所写"


def test_tablet_pages_have_no_barrier(waiting: Session, opened: Open, cast: Cast) -> None:
    page = opened(**TABLET, **JUDGED)
    sign_in(page, "department_head")
    receive_next(page)
    record = Consultation.objects.get()
    ready(record, cast.department_head)
    judge(page, [TABLE, *(f"{RECORDS}{record.pk}/{name}/" for name in ("record", "sign", "change", "print"))])
    choose_outcome_and_miss(page, record)
    assert violations(page) == []


def choose_outcome_and_miss(page: Page, record: Consultation) -> None:
    page.goto(f"{RECORDS}{record.pk}/record/")
    page.fill("#id_reply", "")
    choose(page, "交办")
    steps.press(page, "核对并签办")
    expect(page.locator(".told-late")).to_be_visible()


@pytest.mark.parametrize("device", [PHONE, TABLET], ids=["phone", "tablet"])
def test_without_script_the_record_is_kept_and_signed(
    waiting: Session, opened: Open, cast: Cast, device: dict[str, Any]
) -> None:
    page = opened(**device, java_script_enabled=False)
    sign_in(page, "department_head")
    receive_next(page)
    page.fill("#id_reply", "留抵退税今日办结。")
    choose(page, "现场解决")
    page.fill("#id_solved_measures", "税源科当场复核。")
    page.locator(".chips span", has_text="当场办理").click()
    page.fill("#id_solved_result", "已退税到账。")
    steps.press(page, "保存")
    expect(page.locator("#id_reply")).to_have_value("留抵退税今日办结。")
    steps.press(page, "核对并签办")
    sign(page)
    assert Consultation.objects.get().is_signed
