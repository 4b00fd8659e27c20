"""The quarter's figures and tables in Excel: as on the page, with what each figure means. [3.10]"""

from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook

from core.sheets import fill_table
from core.templatetags.cn import cn_date
from reports.figures import Cell, Count, Definition, QuarterFigures, Table, Unit


def quarter_workbook(found: QuarterFigures) -> Workbook:
    workbook = Workbook()
    sheet: Any = workbook.active
    sheet.title = _("指标")
    add_figures(sheet, found)
    for table in found.tables:
        add_table(workbook.create_sheet(table.title), found, table)
    return workbook


def title_of(found: QuarterFigures, what: str) -> str:
    """2026年第四季度“局长坐诊接诉”工作指标（市税务局；数据截至2026年11月26日）"""
    day = cn_date(found.today).partition("（")[0]
    about = "；".join(part for part in (found.narrowed_to, _("数据截至%s") % day) if part)
    return _("%(quarter)s“局长坐诊接诉”%(what)s（%(about)s）") % {
        "quarter": found.quarter.title,
        "what": what,
        "about": about,
    }


def add_figures(sheet: Any, found: QuarterFigures) -> None:
    """A line for each figure, in the order of the chain."""
    headings = [
        *(_("环节"), _("指标"), _("本季"), _("分子"), _("分母"), _("说明")),
        *(_("上季"), _("较上季"), _("上年同期"), _("较上年同期"), _("条款"), _("口径")),
    ]
    rows = []
    for figure in found.figures.values():
        one = figure.definition
        counts = [figure.count.numerator, figure.count.denominator]
        before, year_before = (_written(one, count) for count in (figure.before, figure.year_before))
        rows.append(
            [
                *(str(one.part.value), figure.label, _plain(one, figure.count), *counts, figure.note),
                *(before, figure.change, year_before, figure.change_of_the_year, one.clause, one.explanation),
            ]
        )
    fill_table(sheet, title_of(found, _("工作指标")), headings, rows, [10, 24, 10, 8, 8, 12, 16, 16, 16, 16, 9, 60])


def add_table(sheet: Any, found: QuarterFigures, table: Table) -> None:
    headings = [table.heading, *(str(column.label) for column in table.columns)]
    rows = [[row.label, *(_in_a_cell(cell) for cell in row.cells)] for row in (*table.rows, table.total)]
    fill_table(sheet, title_of(found, table.title), headings, rows, [22, *[14] * len(table.columns)])


def _in_a_cell(cell: Cell) -> Any:
    return cell.value if cell.withheld else _written(cell.definition, cell.count)


def _plain(one: Definition, count: Count) -> Any:
    return count.numerator if one.unit is Unit.COUNT else one.value_of(count)


def _written(one: Definition, count: Count) -> Any:
    """12; 92.3%（12/13）; 3/4."""
    fraction = one.fraction_of(count) if count.denominator else ""
    return f"{one.value_of(count)}（{fraction}）" if fraction else _plain(one, count)
