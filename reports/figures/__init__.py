"""The figures of a quarter: one definition for each, used by page, Excel, Word and lists. [3.10]

    found = of_quarter(Quarter(2026, 4), department=…, area=…, district=…, with_ratings=…, today=…)

    found.quarter.title                  2026年第四季度
    found["solved"]                      Figure, by its key (`definitions` lists them in the order of the chain)
        .label .value .fraction .text    办理解决率, 92.3%, 12/13, 92.3%（12/13）
        .note                            基数不足 5, or ""
        .change .change_of_the_year      +3.2 个百分点, against the quarter before and the year before; "" if none
        .count .before .year_before      Count(numerator, denominator)
        .history                         five of them, the oldest first, the last the quarter's own
        .definition                      .clause .explanation .part (组 of the chain) .word (件, 期 …)
    found.figures                        all of them by key; those that a filter cannot tell apart are left out
    found.tables, found.table("department"), ("area"), ("district")
        .title .heading .columns         definitions, in order
        .rows .total                     TableRow(key, label, cells), each Cell with .value .fraction .is_few
    found.is_empty
    charts.charts_of(found)              Chart(key, title, summary, width, height) with .svg and .png(scale)

Every source is counted in one query for five quarters and all tables; nothing here asks in a loop.
"""

from reports.figures.counting import counted_rows, of_quarter
from reports.figures.counts import Count, Filters
from reports.figures.definition import Definition, Part, Unit
from reports.figures.definitions import BY_KEY, FIGURES
from reports.figures.quarter import Quarter
from reports.figures.shapes import Cell, Figure, QuarterFigures, Table, TableRow

__all__ = [
    "BY_KEY",
    "FIGURES",
    "Cell",
    "Count",
    "Definition",
    "Figure",
    "Filters",
    "Part",
    "Quarter",
    "QuarterFigures",
    "Table",
    "TableRow",
    "Unit",
    "counted_rows",
    "of_quarter",
]
