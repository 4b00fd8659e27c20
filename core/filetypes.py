"""What an uploaded file is, by its content and never by its name."""

import zipfile
from typing import IO

PDF = "application/pdf"
JPEG = "image/jpeg"
PNG = "image/png"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SIGNATURES = ((b"%PDF-", PDF), (b"\xff\xd8\xff", JPEG), (b"\x89PNG\r\n\x1a\n", PNG))
ENDINGS = {PDF: ".pdf", JPEG: ".jpg", PNG: ".png", DOCX: ".docx", XLSX: ".xlsx"}


def recognise(file: IO[bytes]) -> str | None:
    """The content type of an accepted kind, or None. The file is left at its start."""
    file.seek(0)
    head = file.read(8)
    try:
        for signature, kind in SIGNATURES:
            if head.startswith(signature):
                return kind
        return _office_kind(file) if head.startswith(b"PK\x03\x04") else None
    finally:
        file.seek(0)


def _office_kind(file: IO[bytes]) -> str | None:
    """Word and Excel are zip archives with one telling member; one that carries macros is not accepted."""
    try:
        with zipfile.ZipFile(file) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return None
    if "[Content_Types].xml" not in names or any(name.endswith("vbaProject.bin") for name in names):
        return None
    if "word/document.xml" in names:
        return DOCX
    return XLSX if "xl/workbook.xml" in names else None
