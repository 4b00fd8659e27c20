"""The window at work: list, page, desk, and who sees what. [3.1]"""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client

from appointments.models import Booking
from core import secrets
from core.console import Queue
from core.models import AuditEntry, User
from inquiries.enums import InquiryStatus, Source
from inquiries.models import Entry, Inquiry
from tests.appointments.conftest import DAY, NOW, OPENS, answers, application, consent
from tests.conftest import Cast
from tests.factories import department, make_sitting
from tests.inquiries.conftest import MOBILE, QUESTION, answer, ask, follow_up, pass_on, question

pytestmark = [pytest.mark.django_db, pytest.mark.clause("[3.1]")]
LIST = "/console/inquiries/inquiry/"


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    consent()
    answers()
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        yield


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="departments.backends.RoleBackend")
    return client


@pytest.fixture
def clerk(cast: Cast) -> Client:
    return signed_in(cast.window_clerk)


def text_of(answer: HttpResponse) -> str:
    return answer.content.decode()


def page_of(inquiry: Inquiry) -> str:
    return f"{LIST}{inquiry.pk}/change/"


def do(client: Client, inquiry: Inquiry, verb: str, data: dict[str, Any]) -> HttpResponse:
    return client.post(f"{LIST}{inquiry.pk}/do/{verb}/", data, follow=True)


def inquiry_queues(client: Client) -> list[Queue]:
    return [queue for queue in client.get("/console/").context["queues"] if queue.label == "窗口咨询待答复"]


def test_correction_starts_from_what_was_answered_and_asked(clerk: Client, cast: Cast) -> None:
    asked = ask()
    answer(asked, cast.window_clerk, text="请到2号窗口办理。")
    page = text_of(clerk.get(f"{LIST}{asked.pk}/do/correct/"))
    assert asked.question in page
    assert "请到2号窗口办理。</textarea>" in page


class TestList:
    def test_what_waits_stands_first_oldest_first(self, clerk: Client, cast: Cast) -> None:
        new, old, done = (ask(now=NOW - timedelta(hours=hours)) for hours in (1, 3, 5))
        answer(done, cast.window_clerk)
        rows = clerk.get(LIST).context["cl"].result_list
        assert [row.pk for row in rows] == [old.pk, new.pk, done.pk]

    @pytest.mark.parametrize("number", [1, 3])
    def test_the_list_costs_the_same_whatever_it_holds(
        self, clerk: Client, cast: Cast, number: int, django_assert_num_queries: Any
    ) -> None:
        for _time in range(number):
            pass_on(ask(), cast)
        clerk.get(LIST)
        with django_assert_num_queries(LIST_QUERIES):
            clerk.get(LIST)

    def test_the_front_page_counts_what_waits(self, clerk: Client, cast: Cast) -> None:
        oldest = ask(now=NOW - timedelta(hours=3))
        pass_on(ask(), cast)
        (queue,) = inquiry_queues(clerk)
        assert (queue.count, queue.oldest) == (2, oldest.opened_at)
        assert len(clerk.get(queue.url).context["cl"].result_list) == 2
        assert [queue.count for queue in inquiry_queues(signed_in(cast.department_staff))] == [1]


class TestPage:
    def test_the_contact_is_masked_and_a_look_is_kept(self, clerk: Client) -> None:
        inquiry = ask(question=question(contact_name="王大锤", email="wang@example.cn"))
        page = text_of(clerk.get(page_of(inquiry)))
        assert "138****1234" in page
        for hidden in (MOBILE, "王大锤", "wang@example.cn"):
            assert hidden not in page
        assert MOBILE in text_of(do(clerk, inquiry, "reveal", {"reason": "回电核实"}))
        assert AuditEntry.objects.filter(action="reveal_asker").count() == 1

    def test_the_history_hides_the_contact(self, clerk: Client) -> None:
        inquiry = ask(question=question(contact_name="王大锤"))
        inquiry.contact_name, inquiry.mobile = "李四光", "13911112222"
        inquiry.save()
        page = text_of(clerk.get(f"{LIST}{inquiry.pk}/history/"))
        assert "李四光" not in page
        assert "13911112222" not in page

    def test_other_questions_of_the_mobile_are_listed_by_their_keys(self, clerk: Client, cast: Cast) -> None:
        first, second = ask(question=question(text="较早的问题")), ask()
        stranger = ask(question=question(mobile="13900000000"))
        page = text_of(clerk.get(page_of(second)))
        assert first.reference in page
        assert "较早的问题" not in page
        assert stranger.reference not in page
        pass_on(second, cast)
        assert first.reference not in text_of(signed_in(cast.department_staff).get(page_of(second)))

    def test_answering_shows_what_is_asked_and_the_next_is_one_key_away(self, clerk: Client) -> None:
        first, second = ask(now=NOW), ask(now=NOW + timedelta(minutes=5))
        follow_up(first, text="另问是否收费")
        shown = text_of(clerk.get(f"{LIST}{first.pk}/do/answer/"))
        assert QUESTION in shown
        assert "另问是否收费" in shown
        done = do(clerk, first, "answer", {"text": "不收费。"})
        assert "已答复" in text_of(done)
        assert f'href="{page_of(second)}" data-key="n"' in text_of(done)
        assert Entry.objects.get(kind="answer").text == "不收费。"

    def test_pointing_on_to_nowhere_is_refused_at_the_field(self, clerk: Client) -> None:
        inquiry = ask()
        refused = do(clerk, inquiry, "point-on", {"text": "不属受理范围", "department": "", "place": ""})
        assert refused.status_code == 422
        assert "请选择部门，或填写其他渠道" in text_of(refused)
        done = do(clerk, inquiry, "point-on", {"text": "不属受理范围", "place": "12345 热线"})
        assert "12345 热线" in text_of(done)

    def test_a_department_answers_what_was_passed_to_it(self, clerk: Client, cast: Cast) -> None:
        inquiry = ask()
        do(clerk, inquiry, "pass", {"department": department("市税务局").pk, "note": "请答复"})
        unit = signed_in(cast.department_staff)
        page = text_of(unit.get(page_of(inquiry)))
        assert "138****1234" in page
        assert "查看联系方式" not in page
        do(unit, inquiry, "answer", {"text": "十个工作日。"})
        inquiry.refresh_from_db()
        assert inquiry.status == InquiryStatus.ANSWERED

    def test_whether_a_reply_helped_is_not_the_departments_to_see(self, clerk: Client, cast: Cast) -> None:
        inquiry = answer(pass_on(ask(), cast), cast.department_staff)
        Entry.objects.update(helped=False)
        assert "提问人：没有解决" in text_of(clerk.get(page_of(inquiry)))
        assert "提问人：没有解决" not in text_of(signed_in(cast.department_staff).get(page_of(inquiry)))


