"""Word files as offices expect them: A4, the fonts of official documents by name, lines of a table that may break.

A Word file is a zip archive of a few XML parts; the form that is written here, a titled table of labels and lines with
pictures at its foot, needs no more of them than these.
"""

import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import quote
from xml.sax.saxutils import escape

from django.http import HttpResponse

from core.sheets import UNWRITABLE

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# 公文 (GB/T 9704): by name, none shipped.
TITLE_FONT, LABEL_FONT, TEXT_FONT = "方正小标宋简体", "黑体", "仿宋_GB2312"
# Twentieths of a point: 37 mm above, 28 mm left, a text block of 156 by 225 mm.
PAGE = 'w:w="11906" w:h="16838"'
MARGINS = 'w:top="2098" w:right="1474" w:bottom="1984" w:left="1588" w:header="851" w:footer="1361" w:gutter="0"'
LABEL_WIDTH, TEXT_WIDTH = 1900, 6944
# Half points.
TITLE_SIZE, TEXT_SIZE, FOOT_SIZE = 44, 24, 21
# English Metric Units.
PICTURE_WIDTH, PICTURE_HEIGHT = 1_800_000, 600_000

_MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'


@dataclass(frozen=True)
class Hand:
    """A place to sign at the foot: its label, and the picture of a signature where there is one."""

    label: str
    picture: bytes | None = None


Rows = Iterable[tuple[str, Sequence[str]]]


def form(title: str, number: str, rows: Rows, hands: Sequence[Hand], foot: str) -> bytes:
    """The whole file. A label that has no line keeps an empty one to write on."""
    body = _paragraph(title, font=TITLE_FONT, size=TITLE_SIZE, align="center")
    body += _paragraph(number, size=FOOT_SIZE, align="right") + _table(rows)
    body += "".join(_hand(hand, place) for place, hand in enumerate(hands, start=1)) + _paragraph(foot, size=FOOT_SIZE)
    pictures = {f"word/media/hand{place}.png": hand.picture for place, hand in enumerate(hands, start=1)}
    return _archive(_document(body), {name: picture for name, picture in pictures.items() if picture})


def download(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=DOCX)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response


def _run(text: str, font: str, size: int) -> str:
    kind = f'<w:rFonts w:ascii="{font}" w:hAnsi="{font}" w:eastAsia="{font}" w:hint="eastAsia"/>'
    properties = f'<w:rPr>{kind}<w:sz w:val="{size}"/><w:szCs w:val="{size}"/></w:rPr>'
    return f'<w:r>{properties}<w:t xml:space="preserve">{escape(UNWRITABLE.sub("", text))}</w:t></w:r>'


def _paragraph(text: str, *, font: str = TEXT_FONT, size: int = TEXT_SIZE, align: str = "left", more: str = "") -> str:
    shape = f'<w:spacing w:before="60" w:after="60"/><w:jc w:val="{align}"/>'
    return f"<w:p><w:pPr>{shape}</w:pPr>{_run(text, font, size)}{more}</w:p>"


