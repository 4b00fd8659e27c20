"""The bureau's day at a desk: schedule in from Excel, announce, see who booked, Excel out."""

import io
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from core.models import User
from core.workdays import next_working_day
from sessions_app.enums import SittingStatus
from sessions_app.models import Sitting
from tests.conftest import CAST_PASSWORD, Cast
from tests.journeys import steps
from tests.journeys.conftest import DESK, PHONE, Open

pytestmark = [pytest.mark.journey, pytest.mark.clause("[3.2]"), pytest.mark.clause("[5.1]")]


def sign_in(page: Page, name: str) -> None:
    """On the front page, without the form: one journey types it, and a hundred need not."""
    visitor = Client()
    visitor.force_login(User.objects.get(username=name))
    ticket = visitor.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": ticket, "domain": "localhost", "path": "/"}]
    )
    page.goto("/console/")


def sign_in_by_form(page: Page, name: str) -> None:
    page.goto("/console/")
    page.fill("#id_username", name)
    page.fill("#id_password", CAST_PASSWORD)
    steps.press(page, "登录")
    expect(page).to_have_url(re.compile("/console/$"))


def downloaded(page: Page, press: Any) -> io.BytesIO:
    with page.expect_download() as waiting:
        press()
    return io.BytesIO(Path(waiting.value.path()).read_bytes())


def filled_in(template: io.BytesIO, folder: Path) -> Path:
    """The downloaded template with one sitting of two sessions, as an office would type it."""
    workbook = load_workbook(template)
    sheet = workbook.active
    headings = [cell.value for cell in sheet[1]]
    day = next_working_day(timezone.localdate() + timedelta(days=12), including=True)
    common = {"期次": f"{day.year}年第1期", "坐诊日期": day, "牵头部门": "市税务局"}
    common |= {"主要负责同志姓名职务": "市税务局：钱立 局长"}
    rows = [
        common | {"类型": "主场", "上/下午": "上午", "起止时间": "09:00-12:00"},
        common | {"类型": "专场", "上/下午": "下午", "起止时间": "14:00-17:00"},
    ]
    for number, row in enumerate(rows, start=2):
        for heading, value in row.items():
            sheet.cell(number, headings.index(heading) + 1, value)
    path = folder / "schedule.xlsx"
    workbook.save(path)
    return path


def import_schedule(page: Page, folder: Path) -> Sitting:
    page.goto("/console/sessions_app/sitting/")
    page.get_by_role("link", name="导入").first.click()
    template = downloaded(page, page.locator("#content-main").get_by_role("link", name=re.compile("模板")).first.click)
    page.set_input_files("input[type=file]", filled_in(template, folder))
    page.locator("#content-main form [type=submit]").first.click()
    expect(page.locator("#content-main")).to_contain_text("市税务局")
    assert not Sitting.objects.exists()
    page.locator("#content-main form [type=submit]").first.click()
    expect(page.locator(".messagelist")).to_contain_text("新增 1 期")
    return Sitting.objects.get()


def publish(page: Page, sitting: Sitting) -> None:
    """Announced at once; booking opens now for the sake of this test."""
    page.goto(f"/console/sessions_app/sitting/{sitting.pk}/change/")
    page.get_by_role("link", name=re.compile("发布公告")).first.click()
    steps.press(page, "发布公告")
    expect(page.locator(".messagelist")).to_contain_text("公告已发布")
    sitting.refresh_from_db()
    assert sitting.status == SittingStatus.PUBLISHED
    Sitting.objects.filter(pk=sitting.pk).update(opens_at=sitting.published_at)


def test_schedule_in_announcement_booking_and_list_out(
    opened: Open, reference_data: None, cast: Cast, tmp_path: Path
) -> None:
    desk, phone = opened(**DESK), opened(**PHONE)
    sign_in_by_form(desk, "bureau_staff")
    sitting = import_schedule(desk, tmp_path)
    publish(desk, sitting)
    steps.take_number(phone, sitting, 1)
    steps.fill_form(phone)
    steps.submit(phone)
    steps.expect_ticket(phone, 1)
    desk.goto("/console/")
    desk.get_by_role("link", name=re.compile("待受理")).click()
    expect(desk.locator(".triage-demand")).to_contain_text("退税进度")
    desk.goto("/console/appointments/booking/")
    row = desk.locator("#result_list tbody tr")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("安宁第1企业有限公司")
    desk.locator("summary", has_text="导出清单").click()
    exported = downloaded(desk, desk.get_by_role("link", name=re.compile("导出.*清单")).first.click)
    cells = [cell for cells in load_workbook(exported).active.iter_rows(values_only=True) for cell in cells]
    assert "退税进度" in cells
    assert "138****0001" in cells


@pytest.mark.clause("[3.1]")
def test_clerk_books_for_an_enterprise_at_the_desk(desk: Page, sitting: Sitting, cast: Cast) -> None:
    sign_in(desk, "window_clerk")
    desk.goto("/console/appointments/booking/")
    desk.get_by_role("link", name="帮办预约").click()
    steps.type_application(desk, 1)
    steps.press(desk, "取号")
    desk.get_by_label("市税务局").check()
    desk.get_by_label("服务需求").check()
    desk.select_option("#id_demand_area", label="税务")
    for field, text in (
        ("title", "退税进度"),
        ("facts", steps.FACTS),
        ("request", "请办结"),
        ("representative_name", "张"),
    ):
        desk.fill(f"#id_{field}", text)
    desk.select_option("#id_district", label="连然街道")
    desk.select_option("#id_industry", label="其他")
    desk.get_by_label("法定代表人").check()
    desk.locator("#id_consent").check()
    steps.press(desk, "提交信息表")
    expect(desk.locator(".messagelist")).to_contain_text("预约成功")
