"""Every figure equals a slow, plain recomputation, whatever the rows are; and what the definitions promise. [3.10]"""

from datetime import date
from typing import Any

import pytest

from appointments.enums import ChoiceKind
from appointments.models import Choice, Verification
from departments.models import Department
from reports.figures import BY_KEY, FIGURES, Count, Figure, Filters, Part, Quarter, Unit, counted_rows, of_quarter
from reports.figures.lists import LISTINGS, listed
from tests.conftest import Cast
from tests.reports.random_quarters import fill
from tests.reports.slow_figures import Slow, quarters_back

pytestmark = [pytest.mark.clause("[3.10]"), pytest.mark.django_db]
TODAY = date(2026, 11, 20)
QUARTER = Quarter(2026, 4)
# Of nine kinds of rows, and the names of departments, areas and districts.
QUERIES = 13


def plain(count: Count) -> list[Any]:
    return [count.numerator, count.denominator, count.total.total_seconds()]


def compare(quarter: Quarter, **filters: int | None) -> int:
    """All five quarters; returns how many things were counted at all."""
    found = of_quarter(quarter, today=TODAY, **filters)
    for place, (first, last) in enumerate(quarters_back(quarter.year, quarter.number)):
        slow = Slow(first, last, TODAY, dict(filters)).counts
        fast = {key: plain(figure.history[place]) for key, figure in found.figures.items()}
        nothing = {key: [0, None if BY_KEY[key].out_of is None else 0, 0.0] for key in fast}
        assert fast == nothing | slow
    return sum(count.numerator for figure in found.figures.values() for count in figure.history)


@pytest.mark.parametrize("seed", range(4))
def test_every_figure_equals_its_plain_recomputation(cast: Cast, seed: int) -> None:
    fill(seed, today=TODAY, by=cast.bureau_staff)
    assert compare(Quarter(2026, 4 - seed % 3)) > 100


@pytest.mark.parametrize("dimension", ["department", "area", "district"])
def test_a_filtered_figure_equals_its_plain_recomputation(cast: Cast, dimension: str) -> None:
    world = fill(77, today=TODAY, by=cast.bureau_staff)
    kinds = {"area": ChoiceKind.AREA, "district": ChoiceKind.DISTRICT}
    if dimension == "department":
        key = world.rows[Verification][0].department_id
    else:
        key = Choice.objects.filter(kind=kinds[dimension])[1].pk
    assert compare(QUARTER, **{dimension: key}) > 10


@pytest.mark.parametrize("dimension", ["department", "area", "district"])
def test_a_tables_lines_add_up_to_its_total(cast: Cast, dimension: str) -> None:
    fill(5, today=TODAY, by=cast.bureau_staff)
    found = of_quarter(QUARTER, today=TODAY)
    table = found.table(dimension)
    assert table is not None
    assert len(table.rows) > 2
    for place, column in enumerate(table.columns):
        lines = [row.cells[place].count for row in table.rows]
        assert (
            sum((count for count in lines), Count(0, None if column.out_of is None else 0)) == found[column.key].count
        )
        assert table.total.cells[place].count == found[column.key].count


def test_a_tables_line_is_the_quarter_narrowed_to_it(cast: Cast) -> None:
    fill(9, today=TODAY, by=cast.bureau_staff)
    table = of_quarter(QUARTER, today=TODAY).table("department")
    assert table is not None
    row = next(row for row in table.rows if row.key is not None)
    narrowed = of_quarter(QUARTER, today=TODAY, department=row.key)
    assert {cell.definition.key: cell.count for cell in row.cells} == {
        column.key: narrowed[column.key].count for column in table.columns
    }


def test_departments_stand_in_the_notices_order_whatever_their_figures(cast: Cast) -> None:
    fill(3, today=TODAY, by=cast.bureau_staff)
    table = of_quarter(QUARTER, today=TODAY).table("department")
    assert table is not None
    shown = [row.key for row in table.rows if row.key is not None]
    order = Department.objects.order_by("position", "name").values_list("pk", flat=True)
    assert shown == [key for key in order if key in shown]


