"""Word files on the page of official documents (GB/T 9704): A4, its margins, its lines and characters, its fonts.

Fonts are named, none is shipped. python-docx knows nothing of East Asian text: its fonts, its language and the grid of
lines are written here by hand, or Word sets Chinese punctuation wrongly.
"""

import io
import math
from typing import Any
from urllib.parse import quote

from django.http import HttpResponse
from docx import Document
from docx.document import Document as WordDocument
from docx.enum.section import WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor, Twips
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from core.sheets import UNWRITABLE

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TITLE_FONT, LABEL_FONT, ITEM_FONT, TEXT_FONT, NUMBER_FONT = (
    "方正小标宋简体",
    "黑体",
    "楷体_GB2312",
    "仿宋_GB2312",
    "宋体",
)
# 二号, 三号, 四号, 小四, 五号.
TITLE_SIZE, TEXT_SIZE, FOOT_SIZE, TABLE_SIZE, SMALL_SIZE = 22, 16, 14, 12, 10.5
PAGE_WIDTH, PAGE_HEIGHT = Mm(210), Mm(297)
TOP, LEFT = Mm(37), Mm(28)
# A text block of 156 by 225 mm; what is left of the page is the other two margins.
TEXT_WIDTH, TEXT_HEIGHT = Mm(156), Mm(225)
RIGHT, BOTTOM = PAGE_WIDTH - LEFT - TEXT_WIDTH, PAGE_HEIGHT - TOP - TEXT_HEIGHT
# The page number stands 7 mm below the text block.
FOOT_DISTANCE, HEAD_DISTANCE = Mm(23), Mm(15)
LINES, CHARACTERS = 22, 28
LINE_TWIPS = int(TEXT_HEIGHT.twips / LINES)
# How much closer than the font's own width characters stand, in twentieths of a point, so that a line holds them all.
# Said of the text and not of the page's grid: LibreOffice gives a character that is wider than its cell two cells.
CHARACTER_SPACE = math.floor((TEXT_WIDTH.pt / CHARACTERS - TEXT_SIZE) * 20)
RED = RGBColor(0xE6, 0x00, 0x12)


def new_document(title: str, author: str = "") -> WordDocument:
    """Empty, with the page set up and the language of its text said."""
    document = Document()
    properties = document.core_properties
    properties.title, properties.author, properties.comments, properties.language = title, author, "", "zh-CN"
    _default_text(document)
    set_page(document.sections[0])
    document.settings.odd_and_even_pages_header_footer = True
    return document


def set_page(section: Any) -> None:
    section.start_type = WD_SECTION.NEW_PAGE
    section.page_width, section.page_height = PAGE_WIDTH, PAGE_HEIGHT
    section.top_margin, section.bottom_margin = TOP, BOTTOM
    section.left_margin, section.right_margin = LEFT, RIGHT
    section.header_distance, section.footer_distance = HEAD_DISTANCE, FOOT_DISTANCE
    grid = section._sectPr.find(qn("w:docGrid"))
    if grid is None:
        grid = OxmlElement("w:docGrid")
        section._sectPr.append(grid)
    for name, value in (("type", "lines"), ("linePitch", LINE_TWIPS)):
        grid.set(qn(f"w:{name}"), str(value))
    _page_number(section.footer, WD_ALIGN_PARAGRAPH.RIGHT)
    _page_number(section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT)


def write(paragraph: Paragraph, text: str, font: str = TEXT_FONT, size: float = TEXT_SIZE) -> Run:
    """A run in a font, for Chinese and other letters alike; what XML cannot hold is left out."""
    run = paragraph.add_run(UNWRITABLE.sub("", text))
    run.font.size = Pt(size)
    set_font(run, font)
    return run


def set_font(styled: Any, font: str) -> None:
    """Of a run or a style. The hint: quotation marks and dashes are Chinese ones."""
    styled.font.name = font
    fonts = styled.element.get_or_add_rPr().get_or_add_rFonts()
    for name in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{name}"), None)
    fonts.set(qn("w:eastAsia"), font)
    fonts.set(qn("w:hint"), "eastAsia")


def set_lines(paragraph: Paragraph, pitch: float | None = None) -> None:
    """One line of the grid to a line, or another exact height in points, which then must not snap to the grid."""
    if pitch:
        free = OxmlElement("w:snapToGrid")
        free.set(qn("w:val"), "0")
        paragraph._p.get_or_add_pPr().insert_element_before(free, "w:spacing", "w:ind", "w:jc", "w:rPr")
    form = paragraph.paragraph_format
    form.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    form.line_spacing = Pt(pitch) if pitch else Twips(LINE_TWIPS)
    form.space_before = form.space_after = Pt(0)


def indent(paragraph: Paragraph, characters: float) -> None:
    """The first line, in characters, as Chinese offices count; the length is for programs that know no characters."""
    paragraph.paragraph_format.first_line_indent = Pt(TEXT_SIZE * characters)
    paragraph._p.get_or_add_pPr().get_or_add_ind().set(qn("w:firstLineChars"), str(int(characters * 100)))


def add_rule(paragraph: Paragraph, side: str, *, color: str = "auto", eighths: int = 6, space: int = 1) -> None:
    """A line along a side of a paragraph. Its place among a paragraph's properties is fixed by the format."""
    properties = paragraph._p.get_or_add_pPr()
    borders = properties.find(qn("w:pBdr"))
    if borders is None:
        borders = OxmlElement("w:pBdr")
        properties.insert_element_before(
            borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:snapToGrid", "w:spacing", "w:ind", "w:jc", "w:rPr"
        )
    line = OxmlElement(f"w:{side}")
    for name, value in (("val", "single"), ("sz", eighths), ("space", space), ("color", color)):
        line.set(qn(f"w:{name}"), str(value))
    borders.append(line)


def keep_whole(row: Any) -> None:
    """A table's row stands on one page."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def content_of(document: WordDocument) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def download(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=DOCX)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response


def _default_text(document: WordDocument) -> None:
    normal: Any = document.styles["Normal"]
    normal.font.size = Pt(TEXT_SIZE)
    set_font(normal, TEXT_FONT)
    closer = OxmlElement("w:spacing")
    closer.set(qn("w:val"), str(CHARACTER_SPACE))
    normal.element.get_or_add_rPr().insert_element_before(
        closer, "w:w", "w:kern", "w:position", "w:sz", "w:szCs", "w:lang"
    )
    normal.paragraph_format.space_after = Pt(0)
    defaults = document.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    fonts = defaults.find(qn("w:rFonts"))
    fonts.attrib.clear()
    for name in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{name}"), TEXT_FONT)
    language = defaults.find(qn("w:lang"))
    language.attrib.clear()
    language.set(qn("w:val"), "en-US")
    language.set(qn("w:eastAsia"), "zh-CN")


def _page_number(footer: Any, align: Any) -> None:
    """— 1 —, towards the outer edge, a character away from it."""
    footer.is_linked_to_previous = False
    paragraph = footer.paragraphs[0]
    paragraph.alignment = align
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Pt(FOOT_SIZE)
    write(paragraph, "— ", NUMBER_FONT, FOOT_SIZE)
    field = write(paragraph, "", NUMBER_FONT, FOOT_SIZE)
    for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = text
        field._r.append(part)
    write(paragraph, " —", NUMBER_FONT, FOOT_SIZE)
