"""Official documents in Word (GB/T 9704): what is read again from the file that was written. [3.10]"""

import io
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Pt, Twips
from PIL import Image

from core.official import OfficialDocument, balanced, document_number, level_of

pytestmark = pytest.mark.clause("[3.10]")
LINES = (
    "一、总体情况",
    "（一）坐诊安排。本季度举办6期。",
    "1.按期办结情况",
    "（1）单一部门事项",
    "现将有关情况通报如下。",
)
YEAR = 2027
HEADS = ("部门", "交办", "按期率")


def picture() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (40, 20), "white").save(buffer, "PNG")
    return buffer.getvalue()


@pytest.fixture(scope="module")
def written() -> Any:
    made = OfficialDocument("关于工作情况的通报", "安宁市政务服务局")
    made.head("安宁市政务服务局文件", document_number(f"安政务[{YEAR}]03号"))
    made.title("关于2026年第四季度\n“局长坐诊接诉”工作情况的通报", "（送审稿）")
    made.addressee("各有关部门：")
    made.text("\n".join(LINES) + "\n\n控制字符\x0b不入文件。")
    made.table("表1 各部门", HEADS, [["市税务局", 10, "90.0%"], ["市统计局", 2, "—"]], [6, 3, 3])
    made.picture(picture(), "图1 挂号情况")
    made.attachments(["办件清单", "不予受理情况"])
    made.signature("安宁市政务服务局", "2027年1月8日")
    made.imprint("市人民政府办公室", "安宁市政务服务局", "2027年1月8日")
    return Document(io.BytesIO(made.content))


def line(written: Any, text: str) -> Any:
    return next(paragraph for paragraph in written.paragraphs if paragraph.text.startswith(text))


def font(run: Any) -> str:
    return run._r.rPr.rFonts.get(qn("w:eastAsia"))


def test_page_is_a4_with_a_text_block_of_156_by_225(written: Any) -> None:
    section = written.sections[0]
    page = section.page_width.mm, section.page_height.mm
    assert [round(side) for side in page] == [210, 297]
    assert (round(section.top_margin.mm), round(section.left_margin.mm)) == (37, 28)
    block = page[0] - section.left_margin.mm - section.right_margin.mm, page[1] - section.top_margin.mm
    assert [round(block[0]), round(block[1] - section.bottom_margin.mm)] == [156, 225]


def test_page_holds_22_lines_of_28_characters(written: Any) -> None:
    section, normal = written.sections[0], written.styles["Normal"]
    pitch = int(section._sectPr.find(qn("w:docGrid")).get(qn("w:linePitch")))
    assert (section.page_height - section.top_margin - section.bottom_margin) // Twips(pitch) == 22
    closer = int(normal.element.rPr.find(qn("w:spacing")).get(qn("w:val"))) / 20
    width = section.page_width - section.left_margin - section.right_margin
    assert width // Pt(normal.font.size.pt + closer) == 28
    assert line(written, LINES[-1]).paragraph_format.line_spacing.twips == pitch


def test_text_is_chinese_in_its_fonts(written: Any) -> None:
    assert [font(run) for run in line(written, "一、").runs] == ["黑体"]
    assert [font(run) for run in line(written, "（一）").runs] == ["楷体_GB2312", "仿宋_GB2312"]
    assert [font(run) for run in line(written, LINES[-1]).runs] == ["仿宋_GB2312"]
    title = line(written, "关于2026年第四季度")
    assert (font(title.runs[0]), title.runs[0].font.size.pt, title.alignment) == ("方正小标宋简体", 22, 1)
    defaults = written.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    assert defaults.find(qn("w:lang")).get(qn("w:eastAsia")) == "zh-CN"
    assert not [name for name in defaults.find(qn("w:rFonts")).attrib if "Theme" in name]
    assert {run.font.size.pt for run in line(written, LINES[-1]).runs} == {16}


def test_levels_are_headings_and_first_lines_stand_two_characters_in(written: Any) -> None:
    assert [level_of(text) for text in LINES] == [1, 2, 3, 4, 0]
    for text, level in zip(LINES[:4], (1, 2, 3, 4), strict=True):
        assert line(written, text).style.name == f"Heading {level}"
    for text in LINES:
        assert line(written, text)._p.pPr.ind.get(qn("w:firstLineChars")) == "200"


