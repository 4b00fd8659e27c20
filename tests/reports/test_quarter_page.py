"""The quarter's page, the lists that its figures open, and its Excel: who sees what, and what it costs. [3.10]"""

import io
import re
from copy import deepcopy
from datetime import UTC, date, datetime
from html import unescape
from typing import Any

import pytest
import time_machine
from django.test import Client
from openpyxl import load_workbook

from appointments.models import Booking
from cases.models import Closing
from core import policy
from core.models import AuditEntry
from reports.console_quarter import DIMENSIONS, TILES
from reports.figures import BY_KEY, FIGURES, Part, of_quarter
from reports.figures.counts import Count
from reports.figures.protecting import protected
from reports.figures.shapes import Cell, Table, TableRow
from tests.conftest import CAST, Cast
from tests.reports.random_quarters import World, fill
from tests.reports.test_figures import QUARTER, TODAY
from tests.starts import same_start, whole_cast

pytestmark = [pytest.mark.clause("[3.10]"), pytest.mark.django_db]
PAGE, LIST, EXCEL = (f"/console/reports/quarter/{name}" for name in ("", "list/", "excel/"))
SEES = {"bureau_staff", "bureau_supervisor", "inspector", "inspection_approver", "leader", "department_head"}
INSPECTS = {"inspector", "inspection_approver"}
THE_QUARTER = {"quarter": QUARTER.key}


SAME_START = True


def make_start() -> tuple[Cast, World]:
    """What every test looks at and none changes."""
    cast = whole_cast()
    return cast, fill(8, today=TODAY, by=cast.bureau_staff)


start = same_start(make_start)


@pytest.fixture
def cast(start: tuple[Cast, World], db: None) -> Cast:
    return deepcopy(start[0])


@pytest.fixture
def world(start: tuple[Cast, World], db: None) -> World:
    return start[1]


@pytest.fixture(autouse=True)
def on_that_day() -> Any:
    with time_machine.travel(date(2026, 11, 20), tick=False):
        yield


def signed_in(cast: Cast, who: str) -> Client:
    client = Client()
    client.force_login(cast[who])
    return client


def text_of(answer: Any) -> str:
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("who", CAST)
@pytest.mark.parametrize("path", [PAGE, EXCEL, f"{LIST}?figure=solved"])
def test_the_quarter_is_for_leadership_bureau_inspection_and_heads(
    world: World, cast: Cast, who: str, path: str
) -> None:
    assert signed_in(cast, who).get(path, THE_QUARTER if "?" not in path else None).status_code == (
        200 if who in SEES else 403
    )


def test_the_page_has_eight_figures_with_denominators_three_charts_and_three_tables(world: World, cast: Cast) -> None:
    page = text_of(signed_in(cast, "leader").get(PAGE, THE_QUARTER))
    found = of_quarter(QUARTER, today=TODAY)
    assert page.count('class="tile"') == len(TILES) == 8
    assert (page.count("<figure "), page.count("<tfoot>")) == (3, 3)
    for key in ("schedule_kept", "numbers_used", "satisfied_with_silence"):
        assert found[key].fraction in page
    assert "2026年第四季度" in page
    assert not re.search(r"[\s\"']style=|<style|排名第", page)


def test_every_link_of_the_page_opens_the_list_of_what_it_says(world: World, cast: Cast) -> None:
    client = signed_in(cast, "inspector")
    page = text_of(client.get(PAGE, THE_QUARTER))
    found = of_quarter(QUARTER, today=TODAY)
    links = {unescape(link) for link in re.findall(r"list/(\?[^\"]+)\"", page)}
    assert len(links) > 60
    for link in links:
        answer = client.get(f"{LIST}{link}")
        listed = answer.context["page"].paginator.count
        narrowed = {name for name, _label in DIMENSIONS if f"{name}=" in link}
        figure = found[answer.context["definition"].key]
        assert listed == figure.count.numerator if not narrowed else listed <= figure.count.numerator


def test_a_cell_of_a_table_opens_the_rows_that_it_counts(world: World, cast: Cast) -> None:
    client = signed_in(cast, "leader")
    for one in client.get(PAGE, THE_QUARTER).context["tables"]:
        for _row, cells in one["rows"]:
            for cell, link in cells:
                if link and cell.definition.part is not Part.RATINGS:
                    listed = client.get(f"{LIST}?{link}").context["page"].paginator.count
                    assert listed == cell.count.numerator


