"""What the figures of a quarter give a report: sentences, tables, charts, and the cases that they count. [3.10]

No rating of a single case is in it, and no follow-up: departments read bulletins. [5.2]
"""

import base64
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appointments.enums import INVOLVED
from cases.enums import TAKES_PART
from cases.models import Case
from reports.figures import BY_KEY, Definition, Filters, Quarter, QuarterFigures, Table, counted_rows, of_quarter
from reports.figures.charts import WHOLE, charts_of
from reports.figures.definition import Part
from reports.figures.shapes import Count, Figure
from reports.rating_sums import PLACES, WITHHELD, RatingSums, Told, rating_sums, table_of_ratings
from reports.sentences import texts_of

# What the bulletin's tables show. The first says the whole, the others by whom and where.
MAIN = (
    *("schedule_kept", "numbers_used", "refused", "received", "on_the_spot", "handed_over"),
    *("plan_on_time", "feedback_on_time", "feedback_on_time_original", "closed", "solved"),
    *("rated", "satisfied", "satisfied_with_silence"),
)
BY_DEPARTMENT = ("received", "on_the_spot", "handed_over", "feedback_on_time", "feedback_on_time_original", "solved")
BY_OTHERS = ("received", "on_the_spot", "handed_over", "solved")
TABLES = (
    ("department", gettext_lazy("各部门办理情况"), BY_DEPARTMENT),
    ("area", gettext_lazy("各诉求领域办理情况"), BY_OTHERS),
    ("district", gettext_lazy("各街道、园区办理情况"), BY_OTHERS),
)
# The lists' own names stand in the first column, which is wider than the others.
FIRST, OTHER = 9, 5
# In which part a chart stands; what is not named stands with the whole.
CHART_PARTS = {"punctuality": "handling", "results": "handling", "ratings": "rating"}
CHART_SCALE = 2
CASE_HEADS = (
    gettext_lazy("编号"),
    gettext_lazy("企业名称"),
    gettext_lazy("诉求"),
    gettext_lazy("诉求领域"),
    gettext_lazy("责任单位"),
    gettext_lazy("坐诊日期"),
    gettext_lazy("处理方式"),
    gettext_lazy("办理轮次"),
    gettext_lazy("状态"),
    gettext_lazy("办理结果"),
    gettext_lazy("销号日期"),
)
CASES_AT_ONCE = 1000


@dataclass(frozen=True)
class Material:
    """`texts` by the key of a part; `figures` and `cases` as a report keeps them."""

    texts: dict[str, str] = field(default_factory=dict)
    figures: dict[str, Any] = field(default_factory=dict)
    cases: list[dict[str, Any]] = field(default_factory=list)


def material_of(year: int, quarter: int, now: datetime) -> Material:
    today = timezone.localdate(now)
    found = of_quarter(Quarter(year, quarter), today=today)
    sums = rating_sums(found, today)
    figures = {
        "case_heads": [str(head) for head in CASE_HEADS],
        "tables": [*tables_of(found, sums)],
        "charts": [*pictures_of(found, sums)],
    }
    return Material(texts_of(found, sums.told[-1]), figures, list(cases_of(found.quarter, now)))


def tables_of(found: QuarterFigures, sums: RatingSums) -> Iterator[dict[str, Any]]:
    yield main_table(found, sums)
    for dimension, caption, keys in TABLES:
        table = found.table(dimension)
        if table is not None and table.rows:
            yield table_by(table, str(caption), keys)
    if (ratings := table_of_ratings(sums)) is not None:
        yield ratings


def main_table(found: QuarterFigures, sums: RatingSums) -> dict[str, Any]:
    """The quarter beside the one before and the same one a year ago."""
    rows = []
    for key in MAIN:
        figure = found.get(key)
        if figure is not None:
            told = [
                said(figure, count) if may_tell(figure, sums, at) else WITHHELD for at, count in columns_of(figure)
            ]
            rows.append([figure.label, *told, (WITHHELD not in told and figure.change) or "—"])
    heads = [
        _("指标"),
        found.quarter.short,
        found.quarter.before.short,
        found.quarter.year_before.short,
        _("较上季度"),
    ]
    return {
        "section": "overall",
        "caption": _("主要指标"),
        "heads": heads,
        "rows": rows,
        "widths": [7, 6, 6, 6, 6],
        "note": _("注：率下方为分子/分母；基数不足5的只列分子、分母，不计比率。"),
    }


