"""Ratings by area, street and park as the leadership and the bureau may read them: never one round's. [5.2]"""

from dataclasses import replace
from datetime import date

from evaluations.selectors_sums import Quarter as SumsOf
from evaluations.selectors_sums import Sum, closed_quarters, protect
from reports.figures.definition import Part
from reports.figures.quarter import Quarter
from reports.figures.shapes import Table, TableRow


def can_be_split(quarter: Quarter, today: date) -> bool:
    """Once nobody of the quarter can rate in time any more: before, each day's difference would be one rating."""
    return quarter.is_over(today) and SumsOf(quarter.year, quarter.number) <= closed_quarters(today)[0]


def protected(table: Table) -> Table:
    """Ratings of a line with fewer than five are not listed, nor those of a line that would give them away; where that
    leaves no line, the table has no ratings.
    """
    place = next((place for place, column in enumerate(table.columns) if column.key == "rated"), None)
    if place is None:
        return table
    shown = protect({row.key: Sum(given=row.cells[place].count.numerator) for row in table.rows}).cells
    if not any(shown.values()):
        columns = tuple(column for column in table.columns if column.part is not Part.RATINGS)
        rows = tuple(map(_without_ratings, table.rows))
        return replace(table, columns=columns, rows=rows, total=_without_ratings(table.total))
    return replace(table, rows=tuple(row if shown[row.key] else _withheld(row) for row in table.rows))


def _without_ratings(row: TableRow) -> TableRow:
    return replace(row, cells=tuple(cell for cell in row.cells if cell.definition.part is not Part.RATINGS))


def _withheld(row: TableRow) -> TableRow:
    cells = (replace(cell, withheld=cell.definition.part is Part.RATINGS) for cell in row.cells)
    return replace(row, cells=tuple(cells))
