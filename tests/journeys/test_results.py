"""A quarter's results from the counting to the public page, and off it again: one counts, another approves. [5.4]"""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from reports.models import PublishedResults
from tests.conftest import Cast
from tests.journeys.conftest import Open
from tests.journeys.test_accessibility import judge
from tests.journeys.test_cases import staff
from tests.journeys.test_reports import press
from tests.journeys.watch import assert_fits
from tests.reports.conftest import counted

__all__ = ["counted"]
pytestmark = [pytest.mark.journey, pytest.mark.clause("[5.4]")]
LIST, MAKE = "/console/reports/publishedresults/", "/console/reports/publishedresults/make/"


@pytest.mark.usefixtures("reference_data", "counted")
def test_results_are_counted_approved_published_read_and_withdrawn(opened: Open, cast: Cast, phone: Page) -> None:
    writer, chief = staff(opened, "bureau_staff"), staff(opened, "bureau_supervisor")
    page = make(writer)
    judge(writer, [LIST, MAKE, page, page.replace("change/", "preview/")], also=assert_fits)
    press(chief, page, "审定")
    press(chief, page, "公布")
    results = PublishedResults.objects.get()
    read(phone, results)
    press(chief, page, "撤下", "接诊数有误。")
    gone: Any = phone.goto(results.get_absolute_url())
    assert gone.status == 410
    judge(phone, [results.get_absolute_url()], also=assert_fits)


def make(writer: Page) -> str:
    """The quarter before this one is offered first."""
    writer.goto(LIST)
    writer.get_by_role("link", name="生成季度成效").click()
    writer.get_by_role("button", name="生成").click()
    expect(writer.locator(".results-table")).to_contain_text("现场解决率")
    return f"{LIST}{PublishedResults.objects.get().pk}/change/"


def read(phone: Page, results: PublishedResults) -> None:
    phone.goto("/")
    phone.locator("main").get_by_role("link", name="季度成效").click()
    phone.get_by_role("link", name=re.compile("第.季度成效")).click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("季度成效")
    expect(phone.locator(".big")).to_contain_text("44.4%")
    expect(phone.locator(".bars-areas")).to_contain_text("要素保障")
    judge(phone, ["/results/", results.get_absolute_url()], also=assert_fits)
    phone.get_by_role("link", name="大字版").click()
    assert_fits(phone)
