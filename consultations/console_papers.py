"""What leaves of a record: its official form in Word and for the printer, and the enterprise's files. [3.6]"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from appointments.models import Attachment
from consultations.console_record import visible
from consultations.models import Signature
from consultations.paper import paper_of
from consultations.word_form import Hand, form
from core import audit, word
from core.console import actor_of
from core.downloads import download


def printed(request: HttpRequest, pk: int) -> HttpResponse:
    found = visible(request, pk)
    return TemplateResponse(request, "console/record_print.html", {"record": found, "paper": paper_of(found)})


def in_word(request: HttpRequest, pk: int) -> HttpResponse:
    found = visible(request, pk)
    paper = paper_of(found)
    hands = [Hand(_("%s签字：") % side.label, _read(row)) for side, row in paper.hands]
    rows = [(str(row.label), row.lines) for row in paper.rows]
    content = form(str(paper.title), paper.number, rows, hands, paper.signed)
    audit.record("export_record", found, actor=actor_of(request), clause="[3.6]")
    return word.download(content, f"{paper.title}_{paper.number}.docx")


def _read(signature: Signature | None) -> bytes | None:
    if signature is None:
        return None
    with signature.image.open("rb") as file:
        return file.read()


def attachment(request: HttpRequest, pk: int, attachment_id: int) -> HttpResponse:
    """A file of the demand for who sits at the table, as a download."""
    found = get_object_or_404(Attachment, pk=attachment_id, booking=visible(request, pk).booking_id)
    audit.record("download_attachment", found.booking, actor=actor_of(request), after=found.pk)
    return download(found)
