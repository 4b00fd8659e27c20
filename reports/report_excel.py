"""The same report in Excel: text, tables, charts, and the list of cases that the figures count. [3.10]"""

import io
from collections.abc import Callable, Sequence
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.drawing.image import Image

from core.streaming_sheets import HEADING, TEXT, TITLE, add_line, add_table, set_columns
from reports.content import Paper

TEXT_COLUMN = 100
TABLE_COLUMN, CASE_COLUMN = 16, 18
CHART_WIDTH, CHART_LINES = 640, 24


def report_workbook(
    paper: Paper,
    cases: Sequence[dict[str, Any]] | None = None,
    tell: Callable[[int], None] = lambda written: None,
) -> bytes:
    """`cases` are the lines that the reader may see; without them the file has no such sheet."""
    workbook = Workbook(write_only=True)
    _text(workbook.create_sheet(_("正文")), paper)
    _tables(workbook, paper)
    _charts(workbook, paper)
    if cases is not None:
        sheet = workbook.create_sheet(_("办件清单"))
        set_columns(sheet, [6] + [CASE_COLUMN] * len(paper.case_heads), landscape=True)
        sheet.freeze_panes = "A3"
        sheet.print_title_rows = "1:2"
        rows = ([number, *row["cells"]] for number, row in enumerate(cases, start=1))
        add_table(sheet, _("办件清单"), [_("序号"), *paper.case_heads], rows, tell)
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def _text(sheet: Any, paper: Paper) -> None:
    set_columns(sheet, [TEXT_COLUMN], landscape=False)
    add_line(sheet, [paper.title], TITLE, boxed=False)
    for line in filter(None, (paper.mark, paper.number, f"{paper.addressee}：")):
        add_line(sheet, [line], boxed=False)
    for part in paper.parts:
        if part.heading:
            add_line(sheet, [part.heading], HEADING, boxed=False)
        for line in part.lines:
            add_line(sheet, [line], TEXT, boxed=False)


def _tables(workbook: Workbook, paper: Paper) -> None:
    tables = list(paper.tables)
    if not tables:
        return
    sheet = workbook.create_sheet(_("数据"))
    columns = max(len(table.heads) for table in tables)
    set_columns(sheet, [TABLE_COLUMN + 6] + [TABLE_COLUMN] * (columns - 1), landscape=True)
    for table in tables:
        add_table(sheet, table.caption, table.heads, table.rows)
        if table.note:
            add_line(sheet, [table.note], boxed=False)
        sheet.append([])


def _charts(workbook: Workbook, paper: Paper) -> None:
    charts = list(paper.charts)
    if not charts:
        return
    sheet = workbook.create_sheet(_("图表"))
    for place, chart in enumerate(charts):
        picture = Image(io.BytesIO(chart.picture))
        picture.width, picture.height = CHART_WIDTH, int(CHART_WIDTH * picture.height / picture.width)
        sheet.add_image(picture, f"A{1 + place * CHART_LINES}")
