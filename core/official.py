"""An official document (公文) by GB/T 9704, written from top to bottom: head, number, title, levels, tables, pictures.

What it gives is a draft for signature: the office's own flow adds the signer and the seal.
"""

import io
import re
from collections.abc import Sequence
from typing import Any

from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from core.sheets import UNWRITABLE
from core.word import (
    FOOT_SIZE,
    ITEM_FONT,
    LABEL_FONT,
    LEFT,
    RED,
    SMALL_SIZE,
    TABLE_SIZE,
    TEXT_FONT,
    TEXT_SIZE,
    TEXT_WIDTH,
    TITLE_FONT,
    TITLE_SIZE,
    add_rule,
    content_of,
    indent,
    keep_whole,
    new_document,
    set_font,
    set_lines,
    write,
)

# 一、 （一） 1. （1）
LEVELS = (
    (1, re.compile(r"[一二三四五六七八九十]+、")),
    (2, re.compile(r"（[一二三四五六七八九十]+）")),
    (3, re.compile(r"\d+[.．]\s*(?=\D)")),
    (4, re.compile(r"（\d+）")),
)
LEVEL_FONTS = {1: LABEL_FONT, 2: ITEM_FONT, 3: TEXT_FONT, 4: TEXT_FONT}
HEADINGS = (1, 2, 3, 4)
# The name of the office at the head: as large as one line holds, and never larger than this, in points.
HEAD_SIZE_MAX, HEAD_DROP = 46, Mm(22)
TITLE_PITCH = 34
NARROW = Mm(104)
# Within a table: 五号 on lines of its own.
CELL_SIZE, CELL_PITCH = SMALL_SIZE, 15
# Where the imprint floats: at the foot of the text block, on the page of what it stands on. Measured from the page's
# edge: what is as wide as the text and placed by it LibreOffice does not let float.
FOOT_PLACE = {
    **{"leftFromText": 0, "rightFromText": 0, "vertAnchor": "margin", "horzAnchor": "page"},
    **{"tblpX": LEFT.twips, "tblpYSpec": "bottom"},
}
# 四号. Its rules: 0.35 and 0.25 mm, in eighths of a point.
FOOT_PITCH, HEAVY, FINE = 24, 8, 6
BLACK = RGBColor(0, 0, 0)
# Of a title's line of 二号.
TITLE_CHARACTERS = 20
_BRACKETED = re.compile(r"[\[(（【〔]\s*(\d{4})\s*[\])）】〕]\s*0*")


def level_of(line: str) -> int:
    """1 to 4 by how the line begins, 0 for plain text."""
    return next((level for level, pattern in LEVELS if pattern.match(line)), 0)


def document_number(text: str) -> str:
    """安政务〔2026〕3号: the year in 〔〕, whatever was typed around it, and no leading zero."""
    return _BRACKETED.sub(lambda match: f"〔{match[1]}〕", text.strip()).replace(" ", "")


