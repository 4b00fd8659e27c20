"""A typical case from the case to the site and off it again: three people, and everybody. [5.3] [5.4]"""

import pytest
from playwright.sync_api import Page, expect

from reports.models import TypicalCase
from tests.cases.conftest import booking, case, kept_start, own_start
from tests.cases.conftest import sitting as seen_sitting
from tests.conftest import Cast
from tests.journeys.conftest import PHONE, Open
from tests.journeys.test_accessibility import judge
from tests.journeys.test_cases import staff
from tests.journeys.watch import assert_fits
from tests.reports.typical_steps import WORDS, solved

__all__ = ["booking", "case", "kept_start", "own_start"]
pytestmark = [pytest.mark.journey, pytest.mark.clause("[5.3]", "[5.4]")]
sitting = seen_sitting
LIST = "/console/reports/typicalcase/"
FIELDS = {
    "标题": "title",
    "企业遇到的问题": "situation",
    "怎么办的": "handling",
    "办成什么样": "outcome",
    "可推广的做法": "lessons",
    "关键词": "keywords",
}


@pytest.fixture
def case_page(reference_data: None, case: object, cast: Cast, settings: object) -> str:
    good = solved(case, cast)
    # The days in which it may be rated are over, whatever day the test runs on.
    good.invitations.update(silent_on="2020-01-01")
    return f"/console/cases/case/{good.pk}/change/"


def test_typical_case_is_written_refused_mended_published_found_and_withdrawn(
    opened: Open, cast: Cast, case_page: str
) -> None:
    writer, checker, chief = (staff(opened, name) for name in ("bureau_staff", "inspector", "bureau_supervisor"))
    page = choose(writer, case_page)
    write(writer, page, situation=f"{company()}申请退税，材料多次往返。")
    expect(writer.locator(".typical-found.strict").first).to_contain_text("企业名称")
    judge(writer, [LIST, page, page.replace("change", "write")], also=assert_fits)
    press(checker, page, "核对")
    expect(checker.locator(".errornote, .errorlist").first).to_be_visible()
    expect(checker.locator("main")).to_contain_text("企业名称")
    write(writer, page, situation=WORDS["situation"])
    expect(writer.locator(".typical-found")).to_have_count(0)
    for person, verb in ((checker, "核对"), (chief, "审定"), (chief, "发布")):
        press(person, page, verb)
        expect(person.locator(".messagelist .success")).to_be_visible()
    phone = opened(**PHONE)
    read(phone)
    press(chief, page, "撤下", reason="内容有误。")
    expect(chief.locator(".messagelist .success")).to_be_visible()
    gone(phone)


def company() -> str:
    return TypicalCase.objects.get().case.booking.company_name


def choose(writer: Page, case_page: str) -> str:
    writer.goto(case_page)
    writer.get_by_role("link", name="选为典型案例").click()
    writer.get_by_role("button", name="选为典型案例").click()
    writer.get_by_role("link", name="打开编写").click()
    expect(writer.locator(".typical-original")).to_contain_text("原诉求和答复")
    return f"{LIST}{TypicalCase.objects.get().pk}/change/"


def write(writer: Page, page: str, **changed: str) -> None:
    writer.goto(page)
    writer.get_by_role("link", name="编写", exact=True).click()
    for label, name in FIELDS.items():
        writer.get_by_label(label, exact=True).fill((WORDS | changed)[name])
    writer.get_by_label("诉求领域").select_option(index=1)
    writer.get_by_role("button", name="保存").click()
    expect(writer.locator(".messagelist .success")).to_be_visible()


def press(person: Page, page: str, verb: str, reason: str = "") -> None:
    person.goto(page)
    person.get_by_role("link", name=verb, exact=True).click()
    if verb == "核对":
        person.get_by_label("本人已核对，无法识别出企业和个人").check()
    if reason:
        person.get_by_label("理由").fill(reason)
    person.get_by_role("button", name=verb, exact=True).click()


def read(phone: Page) -> None:
    phone.goto("/")
    phone.get_by_role("link", name="典型案例").first.click()
    phone.get_by_label("查找案例").fill("一次告知")
    phone.get_by_role("button", name="查找").click()
    phone.get_by_role("link", name=WORDS["title"]).click()
    expect(phone.get_by_role("heading", name="可推广的做法")).to_be_visible()
    address = phone.url
    judge(phone, ["/typical/", "/typical/?q=没有", address], also=assert_fits)
    phone.get_by_role("link", name="大字版").click()
    assert_fits(phone)


def gone(phone: Page) -> None:
    answer = phone.reload()
    assert answer is not None
    assert answer.status == 410
    expect(phone.get_by_role("heading", name="该案例已撤下")).to_be_visible()
    judge(phone, [phone.url], also=assert_fits)
    phone.goto("/typical/?q=一次告知")
    expect(phone.locator("main")).to_contain_text("没有符合条件的案例")
