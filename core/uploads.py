"""How much one request may upload at all, before any of it is kept, and which files are kept."""

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.utils.translation import gettext as _

from core import policy
from core.errors import Refused
from core.filetypes import recognise

# Five files of the largest kind, and room for what wraps them.
REQUEST_BYTES_MAX = policy.ATTACHMENTS_MAX * policy.ATTACHMENT_BYTES_MAX + 1024 * 1024


class QuotaHandler(FileUploadHandler):
    """Stands before Django's own handlers and stops a request that announces more than five full files."""

    def handle_raw_input(
        self, input_data: Any, META: dict[str, Any], content_length: int, boundary: Any, encoding: str | None = None
    ) -> None:
        if content_length > REQUEST_BYTES_MAX:
            raise RequestDataTooBig("Too much in one upload.")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


FILE_NAME_CHARACTERS_MAX = 120


def file_kind(upload: UploadedFile) -> str:
    """What an upload is, by its content. Refuses `file_empty`, `file_too_large`, `file_kind`."""
    if not upload.size:
        raise Refused("file_empty", _("“%s”是空文件。") % upload.name, field="attachments")
    if upload.size > policy.ATTACHMENT_BYTES_MAX:
        raise Refused("file_too_large", _("“%s”超过 10 MB。") % upload.name, field="attachments")
    kind = recognise(upload)
    if kind is None:
        raise Refused(
            "file_kind",
            _("“%s”不是可接受的文件。请上传 pdf、jpg、png、docx、xlsx。") % upload.name,
            field="attachments",
        )
    return kind


def file_name(upload: UploadedFile) -> str:
    """As the visitor called it, its end kept, without the NUL that a database refuses."""
    return (upload.name or _("附件")).replace("\x00", "")[-FILE_NAME_CHARACTERS_MAX:]