class OfficialDocument:
    """Parts are added in their order; `content` is the file."""

    def __init__(self, title: str, author: str = "") -> None:
        self.document = new_document(title, author)
        self._set_headings()

    def head(self, office: str, number: str, signer: str | None = None) -> None:
        """The red head. With a signer (of what goes to a level above) the number stands left, the signer right."""
        line = self._line(WD_ALIGN_PARAGRAPH.CENTER)
        size = min(HEAD_SIZE_MAX, int(TEXT_WIDTH.pt / len(office)))
        set_lines(line, size * 1.3)
        line.paragraph_format.space_before = HEAD_DROP
        write(line, office, TITLE_FONT, size).font.color.rgb = RED
        self._line()
        self._line()
        below = self._line(WD_ALIGN_PARAGRAPH.CENTER if signer is None else WD_ALIGN_PARAGRAPH.LEFT)
        write(below, number)
        if signer is not None:
            below.paragraph_format.left_indent = Pt(TEXT_SIZE)
            below.paragraph_format.tab_stops.add_tab_stop(TEXT_WIDTH - Pt(TEXT_SIZE), WD_TAB_ALIGNMENT.RIGHT)
            write(below, f"\t签发人：{signer or '　　　'}")
        rule = self._line()
        set_lines(rule, 11)
        add_rule(rule, "bottom", color=str(RED), eighths=18)
        self._line()

    def title(self, text: str, mark: str = "") -> None:
        """Centred, broken where it says so, else in lines of one length; `mark` below it, as “（送审稿）”."""
        for part in (piece for line in text.splitlines() for piece in balanced(line, TITLE_CHARACTERS)):
            line = self._line(WD_ALIGN_PARAGRAPH.CENTER)
            set_lines(line, TITLE_PITCH)
            write(line, part, TITLE_FONT, TITLE_SIZE)
        if mark:
            write(self._line(WD_ALIGN_PARAGRAPH.CENTER), mark, ITEM_FONT)
        self._line()

    def addressee(self, text: str) -> None:
        write(self._line(), text)

    def text(self, text: str) -> None:
        """Each line a paragraph, its level read from how it begins; a named point runs on in plain text."""
        for line in filter(None, (line.strip() for line in UNWRITABLE.sub("", text).splitlines())):
            self.paragraph(line, level_of(line))

    def paragraph(self, line: str, level: int = 0) -> Paragraph:
        style = f"Heading {level}" if level else "Normal"
        said = self.document.add_paragraph(style=style)
        # Not justified: a rate with its two figures cannot be broken, and would tear the line before it apart.
        said.alignment = WD_ALIGN_PARAGRAPH.LEFT
        set_lines(said)
        indent(said, 2)
        named, dot, rest = line.partition("。") if level in (1, 2) else (line, "", "")
        write(said, named + dot if rest else line, LEVEL_FONTS.get(level, TEXT_FONT))
        if rest:
            write(said, rest)
        said.paragraph_format.keep_with_next = level == 1 or (level > 1 and not rest and not line.endswith("。"))
        return said

    def table(
        self,
        caption: str,
        heads: Sequence[str],
        rows: Sequence[Sequence[Any]],
        widths: Sequence[int],
        note: str = "",
    ) -> None:
        """The first column is words, the others are centred. The head stands on each page, no row is torn."""
        above = self._line(WD_ALIGN_PARAGRAPH.CENTER)
        above.paragraph_format.keep_with_next = True
        write(above, caption, LABEL_FONT, TABLE_SIZE)
        table = self.document.add_table(rows=0, cols=len(heads), style="Table Grid")
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        table.autofit = False
        whole = sum(widths)
        measures = [int(TEXT_WIDTH * width / whole) for width in widths]
        for place, cells in enumerate([heads, *rows]):
            row = table.add_row()
            keep_whole(row)
            if place == 0:
                row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
            for column, value in enumerate(cells):
                cell = row.cells[column]
                cell.width = measures[column]
                _fill(cell, str(value), LABEL_FONT if place == 0 else TEXT_FONT, left=place > 0 and column == 0)
        for column, measure in zip(table.columns, measures, strict=True):
            column.width = measure
        below = self._line()
        set_lines(below, 18)
        write(below, note, TEXT_FONT, SMALL_SIZE)

    def picture(self, content: bytes, caption: str, about: str = "", *, is_wide: bool = True) -> None:
        """As wide as the text or two thirds of it, its name below; `about` is read aloud to who does not see it."""
        line = self.document.add_paragraph()
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        line.paragraph_format.keep_with_next = True
        line.paragraph_format.space_before = Pt(TEXT_SIZE / 2)
        shape = line.add_run().add_picture(io.BytesIO(content), width=TEXT_WIDTH if is_wide else NARROW)
        shape._inline.docPr.set("descr", about or caption)
        below = self._line(WD_ALIGN_PARAGRAPH.CENTER)
        write(below, caption, LABEL_FONT, TABLE_SIZE)

    def attachments(self, names: Sequence[str]) -> None:
        """附件：1.… — a line above, one line to each, the later ones under the first."""
        if not names:
            return
        self._line()
        for place, name in enumerate(names, start=1):
            line = self._line()
            indent(line, 2 if place == 1 else 5)
            number = f"{place}." if len(names) > 1 else ""
            write(line, f"附件：{number}{name}" if place == 1 else f"{number}{name}")

    def signature(self, office: str, day: str) -> None:
        """Office and day at the right, the day four characters from the edge, the office centred above it."""
        self._line()
        self._line()
        for text, right in ((office, max(2.0, 4 + (len(day) - 3 - len(office)) / 2)), (day, 4.0)):
            line = self._line(WD_ALIGN_PARAGRAPH.RIGHT)
            line.paragraph_format.right_indent = Pt(TEXT_SIZE * right)
            line.paragraph_format.keep_together = True
            write(line, text)

    def imprint(self, copied_to: str, office: str, day: str) -> None:
        """版记: at the foot of the last page whom it is copied to, who printed it and when, between rules, the outer
        ones heavier (GB/T 9704-2012, 7.4)."""
        table = self.document.add_table(rows=0, cols=1)
        table.autofit = False
        table._tbl.tblPr.insert_element_before(_element("w:tblpPr", FOOT_PLACE), "w:tblW")
        if copied_to:
            copied = self._foot(table)
            copied.paragraph_format.left_indent = Pt(FOOT_SIZE * 4)
            copied.paragraph_format.first_line_indent = Pt(-FOOT_SIZE * 3)
            write(copied, f"抄送：{copied_to.rstrip('。')}。", TEXT_FONT, FOOT_SIZE)
        printed = self._foot(table)
        printed.paragraph_format.left_indent = Pt(FOOT_SIZE)
        printed.paragraph_format.tab_stops.add_tab_stop(TEXT_WIDTH - Pt(FOOT_SIZE), WD_TAB_ALIGNMENT.RIGHT)
        write(printed, f"{office}\t{day}印发", TEXT_FONT, FOOT_SIZE)
        table.columns[0].width = TEXT_WIDTH
        rules = _element("w:tblBorders", {})
        for side, eighths in (("top", HEAVY), ("bottom", HEAVY), ("insideH", FINE)):
            rules.append(_element(f"w:{side}", {"val": "single", "sz": eighths, "space": 0, "color": "auto"}))
        margins = _element("w:tblCellMar", {})
        margins.extend(_element(f"w:{side}", {"w": 0, "type": "dxa"}) for side in ("left", "right"))
        table._tbl.tblPr.insert_element_before(rules, "w:tblLayout", "w:tblLook")
        table._tbl.tblPr.insert_element_before(margins, "w:tblLook")
        # What it floats on; a document does not end with a table.
        set_lines(self.document.add_paragraph(), 1)

    def _foot(self, table: Any) -> Paragraph:
        row = table.add_row()
        row.cells[0].width = TEXT_WIDTH
        line: Paragraph = row.cells[0].paragraphs[0]
        set_lines(line, FOOT_PITCH)
        line.paragraph_format.right_indent = Pt(FOOT_SIZE)
        return line

    def new_page(self) -> None:
        self.document.add_page_break()

    @property
    def content(self) -> bytes:
        return content_of(self.document)

    def _line(self, align: Any = None) -> Paragraph:
        line = self.document.add_paragraph()
        if align is not None:
            line.alignment = align
        set_lines(line)
        return line

    def _set_headings(self) -> None:
        for level in HEADINGS:
            style: Any = self.document.styles[f"Heading {level}"]
            set_font(style, LEVEL_FONTS[level])
            style.font.size, style.font.bold, style.font.italic = Pt(TEXT_SIZE), False, False
            style.font.color.rgb = BLACK
            style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(0)
            style.paragraph_format.keep_with_next = True


def _element(tag: str, values: dict[str, Any]) -> Any:
    made = OxmlElement(tag)
    for name, value in values.items():
        made.set(qn(f"w:{name}"), str(value))
    return made


def balanced(text: str, most: int) -> list[str]:
    """In as few lines as hold it, none much longer than another."""
    lines = -(-len(text) // most)
    length = -(-len(text) // lines)
    return [text[at : at + length] for at in range(0, len(text), length)]


def _fill(cell: Any, text: str, font: str, *, left: bool) -> None:
    said = cell.paragraphs[0]
    said.alignment = WD_ALIGN_PARAGRAPH.LEFT if left else WD_ALIGN_PARAGRAPH.CENTER
    set_lines(said, CELL_PITCH)
    write(said, text, font, CELL_SIZE)
    cell.vertical_alignment = 1
    properties = cell._tc.get_or_add_tcPr()
    margins = OxmlElement("w:tcMar")
    for side in ("top", "bottom"):
        space = OxmlElement(f"w:{side}")
        space.set(qn("w:w"), "40")
        space.set(qn("w:type"), "dxa")
        margins.append(space)
    properties.insert_element_before(margins, "w:textDirection", "w:tcFitText", "w:vAlign", "w:hideMark")