@pytest.mark.clause("[5.2]")
@pytest.mark.parametrize("who", sorted(SEES))
@pytest.mark.parametrize("key", [one.key for one in FIGURES if one.part in (Part.RATINGS, Part.FOLLOW_UPS)])
def test_who_rated_how_is_listed_for_the_inspection_office_alone(world: World, cast: Cast, who: str, key: str) -> None:
    rated_how = BY_KEY[key].part is Part.RATINGS
    allowed = who in INSPECTS or (who != "department_head" and not rated_how)
    # What it is counted out of would tell who rated at all.
    for part in ("counted", "out_of"):
        answer = signed_in(cast, who).get(LIST, {"figure": key, "part": part})
        assert answer.status_code == (200 if allowed else 403)


@pytest.mark.clause("[5.2]")
@pytest.mark.parametrize("who", sorted(SEES - {"department_head"}))
def test_figure_of_ratings_is_a_link_for_the_inspection_office_and_a_number_for_others(
    world: World, cast: Cast, who: str
) -> None:
    page = text_of(signed_in(cast, who).get(PAGE, THE_QUARTER))
    keys = {one.key for one in FIGURES if one.part is Part.RATINGS}
    linked = {key for key in keys if f"figure={key}&amp;" in page}
    assert linked == (keys if who in INSPECTS else set())
    assert of_quarter(QUARTER, today=TODAY)["satisfied"].fraction in page
    assert ("只有督查科可以查看" in page) is (who not in INSPECTS)


@pytest.mark.clause("[5.2]")
@pytest.mark.parametrize("who", sorted(SEES - {"department_head"}))
@pytest.mark.parametrize("narrowed", ["", "department", "area", "district"])
def test_ratings_of_an_open_quarter_are_split_for_the_inspection_office_alone(
    world: World, cast: Cast, who: str, narrowed: str
) -> None:
    """Narrowed until a figure is one round, it would tell who rated how."""
    key = of_quarter(QUARTER, today=TODAY).table(narrowed or "area").rows[0].key  # type: ignore[union-attr]
    asked = THE_QUARTER | ({narrowed: key} if narrowed else {})
    answer = signed_in(cast, who).get(PAGE, asked)
    found, sees = answer.context["found"], who in INSPECTS
    ratings = {one.key for one in FIGURES if one.part is Part.RATINGS}
    assert bool(ratings & set(found.figures)) is (sees or not narrowed)
    in_tables = {column.key for table in found.tables for column in table.columns}
    assert bool(ratings & in_tables) is sees
    assert "follow_ups" in found.figures
    assert ("按部门的见“满意度汇总”" in text_of(answer)) is not sees
    sheets = load_workbook(io.BytesIO(signed_in(cast, who).get(EXCEL, asked).content))
    words = {str(cell.value) for sheet in sheets for row in sheet.iter_rows() for cell in row}
    assert any("满意" in word for word in words) is (sees or not narrowed)


@pytest.mark.clause("[5.2]")
def test_ratings_of_a_closed_quarter_are_split_by_area_and_street_with_the_small_withheld(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(1, today=TODAY, by=cast.bureau_staff, sittings=30)
    monkeypatch.setattr(policy, "RATINGS_IN_A_SUM_MIN", 1)  # a small world
    Closing.objects.filter(taken_up_at=None).update(taken_up_at=datetime(2026, 12, 31, tzinfo=UTC))
    with time_machine.travel(datetime(2027, 2, 1, 4, tzinfo=UTC), tick=False):
        answer = signed_in(cast, "leader").get(PAGE, THE_QUARTER)
        narrowed = signed_in(cast, "leader").get(
            PAGE, THE_QUARTER | {"area": answer.context["found"].table("area").rows[0].key}
        )
    tables = {table.dimension: table for table in answer.context["found"].tables}
    columns = {name: {column.key for column in table.columns} for name, table in tables.items()}
    assert {name: "satisfied" in keys for name, keys in columns.items()} == {
        "department": False,
        "area": True,
        "district": True,
    }
    assert "不列出" in text_of(answer), "where nobody rated at all"
    assert all("satisfied" not in {one.key for one in table.columns} for table in narrowed.context["found"].tables)


@pytest.mark.clause("[5.2]")
@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ({1: 20, 2: 3, 3: 9, 4: 6}, [["6", "90.9%"], ["6", "不列出"], ["6", "81.8%"], ["6", "不列出"]]),
        ({1: 4, 2: 3}, [["6"], ["6"]]),
    ],
)
def test_a_line_that_the_others_would_give_away_is_withheld_with_the_small_one(
    given: dict[int, int], shown: list[list[str]]
) -> None:
    columns = (BY_KEY["follow_ups"], BY_KEY["rated"])

    def row(key: int, rated: int) -> TableRow:
        return TableRow(key, "", (Cell(columns[0], Count(6)), Cell(columns[1], Count(rated, rated + 2))))

    rows = tuple(row(key, rated) for key, rated in given.items())
    found = protected(Table("area", "", "", columns, rows, row(0, sum(given.values()))))
    assert [[cell.value for cell in row.cells] for row in found.rows] == shown
    assert len(found.columns) == len(found.total.cells) == len(shown[0])