def table_by(table: Table, caption: str, keys: Sequence[str]) -> dict[str, Any]:
    """A table's lines, and the sum of all. Ratings are no part of it: by department they are shown nowhere alone."""
    places = [place for place, column in enumerate(table.columns) if column.key in keys]
    rows = [
        [row.label, *(said(row.cells[place], row.cells[place].count) for place in places)]
        for row in (*table.rows, table.total)
    ]
    return {
        "section": "handling",
        "caption": caption,
        "heads": [table.heading, *(in_lines(table.columns[place].label) for place in places)],
        "rows": rows,
        "widths": [FIRST, *([OTHER] * len(places))],
    }


def in_lines(label: Any) -> str:
    """反馈按期率 above （按原定期限）."""
    return str(label).replace("（", "\n（")


def columns_of(figure: Figure) -> list[tuple[int, Count]]:
    """The quarter, the one before, the same one a year ago: each with its place in the history."""
    return [(at, figure.history[at]) for at in PLACES]


def said(figure: Any, count: Count) -> str:
    """92.3%, and 12/13 on a line of its own."""
    definition: Definition = figure.definition
    fraction = definition.fraction_of(count)
    value = definition.value_of(count)
    return f"{value}\n{fraction}" if fraction and count.denominator else value


def may_tell(figure: Figure, sums: RatingSums, at: int) -> bool:
    """Of ratings only what their sums may tell. [5.2]"""
    return figure.definition.part is not Part.RATINGS or sums.told[at] == Told.WHOLE


def pictures_of(found: QuarterFigures, sums: RatingSums) -> Iterator[dict[str, Any]]:
    """That of ratings only when each of its quarters may be told. [5.2]"""
    for chart in charts_of(found):
        if chart.key == "ratings" and any(told != Told.WHOLE for told in sums.told.values()):
            continue
        yield {
            "is_wide": chart.width == WHOLE,
            "section": CHART_PARTS.get(chart.key, "overall"),
            "caption": chart.title,
            "about": chart.summary,
            "png": base64.b64encode(chart.png(CHART_SCALE)).decode(),
        }


def cases_of(quarter: Quarter, now: datetime) -> Iterator[dict[str, Any]]:
    """Every case that the quarter's figures count, in order of its day and number; no contact data. [3.10]"""
    counted = counted_rows(BY_KEY["handed_over"], quarter, Filters(), timezone.localdate(now), out_of=True)
    related = counted.select_related("booking__sitting", "booking__demand_area")
    together = related.prefetch_related("assignments__department", "booking__verifications__department")
    for case in together.order_by("booking__sitting__day", "booking__reference").iterator(chunk_size=CASES_AT_ONCE):
        yield case_line(case)


def case_line(case: Case) -> dict[str, Any]:
    """As it is written, with the keys of the departments that it concerns."""
    booking = case.booking
    parts = list(case.assignments.all())
    acting = [row for row in parts if row.round == case.round and row.status in TAKES_PART]
    acting = acting or [row for row in booking.verifications.all() if row.status in INVOLVED]
    units = [row.department.name for row in sorted(acting, key=lambda row: (not row.is_lead, row.pk))]
    concerned = {row.department_id for row in (*parts, *acting)}
    cells = [
        booking.reference,
        booking.company_name,
        booking.title,
        str(booking.demand_area or ""),
        "、".join(units),
        f"{booking.sitting.day:%Y-%m-%d}",
        str(case.get_outcome_display()),
        str(case.round),
        str(case.get_status_display()),
        str(case.get_result_display()) if case.result else "",
        f"{timezone.localtime(case.closed_at):%Y-%m-%d}" if case.closed_at else "",
    ]
    return {"departments": sorted(concerned), "cells": cells}
