"""Frequent answers: made from questions by the bureau, naming nobody, found by substring. [3.1]"""

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from appointments.enums import ChoiceKind
from appointments.models import Choice
from core.models import User
from inquiries.models import FrequentAnswer, Inquiry
from tests.conftest import Cast
from tests.inquiries.conftest import answer, ask, question

pytestmark = [pytest.mark.django_db, pytest.mark.clause("[3.1]")]
PUBLIC, ADD = "/questions/", "/console/inquiries/frequentanswer/add/"


def text_of(answer: HttpResponse) -> str:
    return answer.content.decode()


def area(name: str = "税务") -> Choice:
    return Choice.objects.get_or_create(kind=ChoiceKind.AREA, name=name)[0]


def entry(text: str = "留抵退税要多久", **columns: Any) -> FrequentAnswer:
    columns = {"answer": "一般不超过十个工作日。", "area": area(), "is_published": True} | columns
    return FrequentAnswer.objects.create(question=text, **columns)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="departments.backends.RoleBackend")
    return client


def typed(**changes: Any) -> dict[str, Any]:
    return {
        "question": "办理留抵退税需要哪些材料",
        "answer": "营业执照和申请表。",
        "area": area().pk,
        "position": 10,
        "is_published": "on",
        "names_nobody": "on",
    } | changes


class TestPublicPage:
    def test_published_entries_stand_under_their_areas_and_others_nowhere(self, client: Client) -> None:
        entry("用电怎样增容", area=area("要素保障"))
        entry("未公开的一问", is_published=False)
        entry()
        page = text_of(client.get(PUBLIC))
        assert page.index("要素保障</h2>") < page.index("用电怎样增容")
        assert page.index("税务</h2>") < page.index("留抵退税要多久")
        assert "未公开的一问" not in page

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("留抵", {"留抵退税要多久"}),
            ("工作日", {"留抵退税要多久", "用电怎样增容"}),
            ("增容 工作日", {"用电怎样增容"}),
            ("增容 退税", set()),
            ("vat", {"VAT 留给谁看"}),
            ("%_", set()),
            ("__", set()),
        ],
    )
    def test_every_word_is_found_as_it_stands(self, client: Client, query: str, found: set[str]) -> None:
        entry()
        entry("用电怎样增容", answer="受理后十五个工作日。")
        entry("VAT 留给谁看", answer="办税人员。")
        page = text_of(client.get(PUBLIC, {"q": query}))
        assert {
            text for text in ("留抵退税要多久", "用电怎样增容", "VAT 留给谁看") if f"<span>{text}" in page
        } == found

    def test_one_character_is_too_short_and_shows_all(self, client: Client) -> None:
        entry()
        page = text_of(client.get(PUBLIC, {"q": "税"}))
        assert "两个以上的字" in page
        assert "留抵退税要多久" in page

    def test_nothing_found_leads_to_asking_with_what_was_typed(self, client: Client) -> None:
        page = text_of(client.get(PUBLIC, {"q": "出口退税"}))
        assert "/questions/ask/?q=%E5%87%BA%E5%8F%A3%E9%80%80%E7%A8%8E" in page

    @pytest.mark.parametrize("number", [1, 3])
    def test_the_page_costs_three_queries(self, client: Client, number: int, django_assert_num_queries: Any) -> None:
        for serial in range(number):
            entry(f"第{serial}问")
        # How many, this page of them with their areas, and the words and figures that are the bureau's.
        with django_assert_num_queries(3):
            client.get(PUBLIC)

    def test_twenty_to_a_page_and_the_query_goes_along(self, client: Client) -> None:
        for serial in range(21):
            entry(f"退税第{serial}问")
        first = text_of(client.get(PUBLIC, {"q": "退税"}))
        assert first.count('class="qa"') == 20
        assert "?page=2&amp;q=%E9%80%80%E7%A8%8E" in first
        assert text_of(client.get(PUBLIC, {"q": "退税", "page": 2})).count('class="qa"') == 1
        for page in ("0", "99", "x", "-1"):
            assert client.get(PUBLIC, {"page": page}).status_code == 200


class TestConsole:
    @pytest.fixture
    def answered(self, cast: Cast) -> Inquiry:
        asked = ask(question=question(company_name="安宁某公司", contact_name="王大锤", area_id=area().pk))
        return answer(asked, cast.window_clerk, text="带营业执照和申请表。")

    def test_the_form_starts_with_an_empty_question_beside_the_original(self, cast: Cast, answered: Inquiry) -> None:
        bureau = signed_in(cast.bureau_staff)
        change = text_of(bureau.get(f"/console/inquiries/inquiry/{answered.pk}/change/"))
        assert f"{ADD}?from={answered.pk}" in change
        page = bureau.get(f"{ADD}?from={answered.pk}")
        form = page.context["adminform"].form
        assert form.initial.get("question", "") == ""
        assert (form.initial["answer"], form.initial["area"]) == ("带营业执照和申请表。", answered.area_id)
        assert answered.question in text_of(page)
        assert "王大锤" not in text_of(page)

    def test_a_public_entry_keeps_where_it_came_from_and_its_history(self, cast: Cast, answered: Inquiry) -> None:
        bureau = signed_in(cast.bureau_staff)
        assert bureau.post(f"{ADD}?from={answered.pk}", typed()).status_code == 302
        made = FrequentAnswer.objects.get()
        assert (made.made_from, made.is_published) == (answered, True)
        assert made.history.count() == 1
        assert made.question in text_of(Client().get(PUBLIC))

    @pytest.mark.parametrize("word", ["安宁某公司", "王大锤", "13800001234", "13987654321", "w@example.cn"])
    @pytest.mark.parametrize("field", ["question", "answer"])
    def test_an_entry_that_names_somebody_is_refused(
        self, cast: Cast, answered: Inquiry, field: str, word: str
    ) -> None:
        page = signed_in(cast.bureau_staff).post(f"{ADD}?from={answered.pk}", typed(**{field: f"请联系{word}办理"}))
        assert page.status_code == 200
        assert "请改写后再保存" in text_of(page)
        assert not FrequentAnswer.objects.exists()

    def test_an_entry_is_made_public_only_after_a_look(self, cast: Cast) -> None:
        bureau = signed_in(cast.bureau_staff)
        assert "公开前请核对并勾选" in text_of(bureau.post(ADD, typed(names_nobody="")))
        assert bureau.post(ADD, typed(names_nobody="", is_published="")).status_code == 302
        assert FrequentAnswer.objects.get().made_from is None

    @pytest.mark.parametrize("key", ["x", "", "9" * 30, "0"])
    def test_a_mangled_origin_is_no_origin(self, cast: Cast, key: str) -> None:
        assert signed_in(cast.bureau_staff).get(f"{ADD}?from={key}").status_code == 200

    def test_an_open_question_is_no_origin(self, cast: Cast) -> None:
        asked = ask()
        page = signed_in(cast.bureau_staff).get(f"{ADD}?from={asked.pk}")
        assert asked.question not in text_of(page)

    def test_a_clerk_reads_and_does_not_write(self, cast: Cast) -> None:
        made = entry()
        clerk = signed_in(cast.window_clerk)
        assert clerk.get(f"/console/inquiries/frequentanswer/{made.pk}/change/").status_code == 200
        assert clerk.post(f"/console/inquiries/frequentanswer/{made.pk}/change/", typed()).status_code == 403
        assert clerk.get(ADD).status_code == 403