@pytest.mark.clause("[5.2]")
def test_a_head_sees_the_own_department_alone_and_no_ratings(world: World, cast: Cast) -> None:
    client = signed_in(cast, "department_head")
    own = cast.department_head.membership.department
    other = cast.other_department_staff.membership.department
    answer = client.get(PAGE, THE_QUARTER | {"department": other.pk})
    page, found = text_of(answer), answer.context["found"]
    assert found.filters.department == own.pk
    assert found.table("department") is None
    assert not [word for word in ("满意", "回访", "评价率") if word in page.split('id="content-main"')[1]]
    figures = of_quarter(QUARTER, department=own.pk, today=TODAY)
    assert found["solved"].count == figures["solved"].count
    sheet = load_workbook(io.BytesIO(client.get(EXCEL, THE_QUARTER).content))
    said = str([[cell.value for cell in row] for one in sheet for row in one.iter_rows()])
    assert not [word for word in ("满意", "回访", "评价") if word in said]


def test_lists_show_no_contact_data(world: World, cast: Cast) -> None:
    client = signed_in(cast, "leader")
    Booking.objects.update(mobile="13912345678", representative_name="钱某某")
    for definition in FIGURES:
        answer = client.get(LIST, THE_QUARTER | {"figure": definition.key, "part": "out_of"})
        if answer.status_code == 200:
            assert "13912345678" not in answer.content.decode()
            assert "钱某某" not in answer.content.decode()


def test_an_empty_quarter_says_so(world: World, cast: Cast) -> None:
    page = text_of(signed_in(cast, "leader").get(PAGE, {"quarter": "2031-2"}))
    assert "2031年第二季度没有" in page
    assert "<figure " not in page


@pytest.mark.parametrize("asked", ["", "2026-9", "nonsense", "2026-4-1", "9999-4", "1999-4"])
def test_nonsense_in_the_address_shows_the_quarter_of_today(world: World, cast: Cast, asked: str) -> None:
    assert "2026年第四季度" in text_of(signed_in(cast, "leader").get(PAGE, {"quarter": asked, "area": "x"}))


@pytest.mark.parametrize("figure", ["", "nonsense", "schedule_kept&area=1"])
def test_a_list_of_no_figure_is_not_found(world: World, cast: Cast, figure: str) -> None:
    assert signed_in(cast, "leader").get(f"{LIST}?figure={figure}").status_code == 404


def test_the_workbook_holds_the_figures_and_the_tables_and_is_audited(world: World, cast: Cast) -> None:
    area = world.rows[Booking][0].demand_area or next(b.demand_area for b in world.rows[Booking] if b.demand_area)
    type(area).objects.filter(pk=area.pk).update(name="=1+1")
    book = load_workbook(io.BytesIO(signed_in(cast, "leader").get(EXCEL, THE_QUARTER).content))
    found = of_quarter(QUARTER, today=TODAY)
    assert book.sheetnames == ["指标", "按部门", "按诉求领域", "按街道、园区"]
    rows = {row[1].value: row for row in book["指标"].iter_rows(min_row=3)}
    assert len(rows) == len(FIGURES)
    solved = found["solved"]
    written = [cell.value for cell in rows[solved.label]][2:5]
    assert written == [solved.value, solved.count.numerator, solved.count.denominator]
    cells = [row[0] for row in book["按诉求领域"].iter_rows(min_row=3)]
    (formula,) = [cell for cell in cells if str(cell.value).startswith("=")]
    assert (formula.data_type, formula.quotePrefix) == ("s", True)
    entry = AuditEntry.objects.get(action="export_quarter")
    assert (entry.user, entry.subject) == (cast.leader, "reports.quarter:2026-4")
