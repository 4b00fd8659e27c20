"""Attachments leave as downloads only."""

from django.http import FileResponse

from appointments.filetypes import ENDINGS
from appointments.models import Attachment


def download(attachment: Attachment) -> FileResponse:
    """Never shown as a page, whatever the file pretends to be; its ending follows its content."""
    ending = ENDINGS[attachment.content_type]
    name = attachment.name if attachment.name.lower().endswith((ending, ".jpeg")) else f"{attachment.name}{ending}"
    return FileResponse(
        attachment.file.open("rb"), as_attachment=True, filename=name, content_type="application/octet-stream"
    )
