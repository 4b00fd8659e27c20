"""A workbook that somebody handed in, as lines of plain text. What is not a small, plain workbook is refused."""

import io
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook

from core.errors import Refused
from sessions_app.excel import COLUMNS, HEADINGS, ROWS_MAX

FILE_BYTES_MAX = 2 * 1024 * 1024
# Two megabytes of zip can unfold to gigabytes; two thousand rows need far less than this.
UNFOLDED_BYTES_MAX = 16 * 1024 * 1024
PARTS_MAX = 100
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
    _check_container(content)
    try:
        workbook = load_workbook(io.BytesIO(content), read_only=True)
        lines = [list(line) for line in _limited(workbook.worksheets[0].iter_rows(max_col=COLUMNS_READ))]
    except Refused:
        raise
    except Exception as error:  # a damaged or hostile file fails in ways that cannot be listed
        raise _not_a_workbook() from error
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


def _check_container(content: bytes) -> None:
    """By content, before anything parses it."""
    if len(content) > FILE_BYTES_MAX:
        raise Refused("file_too_large", _("文件超过 2 MB。请使用下载的模板填写后再导入。"), field="file")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as container:
            parts = container.infolist()
            if len(parts) > PARTS_MAX or sum(part.file_size for part in parts) > UNFOLDED_BYTES_MAX:
                raise Refused("file_too_large", _("文件展开后过大。请使用下载的模板填写后再导入。"), field="file")
            for part in parts:
                _check_part(container.read(part))
    except Refused:
        raise
    except Exception as error:  # a damaged or hostile file fails in ways that cannot be listed
        raise _not_a_workbook() from error


def _check_part(content: bytes) -> None:
    """No workbook needs a document type; one that has it wants its entities unfolded."""
    if any("<!DOCTYPE".encode(encoding) in content for encoding in ("utf-8", "utf-16-le", "utf-16-be")):
        raise _not_a_workbook()


def _not_a_workbook() -> Refused:
    return Refused("not_a_workbook", _("文件不是有效的 Excel 工作簿（.xlsx）。请下载模板填写后再导入。"), field="file")


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