@pytest.mark.parametrize(
    ("text", "level"), [("3.5个工作日内", 0), ("2026年", 0), ("一是加强调度", 0), ("十二、附则", 1), ("12. 其他", 3)]
)
def test_what_only_looks_like_a_level_is_text(text: str, level: int) -> None:
    assert level_of(text) == level


def test_page_number_stands_between_dashes_at_the_outer_edge(written: Any) -> None:
    section = written.sections[0]
    assert written.settings.odd_and_even_pages_header_footer
    for footer, align in ((section.footer, 2), (section.even_page_footer, 0)):
        paragraph = footer.paragraphs[0]
        assert (paragraph.text.replace("PAGE", ""), paragraph.alignment) == ("—  —", align)
        assert "".join(part.text for part in paragraph._p.iter(qn("w:instrText"))) == "PAGE"


@pytest.mark.parametrize(
    "typed", [f"安政务{typed}号" for typed in (f"〔{YEAR}〕3", f"[{YEAR}]03", f"（{YEAR}） 003", f"【{YEAR}】3")]
)
def test_number_has_its_year_in_hexagonal_brackets_and_no_leading_zero(typed: str) -> None:
    assert document_number(typed) == "安政务〔2027〕3号"


def test_head_is_red_and_of_what_goes_up_names_a_signer(written: Any) -> None:
    assert str(line(written, "安宁市政务服务局文件").runs[0].font.color.rgb) == "E60012"
    up = OfficialDocument("报告")
    up.head("安宁市政务服务局文件", "安政务〔2027〕4号", signer="")
    below = line(Document(io.BytesIO(up.content)), "安政务")
    assert "签发人：" in below.text
    assert below.paragraph_format.tab_stops[0].alignment == 2


def test_table_repeats_its_head_and_tears_no_row(written: Any) -> None:
    table = written.tables[0]
    assert [cell.text for cell in table.rows[0].cells] == list(HEADS)
    assert [cell.text for cell in table.rows[2].cells] == ["市统计局", "2", "—"]
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)
    assert round(sum(column.width.mm for column in table.columns)) == 156


def test_imprint_floats_at_the_foot_of_the_last_page_between_rules(written: Any) -> None:
    table = written.tables[-1]
    said = ["抄送：市人民政府办公室。", "安宁市政务服务局\t2027年1月8日印发"]
    assert [row.cells[0].text for row in table.rows] == said
    place, rules = (table._tbl.tblPr.find(qn(f"w:{name}")) for name in ("tblpPr", "tblBorders"))
    assert (place.get(qn("w:vertAnchor")), place.get(qn("w:tblpYSpec"))) == ("margin", "bottom")
    weights = {rule.tag: rule.get(qn("w:sz")) for rule in rules}
    assert weights == {qn("w:top"): "8", qn("w:bottom"): "8", qn("w:insideH"): "6"}
    assert round(table.columns[0].width.mm) == 156
    runs = [run for row in table.rows for run in row.cells[0].paragraphs[0].runs]
    assert {(font(run), run.font.size.pt) for run in runs} == {("仿宋_GB2312", 14)}
    # A document does not end with a table.
    assert written.element.body[-2].tag == qn("w:p")


def test_imprint_of_what_is_copied_to_nobody_is_one_line() -> None:
    made = OfficialDocument("专报")
    made.imprint("", "安宁市政务服务局", "2027年1月8日")
    (table,) = Document(io.BytesIO(made.content)).tables
    assert len(table.rows) == 1


def test_picture_says_what_it_shows(written: Any) -> None:
    (shape,) = written.inline_shapes
    assert shape._inline.docPr.get("descr") == "图1 挂号情况"


def test_what_xml_cannot_hold_is_left_out(written: Any) -> None:
    assert line(written, "控制字符").text == "控制字符不入文件。"


def test_title_is_broken_into_lines_of_one_length() -> None:
    assert balanced("短标题", 20) == ["短标题"]
    assert [len(part) for part in balanced("字" * 25, 20)] == [13, 12]
