"""The public pages of a quarter's results: who finds what, what it costs, what is cached. [5.4]"""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from reports.enums import ResultsStatus
from reports.models import PublishedResults
from reports.public_page import page_of
from tests.conftest import CAST, Cast
from tests.reports.conftest import counted
from tests.reports.results_steps import bring_to, make, withdraw

__all__ = ["counted"]
pytestmark = [pytest.mark.clause("[5.4]"), pytest.mark.django_db, pytest.mark.usefixtures("counted")]
LIST, PAGE = "/results/", "/results/2026Q3/"
# The rows, or what was kept.
LIST_QUERIES, PAGE_QUERIES = 1, 1


def text_of(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status
    return str(answer.content.decode())


@pytest.fixture
def published(cast: Cast) -> PublishedResults:
    return bring_to(ResultsStatus.PUBLISHED, cast)


def test_page_says_figures_sentences_and_what_each_means(client: Client, published: PublishedResults) -> None:
    page = text_of(client.get(PAGE))
    for words in ("2026年第三季度成效", "44.4%", "12/27", "签办诉求27件", "现场解决率的含义。", "工作方案 [3.6]"):
        assert words in page
    assert "数据截至2026年10月26日（周一）" in page
    assert not re.search(r"[\s\"']style=|<style", page)


def test_withheld_figure_says_so_and_small_areas_are_summed_up(client: Client, published: PublishedResults) -> None:
    page = text_of(client.get(PAGE))
    assert re.search(r"不予受理率 <b>不公布</b>", page)
    assert "其余 2 类合计" in page
    assert "6 件" in page
    assert re.search(r"不单列：用工、法治。", page)


@pytest.mark.parametrize("status", [ResultsStatus.DRAFT, ResultsStatus.APPROVED])
def test_what_is_not_published_is_not_found(client: Client, cast: Cast, status: str) -> None:
    bring_to(status, cast)
    assert client.get(PAGE).status_code == 404
    assert "2026年第三季度" not in text_of(client.get(LIST))
    assert "/results/2026Q3/" not in text_of(client.get("/announcements.atom"))


def test_withdrawn_is_gone_until_a_new_version_stands_there(
    client: Client, cast: Cast, published: PublishedResults
) -> None:
    withdraw(published, cast, reason="云某公司反映有误。")
    gone = text_of(client.get(PAGE), 410)
    assert "2026年第三季度成效已撤下" in gone
    assert "44.4%" not in gone
    assert "云某公司" not in gone
    assert "2026年第三季度" not in text_of(client.get(LIST))
    bring_to(ResultsStatus.PUBLISHED, cast)
    assert "44.4%" in text_of(client.get(PAGE))


def test_withdrawn_draft_leaves_nothing_behind(client: Client, cast: Cast) -> None:
    withdraw(make(cast), cast)
    assert client.get(PAGE).status_code == 404


@pytest.mark.parametrize("address", ["/results/2026Q5/", "/results/99999999999999999999Q3/", "/results/2026Q/"])
def test_address_of_no_quarter_is_not_found(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


def test_front_page_footer_and_feed_lead_there(client: Client, published: PublishedResults) -> None:
    home = text_of(client.get("/"))
    assert home.count('href="/results/"') == 2
    assert 'href="/results/2026Q3/"' in text_of(client.get(LIST))
    feed = text_of(client.get("/announcements.atom"))
    assert "<title>2026年第三季度成效</title>" in feed
    assert "/results/2026Q3/</id>" in feed


@pytest.mark.parametrize(("path", "most"), [(LIST, LIST_QUERIES), (PAGE, PAGE_QUERIES)])
def test_page_costs_the_same_at_one_and_three_quarters(client: Client, cast: Cast, path: str, most: int) -> None:
    bring_to(ResultsStatus.PUBLISHED, cast)
    for also in (0, 2):
        for quarter in range(1, also + 1):
            bring_to(ResultsStatus.PUBLISHED, cast, quarter=quarter)
        client.get(path)
        with CaptureQueriesContext(connection) as captured:
            text_of(client.get(path))
        assert len(captured) == most


@pytest.mark.parametrize("path", [LIST, PAGE])
def test_unchanged_page_is_not_sent_again(client: Client, published: PublishedResults, path: str) -> None:
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    client.get("/view/?large=1&next=/")
    assert client.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_page_is_made_once_a_moment(client: Client, cast: Cast, settings: Any, published: PublishedResults) -> None:
    settings.PAGES_KEPT_SECONDS = 60
    first = client.get(PAGE).content
    with CaptureQueriesContext(connection) as captured:
        assert client.get(PAGE).content == first
    assert len(captured) == 0


def test_elder_friendly_view_is_larger(client: Client, published: PublishedResults) -> None:
    client.get("/view/?large=1&next=/")
    assert '<html lang="zh-Hans" class="large">' in text_of(client.get(PAGE))


@pytest.mark.parametrize("who", CAST)
def test_preview_is_the_public_page_for_bureau_inspection_and_leadership(cast: Cast, who: str) -> None:
    results = make(cast)
    client = Client()
    client.force_login(cast[who])
    answer = client.get(f"/console/reports/publishedresults/{results.pk}/preview/")
    if who not in {"bureau_staff", "bureau_supervisor", "inspector", "inspection_approver", "leader"}:
        assert answer.status_code == 403
        return
    assert "预览。当前状态：草稿。" in text_of(answer)
    assert "44.4%" in text_of(answer)


def test_bars_are_as_long_as_their_numbers(published: PublishedResults) -> None:
    charts = {chart.key: chart for chart in page_of(published).charts}
    whole = [sum(piece.wide for piece in bar.pieces) for bar in charts["history"].bars]
    assert whole == [111, 1000]
    assert [bar.words for bar in charts["history"].bars] == ["共 3 件", "现场解决 12 件，共 27 件"]
    assert [(piece.look, piece.at, piece.wide) for piece in charts["ratings"].bars[0].pieces] == [
        ("solid", 0, 550),
        ("middle", 550, 50),
        ("empty", 600, 400),
    ]
    assert sum(piece.wide for bar in charts["areas"].bars for piece in bar.pieces) == 750 + 1000 + 500