def test_every_figure_opens_the_list_that_it_counts(cast: Cast) -> None:
    fill(4, today=TODAY, by=cast.bureau_staff)
    found = of_quarter(QUARTER, today=TODAY)
    for definition in FIGURES:
        count, listing = found[definition.key].count, LISTINGS[definition.source.key]
        for out_of, expected in ((False, count.numerator), (True, count.denominator)):
            rows = listed(definition.source.key, counted_rows(definition, QUARTER, Filters(), TODAY, out_of=out_of))
            lines = [listing.line(row) for row in rows]
            assert len(lines) == (count.numerator if expected is None else expected)
            assert {len(line.cells) for line in lines} <= {len(listing.headings)}


@pytest.mark.parametrize("sittings", [4, 12])
def test_a_quarter_is_read_in_a_fixed_number_of_queries(
    cast: Cast, sittings: int, django_assert_num_queries: Any
) -> None:
    fill(1, today=TODAY, by=cast.bureau_staff, sittings=sittings)
    with django_assert_num_queries(QUERIES):
        of_quarter(QUARTER, today=TODAY)


def test_an_empty_quarter_says_so(db: None) -> None:
    found = of_quarter(Quarter(2031, 1), today=TODAY)
    assert found.is_empty
    assert {figure.value for figure in found.figures.values()} == {"—", "0"}
    assert not any(table.rows for table in found.tables)


@pytest.mark.clause("[5.2]")
def test_what_departments_see_has_no_ratings_and_no_follow_ups(cast: Cast) -> None:
    fill(2, today=TODAY, by=cast.bureau_staff)
    found = of_quarter(QUARTER, today=TODAY, with_ratings=False)
    shown = {*found.figures, *(column.key for table in found.tables for column in table.columns)}
    assert not {BY_KEY[key].part for key in shown} & {Part.RATINGS, Part.FOLLOW_UPS}


def share(numerator: int, denominator: int, *before: int) -> Figure:
    other = Count(*before) if before else Count(0, 0)
    return Figure(BY_KEY["solved"], (other, other, other, other, Count(numerator, denominator)))


@pytest.mark.parametrize(
    ("figure", "value", "text", "note", "change"),
    [
        (share(12, 13), "92.3%", "92.3%（12/13）", "", ""),
        (share(1, 16, 1, 8), "6.3%", "6.3%（1/16）", "", "−6.2 个百分点"),
        (share(3, 4, 9, 10), "3/4", "3/4", "基数不足 5", ""),
        (share(5, 5, 4, 4), "100.0%", "100.0%（5/5）", "", ""),
        (share(8, 10, 4, 5), "80.0%", "80.0%（8/10）", "", "持平"),
        (share(0, 0), "—", "—", "", ""),
    ],
)
def test_a_rate_prints_its_numbers_and_says_when_they_are_few(
    figure: Figure, value: str, text: str, note: str, change: str
) -> None:
    assert (figure.value, figure.text, figure.note, figure.change) == (value, text, note, change)


@pytest.mark.parametrize("definition", FIGURES, ids=lambda one: one.key)
def test_each_definition_says_its_clause_and_where_it_belongs(definition: Any) -> None:
    assert definition.clause.startswith("[")
    assert str(definition.source.belongs) in definition.explanation
    assert definition.out_of is None or definition.meaning
    assert definition.unit is not Unit.MINUTES or definition.measure


@pytest.mark.parametrize(
    ("text", "quarter"), [("2026-4", QUARTER), ("2026-5", None), ("", None), ("26-1", None), ("2026-４", None)]
)
def test_a_quarter_is_read_from_an_address(text: str, quarter: Quarter | None) -> None:
    assert Quarter.parse(text) == quarter


def test_quarters_meet_across_the_year() -> None:
    first = Quarter(2026, 1)
    assert (first.before, first.before.after, first.year_before) == (Quarter(2025, 4), first.first, Quarter(2025, 1))
    assert Quarter.of(date(2026, 12, 31)) == QUARTER
    assert QUARTER.after == date(2027, 1, 1)
    assert QUARTER.title == "2026年第四季度"
