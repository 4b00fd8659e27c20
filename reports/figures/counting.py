"""Counting a quarter: one query for each source, whatever figures, tables and quarters are made of it. [3.10]"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import BigIntegerField, Case, Count, F, IntegerField, Sum, Value, When
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from appointments.enums import ChoiceKind
from appointments.models import Choice
from departments.models import Department
from reports.figures.counts import Count as Counted
from reports.figures.counts import Filters
from reports.figures.definition import Definition, Part
from reports.figures.definitions import BY_KEY, FIGURES
from reports.figures.protecting import can_be_split, protected
from reports.figures.quarter import Quarter
from reports.figures.shapes import Cell, Figure, QuarterFigures, Table, TableRow
from reports.figures.sources import AREA, DEPARTMENT, DIMENSIONS, DISTRICT, Source

# What the tables show, in their order; those that a table's rows cannot be told apart by are left out.
COLUMNS = (
    *("sat", "received", "on_the_spot", "handed_over", "plan_on_time", "feedback_on_time"),
    *("feedback_on_time_original", "overdue_open", "solved"),
    *("rated", "satisfied", "satisfied_with_silence", "follow_ups"),
)
TITLES: dict[str, tuple[str | Promise, str | Promise, str | Promise]] = {
    DEPARTMENT: (_("按部门"), _("部门"), _("尚未明确部门")),
    AREA: (_("按诉求领域"), _("诉求领域"), _("未填写领域")),
    DISTRICT: (_("按街道、园区"), _("街道、园区"), _("未填写街道、园区")),
}
# (quarter's place in `seen_together`, key of department, of area, of district) -> key of figure -> what was counted.
Cube = dict[tuple[int, int | None, int | None, int | None], dict[str, Counted]]


def of_quarter(
    quarter: Quarter,
    *,
    department: int | None = None,
    area: int | None = None,
    district: int | None = None,
    with_ratings: bool = True,
    split_ratings: bool = True,
    today: date | None = None,
) -> QuarterFigures:
    """All figures of a quarter, with the four before it, and its tables.

    `with_ratings` false: without ratings and follow-ups, which departments do not see. `split_ratings` false: ratings
    are never narrowed, where a figure may be one round: who rated how; and stand in tables of closed quarters alone,
    with what is too small withheld. By department they stand in `evaluations.selectors_sums`, protected too. [5.2]
    """
    filters = Filters(department, area, district)
    dimensions = [dimension for dimension in DIMENSIONS if dimension not in filters.given()]
    wanted = [row for row in FIGURES if row.accepts(filters) and (with_ratings or not row.is_guarded)]
    unrated = [row for row in wanted if row.part is not Part.RATINGS]
    if filters.given() and not split_ratings:
        wanted = unrated
    today = today or timezone.localdate()
    rated_by: Collection[str] = dimensions
    if not split_ratings:
        rated_by = (AREA, DISTRICT) if wanted != unrated and can_be_split(quarter, today) else ()
    cube, names = _cube(wanted, quarter, filters, today), {dimension: _names(dimension) for dimension in DIMENSIONS}
    tables = [_table(one, names[one], cube, wanted if one in rated_by else unrated) for one in dimensions]
    return QuarterFigures(
        quarter=quarter,
        filters=filters,
        figures={row.key: Figure(row, _history(cube, row)) for row in wanted},
        tables=tuple(tables if split_ratings else map(protected, tables)),
        today=today,
        names=names,
        with_ratings=with_ratings,
    )


def counted_rows(definition: Definition, quarter: Quarter, filters: Filters, today: date, *, out_of: bool) -> Any:
    """The rows that a figure counts, or those that it counts out of: what its list shows. [3.10]"""
    which = definition.out_of if out_of and definition.out_of is not None else definition.counted
    return _filtered(definition.source, quarter.first, quarter.after, filters, today).filter(which)


def _filtered(
    source: Source, first: date, after: date, filters: Filters, today: date, also: Collection[str] = ()
) -> Any:
    wanted = {f"dim_{name}": key for name, key in filters.given().items()}
    return source.between(first, after, today, {*filters.given(), *also}).filter(**wanted)


def _cube(wanted: list[Definition], quarter: Quarter, filters: Filters, today: date) -> Cube:
    cube: Cube = defaultdict(dict)
    of_source: dict[str, list[Definition]] = defaultdict(list)
    for definition in wanted:
        of_source[definition.source.key].append(definition)
    for definitions in of_source.values():
        source = definitions[0].source
        for row in _grouped(source, definitions, quarter, filters, today):
            keys = (row["period"], *(row.get(f"of_{name}") for name in DIMENSIONS))
            cube[keys] |= {one.key: _counted(one, row) for one in definitions}
    return cube


def _grouped(
    source: Source, definitions: list[Definition], quarter: Quarter, filters: Filters, today: date
) -> Iterable[dict[str, Any]]:
    """One query: a line for each quarter, department, area and district that has something.

    Whose a row is costs a look at other tables: only asked of the quarter that the tables show. Of the others there is
    a line for each quarter.
    """
    earlier, totals = quarter.seen_together[:-1], _all_totals(definitions)
    whens = [When(**{f"{source.day}__lt": source.edge(one.after)}, then=Value(at)) for at, one in enumerate(earlier)]
    before = _filtered(source, earlier[0].first, quarter.first, filters, today)
    this = _filtered(source, quarter.first, quarter.after, filters, today, also=source.dimensions)
    nobody = {f"of_{name}": Value(None, BigIntegerField()) for name in source.dimensions}
    whose = {f"of_{name}": Cast(F(f"dim_{name}"), BigIntegerField()) for name in source.dimensions}
    of_before = before.annotate(period=Case(*whens, output_field=IntegerField()), **nobody)
    of_this = this.annotate(period=Value(len(earlier), IntegerField()), **whose)
    lines = [rows.order_by().values("period", *whose).annotate(**totals) for rows in (of_before, of_this)]
    return lines[0].union(lines[1], all=True)


def _all_totals(definitions: list[Definition]) -> dict[str, Any]:
    return {name: total for one in definitions for name, total in _totals(one).items()}


def _totals(definition: Definition) -> dict[str, Any]:
    totals: dict[str, Any] = {f"n_{definition.key}": Count("pk", filter=definition.counted or None)}
    if definition.out_of is not None:
        totals[f"d_{definition.key}"] = Count("pk", filter=definition.out_of or None)
    if definition.measure:
        totals[f"t_{definition.key}"] = Sum(definition.measure, filter=definition.counted or None)
    return totals


def _counted(definition: Definition, row: dict[str, Any]) -> Counted:
    key = definition.key
    return Counted(row[f"n_{key}"], row.get(f"d_{key}"), row.get(f"t_{key}") or timedelta())


def _nothing(definition: Definition) -> Counted:
    return Counted(0, None if definition.out_of is None else 0)


def _history(cube: Cube, definition: Definition) -> tuple[Counted, ...]:
    history = [_nothing(definition)] * 5
    for (period, *_dimensions), counts in cube.items():
        if definition.key in counts:
            history[period] += counts[definition.key]
    return tuple(history)


def _table(dimension: str, named: list[tuple[int, str]], cube: Cube, wanted: list[Definition]) -> Table:
    """Of the quarter itself, its last period: rows in the order in which the bureau keeps them, never by size."""
    offered = {row.key for row in wanted}
    columns = tuple(BY_KEY[key] for key in COLUMNS if key in offered and dimension in BY_KEY[key].source.dimensions)
    place = 1 + DIMENSIONS.index(dimension)
    lines: dict[int | None, dict[str, Counted]] = defaultdict(dict)
    for keys, counts in cube.items():
        if keys[0] == 4:
            line = lines[keys[place]]
            for column in columns:
                if column.key in counts:
                    line[column.key] = line.get(column.key, _nothing(column)) + counts[column.key]
    title, heading, unnamed = TITLES[dimension]
    names = [*named, (None, str(unnamed))]
    rows = [_row(key, label, columns, lines[key]) for key, label in names if any(_has(c) for c in lines[key].values())]
    total = _row(None, str(_("合计")), columns, {column.key: _history(cube, column)[-1] for column in columns})
    return Table(dimension, str(title), str(heading), columns, tuple(rows), total)


def _has(count: Counted) -> bool:
    return bool(count.numerator or count.denominator)


def _row(key: int | None, label: str, columns: tuple[Definition, ...], counts: dict[str, Counted]) -> TableRow:
    return TableRow(key, label, tuple(Cell(one, counts.get(one.key, _nothing(one))) for one in columns))


def _names(dimension: str) -> list[tuple[int, str]]:
    """Keys and names in the notice's order of departments, or the list's. [2]"""
    if dimension == DEPARTMENT:
        return list(Department.objects.order_by("position", "name").values_list("pk", "name"))
    kind = ChoiceKind.AREA if dimension == AREA else ChoiceKind.DISTRICT
    return list(Choice.objects.filter(kind=kind).order_by("position", "pk").values_list("pk", "name"))
