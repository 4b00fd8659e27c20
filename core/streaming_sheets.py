"""Long Excel lists, written line by line: what is written is no longer held in memory."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from core.sheets import BOX, HEADING_FONT, TEXT_FONT, TITLE_FONT, put

HEADING, TEXT, TITLE = Font(name=HEADING_FONT, size=11), Font(name=TEXT_FONT, size=11), Font(name=TITLE_FONT, size=16)
WRAPPED = Alignment(wrap_text=True, vertical="center")


def set_columns(sheet: Any, widths: Sequence[int], *, landscape: bool) -> None:
    """Before the first line: the file begins with them."""
    for column, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def add_line(sheet: Any, values: Sequence[Any], font: Font = TEXT, *, boxed: bool = True) -> None:
    cells = []
    for value in values:
        cell = WriteOnlyCell(sheet)
        put(cell, value)
        cell.font, cell.alignment = font, WRAPPED
        if boxed:
            cell.border = BOX
        cells.append(cell)
    sheet.append(cells)


def add_table(
    sheet: Any,
    title: str,
    heads: Sequence[str],
    rows: Iterable[Sequence[Any]],
    tell: Callable[[int], None] = lambda written: None,
) -> None:
    """Title, head and rows; `tell` is told after each row how many are written."""
    add_line(sheet, [title], TITLE, boxed=False)
    add_line(sheet, heads, HEADING)
    for written, row in enumerate(rows, start=1):
        add_line(sheet, row)
        tell(written)
