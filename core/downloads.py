"""Uploaded files leave as downloads only."""

from typing import Any, Protocol

from django.http import FileResponse

from core.filetypes import ENDINGS


class Kept(Protocol):
    """A file as it was kept: what the visitor called it, what it is, where it lies."""

    name: Any
    content_type: Any
    file: Any


def download(kept: Kept) -> FileResponse:
    """Never shown as a page, whatever the file pretends to be; its ending follows its content."""
    ending = ENDINGS[kept.content_type]
    name = kept.name if kept.name.lower().endswith((ending, ".jpeg")) else f"{kept.name}{ending}"
    return FileResponse(
        kept.file.open("rb"), as_attachment=True, filename=name, content_type="application/octet-stream"
    )
