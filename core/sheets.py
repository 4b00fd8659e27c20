"""Excel sheets that go out: plain text cells, no live formulas, readable on paper."""

import io
import re
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import quote

from django.http import HttpResponse
from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
# Not allowed in XML.
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
TITLE_FONT, HEADING_FONT, TEXT_FONT = "方正小标宋简体", "黑体", "仿宋_GB2312"
THIN = Side(style="thin")
BOX = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)


def put(cell: Cell, value: Any) -> None:
    """Write a value. Text stays text: what looks like a formula is quoted, as a spreadsheet would do it.

    Characters that a workbook cannot hold are left out.
    """
    if isinstance(value, str):
        value = UNWRITABLE.sub("", value)
        cell.value = value
        cell.data_type = "s"
        if value.startswith(FORMULA_STARTS):
            cell.quotePrefix = True
    else:
        cell.value = value


def fill_table(
    sheet: Worksheet, title: str, headers: Sequence[str], rows: Iterable[Sequence[Any]], widths: Sequence[int]
) -> None:
    """Title, header and rows with borders; the header repeats on each printed page."""
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(headers))
    put(sheet["A1"], title)
    sheet["A1"].font = Font(name=TITLE_FONT, size=18)
    sheet["A1"].alignment = Alignment(horizontal="center", vertical="center")
    sheet.row_dimensions[1].height = 36
    for row_number, row in enumerate([headers, *rows], start=2):
        for column, value in enumerate(row, start=1):
            cell = sheet.cell(row_number, column)
            put(cell, value)
            cell.border = BOX
            cell.font = Font(name=HEADING_FONT if row_number == 2 else TEXT_FONT, size=11)
            cell.alignment = Alignment(wrap_text=True, vertical="center")
    for column, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = "A3"
    sheet.print_title_rows = "1:2"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def download(workbook: Workbook, name: str) -> HttpResponse:
    buffer = io.BytesIO()
    workbook.save(buffer)
    return download_bytes(buffer.getvalue(), name)


def download_bytes(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=XLSX)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response
