"""Four enterprises ask the same: it is found, read, named without the one that does not belong, and settled. [5.3]"""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from cases.models import Case, CommonDemand
from notifications.models import Message
from reports import services
from reports.models import CommonProposal
from tests.conftest import Cast
from tests.journeys import steps
from tests.journeys.conftest import Open
from tests.journeys.test_accessibility import judge
from tests.journeys.test_cases import staff
from tests.journeys.watch import assert_fits
from tests.reports.alike import BOILERS, UNIT, cases_of, crowd

pytestmark = [pytest.mark.journey, pytest.mark.clause("[5.3]")]
LIST = "/console/reports/commonproposal/"
TITLE, QUESTION, TOLD = "锅炉检验排期长", "请研究由检验机构定期驻园区检验。", "检验机构每季度驻园区集中检验"


@pytest.fixture
def cases(reference_data: None, cast: Cast) -> list[Case]:
    found = cases_of(BOILERS[:4], day=timezone.localdate())
    crowd()
    return found


def test_common_demand_is_found_named_and_settled(opened: Open, cases: list[Case], cast: Cast) -> None:
    bureau = staff(opened, "bureau_staff")
    look_again(bureau)
    proposal = CommonProposal.objects.get()
    page = f"{LIST}{proposal.pk}/"
    judge(bureau, [LIST, f"{page}change/", f"{page}do/name/"], also=assert_fits)
    odd = proposal.entries.order_by("alike_percent")[0].case
    name_without(bureau, proposal, odd)
    item = CommonDemand.objects.get()
    assert {entry.case_id for entry in item.entries.all()} == {case.pk for case in cases} - {odd.pk}
    settle(bureau, item)
    told = Message.objects.filter(kind="common_solved")
    assert told.count() == 3
    assert all(TOLD in message.text and QUESTION not in message.text for message in told)


def look_again(page: Page) -> None:
    """The job is the test's own: no worker runs here."""
    page.goto(LIST)
    expect(page.locator("main")).to_contain_text("每天自动查找一次")
    steps.press(page, "重新查找")
    expect(page.locator("#proposals")).to_contain_text("正在查找")
    assert services.run_findings(timezone.now()) == 1
    expect(page.locator(".common-card")).to_contain_text("4 家企业", timeout=20_000)


def name_without(page: Page, proposal: CommonProposal, odd: Case) -> None:
    page.goto(LIST)
    page.get_by_role("link", name=proposal.title).click()
    for _title, facts in BOILERS[:4]:
        expect(page.locator(".common-demands")).to_contain_text(facts)
    page.get_by_role("link", name="列为共性诉求").click()
    expect(page.get_by_label(UNIT)).to_be_checked()
    page.get_by_label("共性诉求", exact=True).fill(TITLE)
    page.get_by_label("需研究的政策问题").fill(QUESTION)
    page.get_by_label(odd.reference).uncheck()
    steps.press(page, "列为共性诉求")
    expect(page.locator("main")).to_contain_text(f"“{TITLE}”已列为共性诉求")


def settle(page: Page, item: CommonDemand) -> None:
    page.goto(f"/console/cases/commondemand/{item.pk}/change/")
    expect(page.locator("main")).to_contain_text(QUESTION)
    page.get_by_role("link", name="办结").click()
    page.get_by_label("解决情况").fill("已与检验机构签订驻场协议。")
    page.get_by_label("告知企业").fill(TOLD)
    steps.press(page, "办结")
    expect(page.locator("main")).to_contain_text("已告知研究部门和所含诉求的企业")
