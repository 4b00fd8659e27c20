"""A workbook that somebody handed in, as lines of plain text. What is not a small, plain workbook is refused."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.utils.translation import gettext as _

from core.errors import Refused
from core.workbooks import MEGABYTE, lines_of
from sessions_app.excel import COLUMNS, HEADINGS, ROWS_MAX

FILE_BYTES_MAX = 2 * MEGABYTE
# Blank formatted lines below the table are common, and harmless up to here.
LINES_SCANNED_MAX = 20_000
COLUMNS_READ = 40
FORMULA, ERROR = "f", "e"
# Longer than any cell of ours can be; patterns are only tried on shorter ones.
CELL_CHARACTERS_MAX = 500
# Control characters, halves of characters, and what is no character: not for the database, nor for a page.
UNREADABLE = {"Cc", "Cs"}
NO_CHARACTERS = "\ufffe\uffff"


@dataclass(frozen=True)
class RawRow:
    """One line of the sheet: its number there, its cells as text in the order of the columns, what is wrong there."""

    number: int
    cells: tuple[str, ...]
    faults: tuple[str, ...] = ()


def read_workbook(content: bytes) -> list[RawRow]:
    """The lines of the first sheet, in any order of columns.

    Refuses `file_too_large`, `not_a_workbook`, `wrong_headings`, `too_many_rows`, `no_rows`.
    """
    lines = lines_of(content, bytes_max=FILE_BYTES_MAX, columns=COLUMNS_READ, limited=_limited)
    places = _places(lines[0] if lines else [])
    rows = []
    for number, line in enumerate(lines[1:], start=2):
        cells = [line[place] if place is not None and place < len(line) else None for place in places]
        texts = tuple(_text(cell.value) if cell is not None else "" for cell in cells)
        if any(texts):
            rows.append(RawRow(number, texts, tuple(_faults(cells, texts))))
    if not rows:
        raise Refused("no_rows", _("文件中没有场次。请在模板第二行起填写后再导入。"), field="file")
    return rows


def _limited(lines: Iterable[Sequence[Any]]) -> Iterator[Sequence[Any]]:
    """The lines that hold something count; the heading does not."""
    filled = -1
    for number, line in enumerate(lines):
        filled += any(cell.value is not None for cell in line)
        if filled > ROWS_MAX or number > LINES_SCANNED_MAX:
            message = _("超过 %s 行。一个年度的日程不会这么长，请核对内容。") % ROWS_MAX
            raise Refused("too_many_rows", message, field="file")
        yield line


def _places(heading: Sequence[Any]) -> list[int | None]:
    """Where each of our columns stands. Refuses `wrong_headings` with those that are missing."""
    titles = ["".join(unicodedata.normalize("NFKC", _text(cell.value)).split()) for cell in heading]
    missing = [column.heading for column in COLUMNS if column.needed and column.heading not in titles]
    if missing:
        message = _("第一行缺少列：%s。请下载模板填写后再导入。") % "、".join(missing)
        raise Refused("wrong_headings", message, field="file")
    return [titles.index(title) if title in titles else None for title in HEADINGS]


def _faults(cells: Sequence[Any], texts: Sequence[str]) -> Iterator[str]:
    said = {FORMULA: _("“%s”是公式，请改为直接填写内容。"), ERROR: _("“%s”是错误值，请改为直接填写内容。")}
    for heading, cell, text in zip(HEADINGS, cells, texts, strict=True):
        if cell is not None and cell.data_type in said:
            yield said[cell.data_type] % heading
        if len(text) > CELL_CHARACTERS_MAX:
            yield _("“%(label)s”超过 %(longest)s 字，请精简。") % {"label": heading, "longest": CELL_CHARACTERS_MAX}


def _text(value: Any) -> str:
    """A cell as a person reads it."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d}" if value.time() == time() else f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    # Line breaks inside a cell are blanks to us.
    spaced = " ".join(str(value).splitlines())
    return "".join(
        mark for mark in spaced if unicodedata.category(mark) not in UNREADABLE and mark not in NO_CHARACTERS
    ).strip()