def _table(rows: Rows) -> str:
    sides = "".join(
        f'<w:{side} w:val="single" w:sz="6" w:space="0" w:color="auto"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    grid = f'<w:gridCol w:w="{LABEL_WIDTH}"/><w:gridCol w:w="{TEXT_WIDTH}"/>'
    width = f'<w:tblW w:w="{LABEL_WIDTH + TEXT_WIDTH}" w:type="dxa"/>'
    properties = f'<w:tblPr>{width}<w:tblBorders>{sides}</w:tblBorders><w:tblLayout w:type="fixed"/></w:tblPr>'
    lines = "".join(_row(label, texts) for label, texts in rows)
    return f"<w:tbl>{properties}<w:tblGrid>{grid}</w:tblGrid>{lines}</w:tbl>"


def _row(label: str, texts: Sequence[str]) -> str:
    words = "".join(_paragraph(text) for text in texts) or _paragraph("")
    name = _paragraph(label, font=LABEL_FONT, align="center")
    return f"<w:tr>{_cell(name, LABEL_WIDTH, 'center')}{_cell(words, TEXT_WIDTH, 'top')}</w:tr>"


def _cell(content: str, width: int, align: str) -> str:
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vAlign w:val="{align}"/></w:tcPr>{content}</w:tc>'


def _hand(hand: Hand, place: int) -> str:
    return _paragraph(hand.label, font=LABEL_FONT, more=_picture(place) if hand.picture else "")


def _picture(place: int) -> str:
    size = f'cx="{PICTURE_WIDTH}" cy="{PICTURE_HEIGHT}"'
    fill = f'<a:blip r:embed="hand{place}"/><a:stretch><a:fillRect/></a:stretch>'
    shape = f'<a:xfrm><a:off x="0" y="0"/><a:ext {size}/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
    return (
        f'<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent {size}/>'
        f'<wp:docPr id="{place}" name="hand{place}"/><a:graphic><a:graphicData uri="{_DRAWING}/picture"><pic:pic>'
        f'<pic:nvPicPr><pic:cNvPr id="{place}" name="hand{place}.png"/><pic:cNvPicPr/></pic:nvPicPr>'
        f"<pic:blipFill>{fill}</pic:blipFill><pic:spPr>{shape}</pic:spPr>"
        "</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )


def _document(body: str) -> str:
    names = (
        f'xmlns:w="{_MAIN}" xmlns:r="{_RELATIONS}" xmlns:a="{_DRAWING}/main" xmlns:pic="{_DRAWING}/picture" '
        f'xmlns:wp="{_DRAWING}/wordprocessingDrawing"'
    )
    foot = '<w:footerReference w:type="default" r:id="foot"/>'
    section = f"<w:sectPr>{foot}<w:pgSz {PAGE}/><w:pgMar {MARGINS}/></w:sectPr>"
    return f"{_HEAD}<w:document {names}><w:body>{body}{section}</w:body></w:document>"


def _styles() -> str:
    """Chinese as the language of East Asian text, or Word sets its punctuation wrongly."""
    run = f'<w:rFonts w:eastAsia="{TEXT_FONT}"/><w:lang w:val="en-US" w:eastAsia="zh-CN"/>'
    defaults = f"<w:docDefaults><w:rPrDefault><w:rPr>{run}</w:rPr></w:rPrDefault></w:docDefaults>"
    return f'{_HEAD}<w:styles xmlns:w="{_MAIN}">{defaults}</w:styles>'


def _footer() -> str:
    """— 1 —"""
    parts = (
        '<w:t xml:space="preserve">— </w:t>',
        '<w:fldChar w:fldCharType="begin"/>',
        "<w:instrText>PAGE</w:instrText>",
        '<w:fldChar w:fldCharType="end"/>',
        '<w:t xml:space="preserve"> —</w:t>',
    )
    line = "".join(f"<w:r>{part}</w:r>" for part in parts)
    return f'{_HEAD}<w:ftr xmlns:w="{_MAIN}"><w:p><w:pPr><w:jc w:val="center"/></w:pPr>{line}</w:p></w:ftr>'


def _relations(targets: Iterable[tuple[str, str, str]]) -> str:
    lines = "".join(
        f'<Relationship Id="{key}" Type="{_RELATIONS}/{kind}" Target="{target}"/>' for key, kind, target in targets
    )
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{lines}</Relationships>'


def _types() -> str:
    office = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    parts = {"document": "document.main", "styles": "styles", "footer": "footer"}
    lines = "".join(
        f'<Override PartName="/word/{part}.xml" ContentType="{office}.{name}+xml"/>' for part, name in parts.items()
    )
    endings = {
        "rels": "application/vnd.openxmlformats-package.relationships+xml",
        "xml": "application/xml",
        "png": "image/png",
    }
    usual = "".join(f'<Default Extension="{name}" ContentType="{kind}"/>' for name, kind in endings.items())
    return f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">{usual}{lines}</Types>'


def _archive(document: str, pictures: dict[str, bytes]) -> bytes:
    inside = [("styles", "styles", "styles.xml"), ("foot", "footer", "footer.xml")]
    inside += [(name[11:-4], "image", name[5:]) for name in pictures]
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": _types(),
        "_rels/.rels": _relations([("document", "officeDocument", "word/document.xml")]),
        "word/document.xml": document,
        "word/styles.xml": _styles(),
        "word/footer.xml": _footer(),
        "word/_rels/document.xml.rels": _relations(inside),
        **pictures,
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()
