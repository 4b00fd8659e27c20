"""The index of character pairs: what is found, what is not, and what is refused. [3.7]"""

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from core import search
from core.errors import Refused
from core.models import SearchGram, SearchText

pytestmark = [pytest.mark.django_db, pytest.mark.clause("[3.7]")]


def found(query: str, parts: tuple[str, ...] = ("demand", "company")) -> set[int]:
    """The keys of the rows in which every word stands."""
    return set(search.find(query, parts))


@pytest.fixture(autouse=True)
def rows(db: None) -> None:
    search.write(1, {"demand": ["26-24-7KQ4A", "留抵退税办理进度慢"], "company": ["安宁永昌冶金设备有限公司"]})
    search.write(2, {"demand": ["26-24-9ZZ2B", "厂区用电增容"], "company": ["云南退税代理有限公司"]})
    search.write(3, {"demand": ["26-25-1AA1A", "电费增长，扩容"], "company": ["ＡＢＣ（安宁）科技"]})


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("退税", {1, 2}),
        ("留抵退税办理", {1}),
        ("用电增容", {2}),
        ("电增", {2}),
        ("办理 退税", {1}),
        ("退税 用电", {2}),
        ("7kq4a", {1}),
        ("26-24-7KQ4A", {1}),
        ("24", {1, 2}),
        ("26-2", {1, 2, 3}),
        ("abc", {3}),
        ("ａｂ", {3}),
        ("(安宁)", {3}),
        ("退税安宁", set()),
        ("税退", set()),
        ("办理办理", set()),
    ],
)
def test_find_by_words(query: str, keys: set[int]) -> None:
    assert found(query) == keys


def test_find_asks_only_the_parts_it_may() -> None:
    assert found("退税", ("demand",)) == {1}
    assert found("有限公司", ("demand",)) == set()
    assert found("有限公司", ("company",)) == {1, 2}


def test_a_word_whose_pairs_stand_apart_is_not_found() -> None:
    """用电 and 电增 stand in one text, 用电增 does not: the whole word is looked for."""
    search.write(4, {"demand": ["电增效，用电"]})
    assert found("用电增") == {2}


def test_pairs_of_two_parts_make_no_word() -> None:
    search.write(5, {"demand": ["土地"], "company": ["地证"]})
    assert 5 not in found("土地证")


@pytest.mark.parametrize("query", ["税", "退税 慢", "a", "，。", "a-b"])
def test_find_one_character_is_refused_with_a_sentence(query: str) -> None:
    with pytest.raises(Refused, match="too_short") as refusal:
        search.find(query, ("demand",))
    assert "两个以上" in str(refusal.value.message)


@pytest.mark.parametrize("query", ["退税 用电 办理 进度 安宁 增容", "税" * 101])
def test_find_too_much_is_refused(query: str) -> None:
    with pytest.raises(Refused, match="too_long"):
        search.find(query, ("demand",))


@pytest.mark.parametrize("query", ["100%", "退税%", "退税_", "退税\x00", "退税'"])
def test_find_takes_signs_as_they_are(query: str) -> None:
    search.write(6, {"demand": ["补贴100%到位"]})
    assert found(query) == ({6} if query == "100%" else {1, 2} if "\x00" in query else set())


def test_write_again_leaves_nothing_of_what_was_said_before() -> None:
    search.write(1, {"demand": ["土地证办理"]})
    assert found("退税") == {2}
    assert found("土地证") == {1}
    assert found("永昌") == {1}, "a part that was not written again stays"
    pairs = SearchGram.objects.filter(part="demand", key=1).values_list("gram", flat=True)
    assert set(pairs) == set(search.grams_of("土地证办理"))


def test_write_the_same_again_writes_nothing() -> None:
    said = {"demand": ["26-24-7KQ4A", "留抵退税办理进度慢"]}
    with CaptureQueriesContext(
        connection,
    ) as asked:
        search.write(1, said)
    assert not [query for query in asked if query["sql"].startswith(("INSERT", "DELETE", "UPDATE"))]


def test_repair_puts_back_what_was_lost() -> None:
    said = {"demand": ["26-24-7KQ4A", "留抵退税办理进度慢"]}
    SearchGram.objects.filter(key=1).delete()
    search.write(1, said)
    assert found("退税") == {2}
    search.write(1, said, repair=True)
    assert found("退税") == {1, 2}


def test_find_costs_two_queries_however_many_words(django_assert_num_queries) -> None:
    for query in ("退税", "留抵退税办理 永昌 24"):
        with django_assert_num_queries(2):
            search.find(query, ("demand", "company"))


def test_the_rarest_pair_of_the_rarest_word_is_asked_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "COUNTED_AT_MOST", 5)
    for key in range(10, 30):
        search.write(key, {"demand": ["企业用地，企业用工"]})
    keys = search.find("用地 企业用工", ("demand",))
    assert isinstance(keys, QuerySet), "what is many stays a query"
    assert set(keys) == set(range(10, 30))
    monkeypatch.setattr(search, "COUNTED_AT_MOST", 1000)
    search.write(30, {"demand": ["企业用地，企业招工"]})
    with CaptureQueriesContext(connection) as asked:
        assert search.find("企业 企业招工", ("demand",)) == {30}
    asked_for_keys = asked[-1]["sql"]
    assert asked_for_keys.index("招工") < asked_for_keys.index("企业")


def test_text_is_kept_once_for_a_row_and_part() -> None:
    assert SearchText.objects.get(part="company", key=3).text == "abc(安宁)科技"
