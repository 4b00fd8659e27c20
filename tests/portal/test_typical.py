"""The library of typical cases for everybody: found, filtered, read, and gone at once when it is taken down. [5.4]"""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from appointments.models import Choice
from cases.models import Case
from core import search
from core.selectors import forget_settings
from reports.models import TypicalCase
from tests.conftest import Cast
from tests.factories import department, moment
from tests.reports.typical_start import booking, case, cast, closed, good, kept_start, own_start, sitting
from tests.reports.typical_steps import WORDS, approve, bring_to, check, choose, publish, save, withdraw

__all__ = ["booking", "case", "cast", "closed", "good", "kept_start", "own_start", "sitting"]
SAME_START = True
pytestmark = [pytest.mark.clause("[5.3]", "[5.4]"), pytest.mark.django_db]
LIBRARY, FEED = "/typical/", "/typical.atom"
Put = Callable[..., TypicalCase]


@pytest.fixture
def published(good: Case, cast: Cast) -> TypicalCase:
    return bring_to("published", good, cast)


@pytest.fixture
def put(closed: Case, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Put:
    """Published past the verbs, each of a case of its own: `put("标题", area="税务", unit="市税务局")`."""
    made: list[TypicalCase] = []

    def one(title: str, *, area: str = "税务", unit: str = "市税务局") -> TypicalCase:
        place = len(made)
        twin = Case.objects.get(pk=closed.pk)
        booking = twin.booking
        booking.pk, booking.slot = None, None
        booking.reference = f"26-01-{place:05}"
        for name in ("ticket_digest", "checkin_digest", "submission_digest"):
            setattr(booking, name, f"{name}{place}")
        booking.status = "cancelled"
        booking.save(force_insert=True)
        twin.pk, twin.booking = None, booking
        twin.save(force_insert=True)
        at = moment("2026-10-20 09:00") + timedelta(days=place)
        row = TypicalCase.objects.create(
            case=twin,
            status="published",
            **WORDS | {"title": title},
            year=2026,
            quarter=3,
            area=Choice.objects.get(kind="area", name=area),
            department=department(unit),
            written_by=cast.bureau_staff,
            checked_by=cast.inspector,
            approved_by=cast.bureau_supervisor,
            published_by=cast.bureau_supervisor,
            **dict.fromkeys(("checked_at", "approved_at", "published_at"), at),
        )
        search.write(row.pk, {"typical": [title, *list(WORDS.values())[1:]]})
        made.append(row)
        return row

    return one


def text_of(answer: HttpResponse) -> str:
    return answer.content.decode()


def titles(answer: HttpResponse) -> list[str]:
    return re.findall(r'<h3><a href="[^"]+">(.+?)</a>', text_of(answer))


def counts(answer: HttpResponse) -> dict[str, int]:
    found = re.findall(r'<a href="[^"]*"[^>]*><span>([^<]+).*?<span class="num">(\d+)', text_of(answer))
    return {name: int(count) for name, count in found}


class TestLibrary:
    def test_empty_says_what_will_stand_here(self, client: Client) -> None:
        assert "审定后在这里发布" in text_of(client.get(LIBRARY))

    def test_the_newest_first_ten_to_a_page(self, client: Client, put: Put) -> None:
        for number in range(1, 13):
            put(f"做法{number}号案")
        first = client.get(LIBRARY)
        assert titles(first) == [f"做法{number}号案" for number in range(12, 2, -1)]
        assert "第 1 页，共 2 页" in text_of(first)
        assert titles(client.get(LIBRARY, {"page": "2"})) == ["做法2号案", "做法1号案"]
        assert titles(client.get(LIBRARY, {"page": "99"})) == ["做法2号案", "做法1号案"]

    def test_narrowed_by_area_and_department_with_what_is_left_of_each(self, client: Client, put: Put) -> None:
        put("甲", area="税务", unit="市税务局")
        put("乙", area="税务", unit="市统计局")
        put("丙", area="融资", unit="市统计局")
        area = Choice.objects.get(kind="area", name="税务").pk
        answer = client.get(LIBRARY, {"area": area})
        assert titles(answer) == ["乙", "甲"]
        assert counts(answer) == {"税务": 2, "融资": 1, "市税务局": 1, "市统计局": 1}
        both = client.get(LIBRARY, {"area": area, "department": department("市统计局").pk})
        assert titles(both) == ["乙"]
        assert counts(both) == {"税务": 1, "融资": 1, "市税务局": 1, "市统计局": 1}

    def test_found_by_pairs_of_characters_with_the_filters_kept(self, client: Client, put: Put) -> None:
        put("用电增容现场会商")
        put("园区招工进村社", area="融资")
        assert titles(client.get(LIBRARY, {"q": "增容"})) == ["用电增容现场会商"]
        answer = client.get(LIBRARY, {"q": "一次告知", "area": Choice.objects.get(kind="area", name="融资").pk})
        assert titles(answer) == ["园区招工进村社"]
        assert "q=%E4%B8%80%E6%AC%A1" in text_of(answer)

    def test_nothing_found_says_what_to_do(self, client: Client, put: Put) -> None:
        put("甲")
        answer = text_of(client.get(LIBRARY, {"q": "海关通关"}))
        assert "没有符合条件的案例" in answer
        assert "共 0 个案例" in answer

    @pytest.mark.parametrize("query", ["退", "甲 乙 丙 丁 戊 己 庚"])
    def test_what_cannot_be_searched_is_said_and_the_rest_is_shown(self, client: Client, put: Put, query: str) -> None:
        put("甲")
        answer = client.get(LIBRARY, {"q": query})
        assert answer.status_code == 200
        assert titles(answer) == ["甲"]
        assert 'id="q-error"' in text_of(answer)

    @pytest.mark.parametrize(
        "address", ["?area=x", "?area=99999999999999", "?department=-1", "?page=x", "?area=٣", "?q=%27%22%3Ci%3E"]
    )
    def test_a_mistyped_address_is_answered(self, client: Client, put: Put, address: str) -> None:
        put("甲")
        answer = client.get(f"{LIBRARY}{address}")
        assert answer.status_code == 200
        assert "<i>" not in text_of(answer)

    @pytest.mark.parametrize("rows", [1, 3, 12])
    def test_costs_the_same_however_many(self, client: Client, put: Put, rows: int) -> None:
        for number in range(rows):
            put(f"做法{number}号案")
        assert asked(client, LIBRARY) == 4, "areas, departments, how many, this page"
        assert asked(client, f"{LIBRARY}?q=一次告知") == 6, "and which rows are found"


def asked(client: Client, address: str) -> int:
    """Queries of a page but for the settings that every page reads."""
    cache.clear()
    forget_settings()
    client.get("/feedback/")
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


class TestReading:
    def test_tells_all_of_it_and_nothing_of_the_case(self, client: Client, published: TypicalCase, good: Case) -> None:
        answer = text_of(client.get(published.get_absolute_url()))
        for words in WORDS.values():
            assert all(word in answer for word in words.split("、"))
        booking = good.booking
        secret = [booking.company_name, booking.reference, booking.mobile, booking.credit_code, booking.title]
        assert not [word for word in secret if word in answer]
        assert "bureau" not in answer

    @pytest.mark.parametrize("status", ["draft", "checked", "approved"])
    def test_not_yet_published_is_not_found(self, client: Client, good: Case, cast: Cast, status: str) -> None:
        typical = bring_to(status, good, cast)
        assert client.get(f"/typical/{typical.pk}/").status_code == 404
        assert titles(client.get(LIBRARY)) == []

    def test_given_up_before_it_was_published_is_not_found(self, client: Client, good: Case, cast: Cast) -> None:
        typical = withdraw(bring_to("approved", good, cast), cast)
        assert client.get(f"/typical/{typical.pk}/").status_code == 404

    def test_withdrawn_is_gone_from_everywhere_at_once(
        self, client: Client, published: TypicalCase, cast: Cast
    ) -> None:
        pages = (LIBRARY, f"{LIBRARY}?q=一次告知", FEED)
        assert all(WORDS["title"] in text_of(client.get(page)) for page in pages)
        withdraw(published, cast, reason="内容有误。")
        answer = client.get(published.get_absolute_url())
        assert answer.status_code == 410
        assert "该案例已撤下" in text_of(answer)
        assert "内容有误" not in text_of(answer)
        assert not [page for page in pages if WORDS["title"] in text_of(client.get(page))]

    def test_replaced_leads_to_the_new_version_and_to_nothing_once_that_is_gone(
        self, client: Client, published: TypicalCase, good: Case, cast: Cast
    ) -> None:
        second = save(choose(good, cast), cast, outcome="三日到账。")
        for step in (check, approve, publish):
            step(second, cast)
        answer = client.get(published.get_absolute_url())
        assert (answer.status_code, answer["Location"]) == (302, second.get_absolute_url())
        withdraw(second, cast)
        assert client.get(published.get_absolute_url()).status_code == 410

    def test_costs_little(self, client: Client, published: TypicalCase) -> None:
        assert asked(client, published.get_absolute_url()) == 2, "the case, and others of its area"

    def test_others_of_the_area_are_offered(self, client: Client, put: Put) -> None:
        one, other, strange = put("甲案例"), put("乙案例"), put("丙案例", area="融资")
        answer = text_of(client.get(one.get_absolute_url()))
        assert other.get_absolute_url() in answer
        assert strange.get_absolute_url() not in answer


class TestFeedAndLinks:
    def test_feed_tells_the_newest(self, client: Client, published: TypicalCase) -> None:
        answer = client.get(FEED)
        assert answer["Content-Type"].startswith("application/atom+xml")
        assert WORDS["title"] in text_of(answer)
        assert WORDS["situation"] in text_of(answer)
        assert published.get_absolute_url() in text_of(answer)

    def test_feed_holds_what_was_pasted_from_word(self, client: Client, good: Case, cast: Cast) -> None:
        """A line break of Word, and signs that no feed can hold."""
        pasted = {
            "title": "退税\x0b一次告知",
            "situation": "材料多次往返。\x0b资金\x01周转受影响。",
            "keywords": "退税\x02",
        }
        typical = save(choose(good, cast), cast, **pasted)
        for step in (check, approve, publish):
            step(typical, cast)
        answer = client.get(FEED)
        assert answer.status_code == 200
        assert "退税 一次告知" in text_of(answer)
        assert "材料多次往返。\n资金周转受影响。" in text_of(answer)

    @pytest.mark.parametrize("page", ["/", "/sittings/", "/feedback/"])
    def test_linked_from_the_front_page_and_every_foot(self, client: Client, page: str) -> None:
        assert text_of(client.get(page)).count(f'href="{LIBRARY}"') == (2 if page == "/" else 1)

    def test_public_pages_of_it_are_strict_and_set_nothing(self, client: Client, published: TypicalCase) -> None:
        for page in (LIBRARY, published.get_absolute_url(), FEED):
            answer: Any = client.get(page)
            assert "unsafe" not in answer["Content-Security-Policy"]
            assert not answer.cookies

    def test_larger_view(self, client: Client, published: TypicalCase) -> None:
        client.get("/view/?large=1&next=/")
        assert 'class="large"' in text_of(client.get(published.get_absolute_url()))
