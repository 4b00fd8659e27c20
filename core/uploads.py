"""How much one request may upload at all, before any of it is kept."""

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

from core import policy

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
