"""Asking without an account, and the question's own page. [3.1]"""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client

from core import secrets
from core.models import Setting
from core.selectors import forget_settings
from inquiries import services
from inquiries.enums import InquiryStatus
from inquiries.models import Entry, Inquiry
from notifications.models import Message
from tests.appointments.conftest import NOW, answers, confirm, consent
from tests.conftest import Cast
from tests.inquiries.conftest import MOBILE, QUESTION, answer, ask, follow_up, pass_on, point_on
from tests.inquiries.test_matrix import start_booking

pytestmark = [pytest.mark.django_db, pytest.mark.clause("[3.1]")]
ASK = "/questions/ask/"


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    cache.clear()
    consent()
    answers()
    with time_machine.travel(NOW, tick=False):
        yield


def typed(**changes: Any) -> dict[str, Any]:
    return {
        "question": QUESTION,
        "mobile": MOBILE,
        "consent": "on",
        "submission": secrets.new_submission(),
    } | changes


def text_of(answer: HttpResponse) -> str:
    return answer.content.decode()


def page_of(inquiry: Inquiry, rest: str = "") -> str:
    return f"/q/{inquiry.secret}/{rest}"


class TestAsk:
    def test_question_and_mobile_are_enough(self, client: Client) -> None:
        done = client.post(ASK, typed())
        inquiry = Inquiry.objects.get()
        assert done.headers["Location"] == page_of(inquiry)
        assert (inquiry.question, inquiry.mobile, inquiry.company_name) == (QUESTION, MOBILE, "")
        page = text_of(client.get(page_of(inquiry)))
        assert inquiry.reference in page
        assert "2026年11月20日（周五）" in page
        assert MOBILE not in page

    def test_search_for_an_answer_stands_before_the_form(self, client: Client) -> None:
        page = text_of(client.get(ASK))
        assert page.index('id="q"') < page.index('id="id_question"')

    def test_what_was_looked_for_is_carried_into_the_question(self, client: Client) -> None:
        assert "用电增容</textarea>" in text_of(client.get(f"{ASK}?q=用电增容"))

    def test_a_second_press_asks_once(self, client: Client) -> None:
        data = typed()
        assert client.post(ASK, data).headers["Location"] == client.post(ASK, data).headers["Location"]
        assert Inquiry.objects.count() == 1

    @pytest.mark.parametrize(
        ("field", "value", "sentence"),
        [
            ("question", "", "请填写问题"),
            ("question", "问" * 1001, "1000"),
            ("mobile", "", "请填写手机"),
            ("mobile", "12345", "11 位手机号码"),
            ("email", "w@", "有效"),
            ("area", "999999", "请从列出的选项中选择"),
            ("consent", "", "勾选同意"),
        ],
    )
    def test_a_wrong_field_is_named_and_what_was_typed_stays(
        self, client: Client, field: str, value: str, sentence: str
    ) -> None:
        done = client.post(ASK, typed(company_name="安宁某公司", **{field: value}))
        assert done.status_code == 422
        assert sentence in text_of(done)
        assert "安宁某公司" in text_of(done)
        assert not Inquiry.objects.exists()

    def test_an_address_asks_so_often_in_an_hour(self, client: Client) -> None:
        Setting.objects.create(key="questions_per_hour", value="3")
        forget_settings()
        inquiry = ask()
        for _time in range(2):
            assert client.post(ASK, typed()).status_code == 302
        assert client.post(page_of(inquiry, "more/"), {"text": "补充"}).status_code == 302
        refused = client.post(ASK, typed())
        assert refused.status_code == 429
        assert int(refused.headers["Retry-After"]) >= 3600
        assert client.post(page_of(inquiry, "more/"), {"text": "补充"}).status_code == 429
        assert Inquiry.objects.count() == 3


