"""The report as an official document in Word, by GB/T 9704. [3.10]"""

from django.utils.translation import gettext as _

from core.official import OfficialDocument
from reports.content import HEAD, OFFICE, Paper, Part


def report_word(paper: Paper) -> bytes:
    document = OfficialDocument(paper.title, str(OFFICE))
    document.head(str(HEAD), paper.number, signer="" if paper.goes_up else None)
    document.title("\n".join(paper.title_lines), paper.mark)
    document.addressee(f"{paper.addressee}：")
    tables = charts = 0
    for part in paper.parts:
        _write(document, part, tables, charts)
        tables, charts = tables + len(part.tables), charts + len(part.charts)
    if paper.cases:
        document.attachments([_("办件清单（共%s件，另附 Excel）") % len(paper.cases)])
    day = paper.day or _("　　　　年　　月　　日")
    document.signature(str(OFFICE), day)
    document.imprint(paper.copied_to, str(OFFICE), day)
    return document.content


def _write(document: OfficialDocument, part: Part, tables: int, charts: int) -> None:
    """Tables and charts are numbered through the whole document."""
    if part.heading:
        document.paragraph(part.heading, 1)
    document.text(part.text)
    for place, table in enumerate(part.tables, start=tables + 1):
        caption = _("表%(place)s　%(caption)s") % {"place": place, "caption": table.caption}
        document.table(caption, table.heads, table.rows, table.widths, table.note)
    for place, chart in enumerate(part.charts, start=charts + 1):
        caption = _("图%(place)s　%(caption)s") % {"place": place, "caption": chart.caption}
        document.picture(chart.picture, caption, chart.about, is_wide=chart.is_wide)
