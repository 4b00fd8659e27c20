"""The official form of the record as a Word file: a titled table of labels and lines, the hands at its foot. [3.6]"""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from docx.enum.table import WD_ALIGN_VERTICAL
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt

from core.word import (
    LABEL_FONT,
    SMALL_SIZE,
    TABLE_SIZE,
    TEXT_FONT,
    TEXT_WIDTH,
    TITLE_FONT,
    TITLE_SIZE,
    content_of,
    keep_whole,
    new_document,
    write,
)

LABEL_WIDTH = Mm(34)
WIDTHS = (LABEL_WIDTH, TEXT_WIDTH - LABEL_WIDTH)
HAND_WIDTH, HAND_HEIGHT = Mm(50), Mm(17)
Rows = Iterable[tuple[str, Sequence[str]]]


@dataclass(frozen=True)
class Hand:
    """A place to sign: its label, and the picture of a signature where there is one."""

    label: str
    picture: bytes | None = None


def form(title: str, number: str, rows: Rows, hands: Sequence[Hand], foot: str) -> bytes:
    """The whole file. A label that has no line keeps an empty one to write on."""
    document = new_document(title)
    _say(document.add_paragraph(), title, TITLE_FONT, TITLE_SIZE, WD_ALIGN_PARAGRAPH.CENTER)
    _say(document.add_paragraph(), number, TEXT_FONT, SMALL_SIZE, WD_ALIGN_PARAGRAPH.RIGHT)
    table = document.add_table(rows=0, cols=2, style="Table Grid")
    table.autofit = False
    # Of the columns too: LibreOffice asks them and not the cells.
    for column, width in zip(table.columns, WIDTHS, strict=True):
        column.width = width
    for label, lines in rows:
        _row(table.add_row(), label, lines or [""])
    for hand in hands:
        line = document.add_paragraph()
        _say(line, hand.label, LABEL_FONT, TABLE_SIZE)
        if hand.picture:
            line.add_run().add_picture(io.BytesIO(hand.picture), width=HAND_WIDTH, height=HAND_HEIGHT)
    _say(document.add_paragraph(), foot, TEXT_FONT, SMALL_SIZE)
    return content_of(document)


def _row(row: Any, label: str, lines: Sequence[str]) -> None:
    keep_whole(row)
    name, words = row.cells
    name.width, words.width = WIDTHS
    name.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
    _say(name.paragraphs[0], label, LABEL_FONT, TABLE_SIZE, WD_ALIGN_PARAGRAPH.CENTER)
    for place, line in enumerate(lines):
        said = words.paragraphs[0] if place == 0 else words.add_paragraph()
        _say(said, line, TEXT_FONT, TABLE_SIZE)


def _say(paragraph: Any, text: str, font: str, size: float, align: Any = WD_ALIGN_PARAGRAPH.LEFT) -> None:
    paragraph.alignment = align
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(3)
    write(paragraph, text, font, size)