class TestDesk:
    def test_clerk_writes_down_a_question_from_the_phone(self, clerk: Client, cast: Cast) -> None:
        form = {"question": QUESTION, "mobile": MOBILE, "source": "phone", "consent": "on"}
        done = clerk.post(f"{LIST}desk/", form | {"submission": secrets.new_submission()})
        inquiry = Inquiry.objects.get()
        assert done.headers["Location"] == page_of(inquiry)
        assert (inquiry.source, inquiry.taken_by) == (Source.PHONE, cast.window_clerk)
        assert clerk.post(f"{LIST}desk/", form | {"consent": ""}).status_code == 422

    def test_a_question_leads_into_the_desks_booking_with_what_is_known(self, clerk: Client) -> None:
        sitting = make_sitting(DAY, published=True, opens_at=OPENS)
        inquiry = ask(question=question(company_name="安宁某公司", contact_name="王工"))
        assert f"{LIST}{inquiry.pk}/book/" in text_of(clerk.get(page_of(inquiry)))
        page = text_of(clerk.get(f"{LIST}{inquiry.pk}/book/"))
        assert 'value="安宁某公司"' in page
        assert f'value="{MOBILE}"' in page
        of = application(1, mobile=MOBILE)
        form = {"sitting": sitting.pk, "enterprise_kind": of.enterprise_kind, "company_name": of.company_name}
        form |= {"credit_code": of.credit_code, "mobile": MOBILE, "submission": secrets.new_submission()}
        done = clerk.post(f"{LIST}{inquiry.pk}/book/", form)
        booking = Booking.objects.get()
        assert done.headers["Location"] == f"/console/appointments/booking/{booking.pk}/answers/"
        answers_page = text_of(clerk.get(done.headers["Location"]))
        assert QUESTION in answers_page
        assert 'value="王工"' in answers_page
        inquiry.refresh_from_db()
        assert inquiry.booking == booking

    def test_a_refused_number_is_told_at_the_form(self, clerk: Client, cast: Cast) -> None:
        sitting = make_sitting(DAY, published=True, opens_at=OPENS)
        inquiry = answer(ask(), cast.window_clerk)
        of = application(1)
        form = {"sitting": sitting.pk, "enterprise_kind": of.enterprise_kind, "company_name": of.company_name}
        form |= {"credit_code": of.credit_code, "mobile": MOBILE, "submission": secrets.new_submission()}
        refused = clerk.post(f"{LIST}{inquiry.pk}/book/", form)
        assert refused.status_code == 422
        assert "不能再这样办理" in text_of(refused)
        assert not Booking.objects.exists()


# Whatever the list holds: the user with their role, its filters' two lists, count, the page, its clocks.
LIST_QUERIES = 6


def test_filters_that_are_chosen_from_lists_share_one_button_and_keep_what_was_searched(clerk: Client) -> None:
    unit = str(department("市税务局").pk)
    shown = text_of(clerk.get(f"{LIST}?q=退税&status__exact=open&by={unit}"))
    assert shown.count('id="select-filters"') == 1
    assert shown.count('form="select-filters"') == 2
    form = shown.partition('id="select-filters">')[2].partition("</form>")[0]
    assert re.findall(r'name="(\w+)" value="(\S+?)"', form) == [("q", "退税"), ("status__exact", "open")]
    assert f'<option value="{unit}" selected>' in shown
