"""A quarter's bulletin from the draft to its correction: one writes, another approves and issues, all others read."""

import io
from typing import Any

import pytest
from django.utils import timezone
from docx import Document
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from core.models import AuditEntry
from reports import services
from reports.models import Report
from tests.conftest import Cast
from tests.journeys.conftest import Open
from tests.journeys.test_accessibility import judge
from tests.journeys.test_cases import staff
from tests.journeys.watch import assert_fits
from tests.reports.conftest import figures, issued

__all__ = ["figures"]
pytestmark = [pytest.mark.journey, pytest.mark.clause("[3.10]")]
LIST, MAKE, EXPORTS = (f"/console/reports/{page}/" for page in ("report", "report/make", "exportjob"))
WRITTEN = "（一）回访核实。各部门逐件回访，均有结果。"


@pytest.mark.usefixtures("reference_data")
def test_bulletin_is_drafted_approved_issued_fetched_and_corrected(opened: Open, cast: Cast) -> None:
    writer, chief = staff(opened, "bureau_staff"), staff(opened, "bureau_supervisor")
    page = draft(writer)
    judge(writer, [LIST, MAKE, page, f"{page.removesuffix('change/')}edit/rating/"], also=assert_fits)
    write(writer, page)
    writer.goto(page)
    expect(writer.get_by_role("link", name="审定")).to_have_count(0)
    press(chief, page, "审定")
    issue(chief, page)
    reader = staff(opened, "department_head")
    reader.goto(LIST)
    reader.get_by_role("link", name="工作情况的通报").click()
    expect(reader.locator(".document")).to_contain_text(WRITTEN)
    words = "\n".join(paragraph.text for paragraph in Document(io.BytesIO(fetch(reader, "下载 Word"))).paragraphs)
    assert WRITTEN in words
    assert "正文" in load_workbook(io.BytesIO(fetch(reader, "下载 Excel"))).sheetnames
    assert AuditEntry.objects.filter(action="export_report", user=cast.department_head).count() == 2
    correct(writer, chief, page)
    reader.goto(LIST)
    expect(reader.locator("#result_list tbody tr")).to_have_count(2)
    judge(reader, [LIST, page], also=assert_fits)


def draft(writer: Page) -> str:
    """The quarter before this one is offered; its figures are there at once."""
    writer.goto(LIST)
    writer.get_by_role("link", name="起草通报、报告").click()
    writer.get_by_role("button", name="起草").click()
    expect(writer.locator(".document")).to_contain_text("一、总体情况")
    return f"/console/reports/report/{Report.objects.get().pk}/change/"


def write(writer: Page, page: str) -> None:
    writer.goto(page)
    writer.locator("#part-rating").get_by_role("link", name="修改").click()
    writer.get_by_label("内容").fill(WRITTEN)
    writer.get_by_role("button", name="保存").click()
    expect(writer.locator("#part-rating")).to_contain_text(WRITTEN)


def press(chief: Page, page: str, verb: str, reason: str = "") -> None:
    chief.goto(page)
    chief.get_by_role("link", name=verb, exact=True).click()
    if reason:
        chief.get_by_label("理由").fill(reason)
    chief.get_by_role("button", name=verb, exact=True).click()
    expect(chief.locator(".messagelist .success")).to_be_visible()


def issue(chief: Page, page: str) -> None:
    chief.goto(page)
    chief.get_by_role("link", name="印发", exact=True).click()
    chief.get_by_role("button", name="印发", exact=True).click()
    expect(chief.locator("main")).to_contain_text("请填写发文字号。")
    chief.get_by_label("发文字号").fill("安政务（2027） 3号")
    chief.get_by_role("button", name="印发", exact=True).click()
    expect(chief.locator(".document-number")).to_have_text("安政务〔2027〕3号")


def fetch(reader: Page, name: str) -> bytes:
    with reader.expect_download() as taken:
        reader.get_by_role("link", name=name).click()
    return taken.value.path().read_bytes()


def correct(writer: Page, chief: Page, page: str) -> None:
    press(writer, page, "更正", "接诊数有误。")
    second = f"/console/reports/report/{Report.objects.get(version=2).pk}/change/"
    press(chief, second, "审定")
    issue(chief, second)
    expect(chief.locator("main")).to_contain_text("更正理由：接诊数有误。")


@pytest.fixture
def bulletin(reference_data: None, figures: Any, cast: Cast) -> Report:
    return issued(cast)


def test_long_list_is_made_in_the_background_and_fetched(opened: Open, cast: Cast, bulletin: Report) -> None:
    leader = staff(opened, "leader")
    leader.goto(f"/console/reports/report/{bulletin.pk}/change/")
    leader.get_by_role("button", name="导出全部办件清单").click()
    expect(leader.locator("progress")).to_be_visible()
    judge(leader, [EXPORTS], also=assert_fits)
    services.run_exports(timezone.now())
    # The page looks again by itself.
    leader.get_by_role("link", name="下载", exact=True).wait_for()
    sheet = load_workbook(io.BytesIO(fetch(leader, "下载")))["办件清单"]
    assert sheet.max_row == 2 + 3