class TestPage:
    def test_an_open_question_is_added_to(self, client: Client) -> None:
        inquiry = ask()
        done = client.post(page_of(inquiry, "more/"), {"text": "补充材料清单"})
        assert done.headers["Location"] == page_of(inquiry)
        assert "补充材料清单" in text_of(client.get(page_of(inquiry)))
        assert client.post(page_of(inquiry, "more/"), {"text": ""}).status_code == 422

    def test_an_answer_is_read_judged_and_asked_again(self, client: Client, cast: Cast) -> None:
        inquiry = answer(ask(), cast.window_clerk, text="带营业执照原件。")
        page = text_of(client.get(page_of(inquiry)))
        assert "带营业执照原件。" in page
        assert "市政务服务局答复" in page
        assert cast.window_clerk.full_name not in page
        client.post(page_of(inquiry, "helped/"), {"helped": "no"})
        assert Entry.objects.get().helped is False
        assert "没有解决" in text_of(client.get(page_of(inquiry)))
        client.post(page_of(inquiry, "more/"), {"text": "复印件可以吗"})
        inquiry.refresh_from_db()
        assert inquiry.status == InquiryStatus.OPEN

    def test_a_mangled_judgement_changes_nothing(self, client: Client, cast: Cast) -> None:
        inquiry = answer(ask(), cast.window_clerk)
        for data in ({}, {"helped": "maybe"}):
            assert client.post(page_of(inquiry, "helped/"), data).status_code == 302
        assert client.get(page_of(inquiry, "helped/")).status_code == 302
        assert Entry.objects.get().helped is None

    def test_a_pointer_says_where(self, client: Client, cast: Cast) -> None:
        page = text_of(client.get(page_of(point_on(ask(), cast.window_clerk, place="12345 热线"))))
        assert "到这里办理：" in page
        assert "12345 热线" in page

    def test_who_answers_is_told_while_it_waits(self, client: Client, cast: Cast) -> None:
        assert "市税务局" in text_of(client.get(page_of(pass_on(ask(), cast))))

    def test_opening_the_page_of_withdrawal_withdraws_nothing(self, client: Client) -> None:
        inquiry = ask()
        assert client.get(page_of(inquiry, "withdraw/")).status_code == 200
        inquiry.refresh_from_db()
        assert inquiry.status == InquiryStatus.OPEN
        client.post(page_of(inquiry, "withdraw/"))
        inquiry.refresh_from_db()
        assert inquiry.status == InquiryStatus.WITHDRAWN
        assert 'id="more"' not in text_of(client.get(page_of(inquiry)))

    def test_a_withdrawn_question_takes_no_more(self, client: Client) -> None:
        inquiry = ask()
        client.post(page_of(inquiry, "withdraw/"))
        refused = client.post(page_of(inquiry, "more/"), {"text": "补充"})
        assert refused.status_code == 409
        assert not Entry.objects.exists()

    def test_a_booking_is_named_without_its_link(self, client: Client, cast: Cast) -> None:
        inquiry = ask()
        booking = confirm(start_booking(inquiry, cast.window_clerk), actor=cast.window_clerk)
        services.end_booked(NOW)
        page = text_of(client.get(page_of(inquiry)))
        assert booking.reference in page
        assert booking.ticket_secret not in page
        assert 'id="more"' not in page

    def test_the_page_costs_the_same_whatever_was_said(
        self, client: Client, cast: Cast, django_assert_num_queries: Any
    ) -> None:
        inquiry = answer(ask(), cast.window_clerk)
        # The question, its entries.
        with django_assert_num_queries(2):
            client.get(page_of(inquiry))
        for _time in range(3):
            answer(follow_up(inquiry), cast.window_clerk)
        with django_assert_num_queries(2):
            client.get(page_of(inquiry))

    def test_another_secret_finds_nothing(self, client: Client) -> None:
        ask()
        assert client.get(f"/q/{'a' * 26}/").status_code == 404

    def test_the_message_never_holds_the_answer(self, cast: Cast) -> None:
        answer(ask(), cast.window_clerk, text="带营业执照原件。")
        assert not Message.objects.filter(text__contains="营业执照").exists()


def test_front_page_and_footer_lead_to_the_questions(client: Client) -> None:
    assert text_of(client.get("/")).count('href="/questions/"') == 2
