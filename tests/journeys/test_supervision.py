"""A case that is late: the ladder tells, somebody takes it up or nobody does, the bureau urges. [3.7]"""

from datetime import time, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from appointments.models import Booking
from cases import services
from cases.models import Case, Urging
from core.workdays import next_working_day
from deadlines.models import Escalation
from sessions_app.models import Sitting
from sessions_app.services import local_moment
from tests.appointments.conftest import accept, confirm, take
from tests.conftest import Cast
from tests.factories import department
from tests.journeys import steps
from tests.journeys.conftest import Open
from tests.journeys.test_accessibility import judge
from tests.journeys.test_cases import LEAD, staff
from tests.journeys.watch import assert_fits

pytestmark = [pytest.mark.journey, pytest.mark.clause("[3.7]")]
INBOX, SUPERVISION = "/console/cases/inbox/", "/console/cases/supervision/"
NOTE = "已约企业明日补正，本周内定方案。"


@pytest.fixture
def late(sitting: Sitting, cast: Cast) -> Case:
    """Handed over three weeks ago, nothing planned since, and swept, whatever the hour is now."""
    now = timezone.now()
    booking: Booking = accept(confirm(take(sitting, 1, now=now), now=now), cast.bureau_staff, now=now)
    case = services.hand_over(
        booking_id=booking.pk,
        parts=services.Parts(department(LEAD).pk, ()),
        points="退税申请卡在复核环节。",
        day=timezone.localdate() - timedelta(days=21),
        actor=cast.department_head,
        now=now,
    )
    assert services.remind(local_moment(next_working_day(timezone.localdate()), time(10))) > 0
    return case


def test_late_case_is_told_taken_up_and_urged(opened: Open, late: Case, cast: Cast) -> None:
    unit, bureau = staff(opened, "department_staff"), staff(opened, "bureau_staff")
    bureau.goto(SUPERVISION)
    expect(bureau.locator("main")).to_contain_text("无人签收")
    take_up(unit, late)
    urge(bureau, late)
    assert Escalation.objects.filter(acknowledged_by=cast.department_staff, note=NOTE).count() == 1
    assert Urging.objects.filter(assignment__case=late).count() == 1
    bureau.goto(SUPERVISION)
    expect(bureau.locator("main")).to_contain_text(NOTE)
    judge(bureau, [SUPERVISION, f"/console/cases/case/{late.pk}/change/"], also=assert_fits)
    judge(unit, [INBOX], also=assert_fits)


def take_up(page: Page, case: Case) -> None:
    """From the inbox, where the most urgent stands first."""
    page.goto(INBOX)
    row = page.locator("li").filter(has_text=case.booking.title).first
    expect(row).to_contain_text("超期")
    row.get_by_role("link", name="签收").click()
    page.get_by_label("处理情况").fill(NOTE)
    assert_fits(page)
    steps.press(page, "签收")
    expect(page.locator(".messagelist")).to_contain_text("已签收")


def urge(page: Page, case: Case) -> None:
    """A look at who will be told what, then the words go out."""
    page.goto(SUPERVISION)
    page.locator("tr").filter(has_text=case.booking.title).get_by_role("checkbox").first.check()
    page.get_by_role("button", name="催办所选").click()
    page.get_by_label("催办内容").fill("请本周内确定办理方案。")
    page.get_by_role("button", name="预览").click()
    expect(page.locator("main")).to_contain_text("请本周内确定办理方案。")
    assert_fits(page)
    page.get_by_role("button", name="发送").click()
    expect(page.locator(".messagelist")).to_contain_text("催办")
