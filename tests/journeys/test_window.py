"""The window: asked on a phone, answered at the desk, read on the phone; asked at the desk, made into a booking."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from appointments.enums import ChoiceKind
from appointments.models import Choice
from inquiries.enums import InquiryStatus
from inquiries.models import FrequentAnswer, Inquiry
from inquiries.services import end_booked
from sessions_app.models import Sitting
from tests.appointments.conftest import application
from tests.conftest import Cast
from tests.inquiries.conftest import MOBILE, QUESTION, answer, ask
from tests.journeys import steps
from tests.journeys.conftest import DESK, PHONE, Open
from tests.journeys.test_accessibility import JUDGED, judge
from tests.journeys.test_bureau import sign_in
from tests.journeys.watch import assert_fits

pytestmark = [pytest.mark.journey, pytest.mark.clause("[3.1]")]
ANSWER = "带营业执照和退税申请表，受理后十个工作日内到账。"


@pytest.fixture
def entry(reference_data: None) -> FrequentAnswer:
    area = Choice.objects.get(kind=ChoiceKind.AREA, name="要素保障")
    return FrequentAnswer.objects.create(
        question="用电增容怎样申请", answer="在供电营业厅或网上申请。", area=area, is_published=True
    )


def ask_on_phone(page: Page) -> None:
    """Looks for an answer, finds none, asks with what was typed."""
    page.goto("/")
    page.get_by_role("link", name="常见问题，向专窗提问").click()
    assert_fits(page)
    page.fill("#q", "留抵退税")
    steps.press(page, "查找")
    expect(page.locator("main")).to_contain_text("找到 0 条")
    page.get_by_role("link", name="向专窗提问").click()
    expect(page.locator("#id_question")).to_have_value("留抵退税")
    assert_fits(page)
    page.fill("#id_question", QUESTION)
    page.fill("#id_mobile", MOBILE)
    page.locator("#id_consent").check()
    steps.press(page, "提交问题")
    expect(page).to_have_url(re.compile(r"/q/[a-z2-7]{26}/$"))
    expect(page.locator("#question")).to_contain_text("待答复")
    assert_fits(page)


def next_by_key(page: Page) -> None:
    page.locator("body").press("n")


def test_asked_on_a_phone_answered_at_the_desk_read_on_the_phone(
    opened: Open, entry: FrequentAnswer, cast: Cast
) -> None:
    phone, desk = opened(**PHONE), opened(**DESK)
    ask_on_phone(phone)
    later = ask()
    sign_in(desk, "window_clerk")
    desk.get_by_role("link", name=re.compile("窗口咨询待答复")).click()
    expect(desk.locator("#result_list tbody tr")).to_have_count(2)
    desk.goto(f"/console/inquiries/inquiry/{Inquiry.objects.exclude(pk=later.pk).get().pk}/change/")
    desk.get_by_role("link", name="答复", exact=True).click()
    expect(desk.locator(".explain")).to_contain_text(QUESTION)
    desk.fill("#id_text", ANSWER)
    steps.press(desk, "答复")
    expect(desk.locator(".messagelist")).to_contain_text("已答复")
    next_by_key(desk)
    expect(desk).to_have_url(re.compile(f"/inquiry/{later.pk}/change/$"))
    phone.reload()
    expect(phone.locator("main")).to_contain_text(ANSWER)
    steps.press(phone, "没有解决")
    expect(phone.locator("#helped")).to_contain_text("已记录")
    phone.fill("#id_text", "申请表在哪里下载？")
    steps.press(phone, "提交追问")
    expect(phone.locator("#question")).to_contain_text("待答复")
    assert_fits(phone)


def test_asked_at_the_desk_and_made_into_a_booking(desk: Page, sitting: Sitting, cast: Cast) -> None:
    sign_in(desk, "window_clerk")
    desk.goto("/console/inquiries/inquiry/")
    desk.get_by_role("link", name="登记咨询").click()
    desk.get_by_label("来电登记").check()
    of = application(1)
    for field, text in (("question", steps.FACTS), ("mobile", of.mobile), ("company_name", of.company_name)):
        desk.fill(f"#id_{field}", text)
    desk.fill("#id_contact_name", "张建国")
    desk.select_option("#id_area", label="税务")
    desk.locator("#id_consent").check()
    steps.press(desk, "登记咨询")
    desk.get_by_role("link", name="帮办预约").click()
    expect(desk.locator("#id_company_name")).to_have_value(of.company_name)
    desk.fill("#id_credit_code", of.credit_code)
    steps.press(desk, "取号")
    expect(desk.locator("#id_facts")).to_have_value(steps.FACTS)
    expect(desk.locator("#id_representative_name")).to_have_value("张建国")
    desk.get_by_label("市税务局").check()
    desk.get_by_label("服务需求").check()
    desk.fill("#id_title", "退税进度")
    desk.fill("#id_request", "请办结")
    desk.select_option("#id_district", label="连然街道")
    desk.select_option("#id_industry", label="其他")
    desk.get_by_label("法定代表人").check()
    desk.locator("#id_consent").check()
    steps.press(desk, "提交信息表")
    expect(desk.locator(".messagelist")).to_contain_text("预约成功")
    assert end_booked(timezone.now()) == 1
    inquiry = Inquiry.objects.get()
    assert inquiry.status == InquiryStatus.BOOKED
    desk.goto(f"/q/{inquiry.secret}/")
    expect(desk.locator("main")).to_contain_text(inquiry.booking.reference)


def test_pages_of_the_window_have_no_barrier_and_fit(
    opened: Open, entry: FrequentAnswer, cast: Cast, sitting: Sitting
) -> None:
    waiting, answered = ask(), answer(ask(), cast.window_clerk)
    page = opened(**JUDGED)
    own = [f"/q/{waiting.secret}/", f"/q/{answered.secret}/", f"/q/{waiting.secret}/withdraw/"]
    judge(page, ["/questions/", "/questions/?q=没有的", "/questions/ask/", *own], also=assert_fits)
    sign_in(page, "bureau_staff")
    console = ["", f"{answered.pk}/change/", f"{waiting.pk}/do/answer/", f"{waiting.pk}/do/point-on/", "desk/"]
    addresses = [f"/console/inquiries/inquiry/{place}" for place in [*console, f"{waiting.pk}/book/"]]
    frequent = ["", f"add/?from={answered.pk}", f"{entry.pk}/change/"]
    judge(page, addresses + [f"/console/inquiries/frequentanswer/{place}" for place in frequent])
