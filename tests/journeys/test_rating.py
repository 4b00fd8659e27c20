"""An enterprise rates on its phone: two taps, a look, a press; on a slow line, with hasty fingers, and back. [3.8]"""

import re
import time

import pytest
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from cases.models import Case
from evaluations import services
from evaluations.models import FollowUp, Invitation, Rating
from sessions_app.models import Sitting
from tests.appointments.conftest import accept, confirm, take
from tests.cases.conftest import LEAD, close, done, hand_over
from tests.conftest import Cast
from tests.journeys import steps
from tests.journeys.conftest import PHONE, Open
from tests.journeys.test_accessibility import JUDGED, violations
from tests.journeys.watch import assert_fits

pytestmark = [pytest.mark.journey, pytest.mark.clause("[3.8]"), pytest.mark.clause("[5.2]")]
SLOW_SECONDS = 1.5


@pytest.fixture
def invitation(sitting: Sitting, cast: Cast) -> Invitation:
    now = timezone.now()
    booking = accept(confirm(take(sitting, 1, now=now), now=now), cast.bureau_staff, now=now)
    case: Case = hand_over(booking, cast.department_head, now=now)
    done(case, LEAD, cast.department_staff, cast.bureau_staff)
    close(case, cast.bureau_supervisor, now=now)
    services.invite_closed(now)
    return Invitation.objects.get()


def slow(route: Route) -> None:
    time.sleep(SLOW_SECONDS)
    route.continue_()


def answer(page: Page, *answers: str) -> None:
    for words in answers:
        assert_fits(page)
        steps.press(page, words)


def test_unsatisfied_in_two_taps_with_double_press_back_and_again(opened: Open, invitation: Invitation) -> None:
    page = opened(**PHONE, **JUDGED)
    page.goto(f"/r/{invitation.secret}/")
    expect(page.get_by_role("heading", level=1)).to_have_text("对坐诊服务满意吗？")
    assert not violations(page)
    assert page.get_by_role("button", name="满意", exact=True).bounding_box()["height"] >= 60  # type: ignore[index]
    answer(page, "满意")
    expect(page.get_by_role("heading", level=1)).to_have_text("对办理情况满意吗？")
    answer(page, "满意")
    # A slip of the thumb, taken back.
    page.get_by_role("link", name=re.compile("修改.*办理情况")).click()
    answer(page, "不满意")
    expect(page.locator(".rated")).to_contain_text("不满意")
    page.get_by_label("未解决").check()
    page.fill("#id_comment", "只答复了一半。")
    page.get_by_label("愿意接听回访电话").check()
    assert_fits(page)
    assert not violations(page)
    assert not Rating.objects.exists()
    page.route(re.compile(f"/r/{invitation.secret}/$"), slow)
    page.get_by_role("button", name="提交评价").dblclick(no_wait_after=True)
    expect(page.locator("[role=status]")).to_contain_text("谢谢您如实反映")
    assert_fits(page)
    assert not violations(page)
    # Back to the form, and pressed once more with another answer.
    page.unroute_all()
    page.go_back()
    expect(page.get_by_role("button", name="提交评价").or_(page.locator("#said"))).to_be_visible()
    page.goto(f"/r/{invitation.secret}/?consultation=yes&handling=yes")
    expect(page.locator("#said")).to_contain_text("只答复了一半。")
    expect(page.get_by_role("button")).to_have_count(0)
    rating = Rating.objects.get()
    assert (rating.consultation, rating.handling, rating.reasons) == (True, False, ["unsolved"])
    assert FollowUp.objects.count() == 1


def test_pressed_on_two_devices_says_what_was_said(opened: Open, invitation: Invitation) -> None:
    first, second = opened(**PHONE), opened(**PHONE)
    for page in (first, second):
        page.goto(f"/r/{invitation.secret}/?consultation=yes")
    answer(first, "满意", "提交评价")
    expect(first.locator("[role=status]")).to_contain_text("评价已提交")
    page = second
    page.goto(f"/r/{invitation.secret}/")
    expect(page.locator("#said")).to_contain_text("满意")
    assert Rating.objects.get().is_satisfied


def test_pressed_on_a_page_that_stood_open_is_told_as_done(opened: Open, invitation: Invitation) -> None:
    first, second = opened(**PHONE), opened(**PHONE)
    for page in (first, second):
        page.goto(f"/r/{invitation.secret}/?consultation=yes&handling=yes")
    steps.press(first, "提交评价")
    expect(first.locator("#said")).to_be_visible()
    steps.press(second, "提交评价")
    expect(second.locator("[role=status]")).to_contain_text("此前已经评价")
    assert Rating.objects.count() == 1


def test_without_scripts_and_in_large_print(opened: Open, invitation: Invitation) -> None:
    page = opened(**PHONE, java_script_enabled=False)
    page.goto(f"/r/{invitation.secret}/")
    page.get_by_role("link", name="大字版").click()
    expect(page).to_have_url(re.compile(f"/r/{invitation.secret}/$"))
    answer(page, "不满意", "不满意")
    page.get_by_label("推诿").check()
    assert_fits(page)
    page.get_by_role("button", name="提交评价").dblclick(no_wait_after=True)
    expect(page.locator("#said")).to_contain_text("推诿")
    assert_fits(page)
    assert Rating.objects.count() == 1


def test_from_the_slip_the_link_is_sent_and_not_shown(opened: Open, invitation: Invitation) -> None:
    page = opened(**PHONE, **JUDGED)
    page.goto(f"/b/{invitation.case.booking.ticket_secret}/")
    assert_fits(page)
    steps.press(page, "重新发送评价链接")
    expect(page.locator("#rating [role=status]")).to_contain_text("评价链接已重新发送到")
    assert invitation.secret not in page.content()
    assert not violations(page)
