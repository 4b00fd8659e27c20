"""A workbook that somebody handed in: known by its content, measured before anything parses it."""

import io
import zipfile
from collections.abc import Callable, Iterable
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook

from core.errors import Refused

MEGABYTE = 1024 * 1024
# A zip of a megabyte can unfold to a gigabyte; lists of ours need far less than this.
UNFOLDED_TIMES = 8
PARTS_MAX = 100

Lines = Iterable[Any]


def lines_of(content: bytes, *, bytes_max: int, columns: int, limited: Callable[[Lines], Lines]) -> list[list[Any]]:
    """The cells of the first sheet, line by line; `limited` passes lines on and refuses when there are too many.

    Refuses `file_too_large`, `not_a_workbook`, and what `limited` refuses.
    """
    container = _plain_copy(content, bytes_max)
    try:
        workbook = load_workbook(container, read_only=True)
        return [list(line) for line in limited(workbook.worksheets[0].iter_rows(max_col=columns))]
    except Refused:
        raise
    except Exception as error:  # a damaged or hostile file fails in ways that cannot be listed
        raise _not_a_workbook() from error


def _plain_copy(content: bytes, bytes_max: int) -> io.BytesIO:
    """Copied part by part under a limit, so that the parser gets only what was measured.

    The sizes that a zip declares can lie; a bounded read cannot.
    """
    if len(content) > bytes_max:
        message = _("文件超过 %s MB。请使用下载的模板填写后再导入。") % (bytes_max // MEGABYTE)
        raise Refused("file_too_large", message, field="file")
    unfolded_most = bytes_max * UNFOLDED_TIMES
    copy = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as container, zipfile.ZipFile(copy, "w") as plain:
            parts = {part.filename: part for part in container.infolist()}
            if len(parts) > PARTS_MAX or sum(part.file_size for part in parts.values()) > unfolded_most:
                raise Refused("file_too_large", _("文件展开后过大。请使用下载的模板填写后再导入。"), field="file")
            for name, part in parts.items():
                with container.open(part) as stream:
                    plain.writestr(name, _checked_part(stream.read(unfolded_most)))
    except Refused:
        raise
    except Exception as error:  # as above
        raise _not_a_workbook() from error
    return copy


def _checked_part(content: bytes) -> bytes:
    """No workbook needs a document type; one that has it wants its entities unfolded."""
    if any("<!DOCTYPE".encode(encoding) in content for encoding in ("utf-8", "utf-16-le", "utf-16-be")):
        raise _not_a_workbook()
    return content


def _not_a_workbook() -> Refused:
    return Refused("not_a_workbook", _("文件不是有效的 Excel 工作簿（.xlsx）。请下载模板填写后再导入。"), field="file")
