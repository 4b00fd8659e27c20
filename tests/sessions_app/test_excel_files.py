"""Files that are no schedule: hostile, damaged, too large, mangled. Each is refused with a sentence, none fails."""

import io
import zipfile
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from core import workbooks
from core.errors import Refused
from sessions_app import excel_reading
from sessions_app.excel import HEADINGS, ROWS_MAX
from sessions_app.excel_reading import RawRow, read_workbook
from sessions_app.excel_rows import parse_rows
from sessions_app.services_import import import_schedule, review_schedule
from tests.conftest import Cast
from tests.sessions_app.sheets import GOOD, cells_of, saved, workbook

pytestmark = [pytest.mark.django_db, pytest.mark.clause("[5.1]")]
TODAY = date(2026, 11, 2)


def refused_code(content: bytes) -> str:
    with pytest.raises(Refused) as caught:
        read_workbook(content)
    assert caught.value.field == "file"
    return caught.value.code


def zipped(**parts: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as container:
        for name, content in parts.items():
            container.writestr(name, content)
    return target.getvalue()


@pytest.mark.parametrize(
    "content",
    [b"", b"not a workbook", b"PK\x03\x04", b"\xd0\xcf\x11\xe0" + bytes(600), zipped(a=b"b"), workbook(GOOD)[:2000]],
    ids=["empty", "text", "cut zip", "old xls", "another zip", "cut workbook"],
)
def test_read_workbook_of_what_is_none_is_refused(content: bytes) -> None:
    assert refused_code(content) == "not_a_workbook"


def test_read_workbook_over_two_megabytes_is_refused() -> None:
    assert refused_code(bytes(excel_reading.FILE_BYTES_MAX + 1)) == "file_too_large"


def test_read_workbook_that_unfolds_to_a_bomb_is_refused() -> None:
    bomb = zipped(sheet=bytes(excel_reading.FILE_BYTES_MAX * workbooks.UNFOLDED_TIMES + 1))
    assert len(bomb) < 100_000
    assert refused_code(bomb) == "file_too_large"


def test_read_workbook_with_thousands_of_parts_is_refused() -> None:
    parts = {f"part{number}": b"" for number in range(workbooks.PARTS_MAX + 1)}
    assert refused_code(zipped(**parts)) == "file_too_large"


def test_read_workbook_with_entities_is_refused() -> None:
    original = zipfile.ZipFile(io.BytesIO(workbook(GOOD)))
    parts = {name: original.read(name) for name in original.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"]
    parts["xl/worksheets/sheet1.xml"] = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]>' + sheet
    assert refused_code(zipped(**parts)) == "not_a_workbook"


def test_read_workbook_with_two_thousand_rows_is_read_and_one_more_refused() -> None:
    lines = [GOOD] * (ROWS_MAX + 1)
    assert len(read_workbook(workbook(*lines[:-1]))) == ROWS_MAX
    assert refused_code(workbook(*lines)) == "too_many_rows"


def test_read_workbook_with_a_row_at_the_very_end_of_the_sheet_is_refused() -> None:
    book = Workbook()
    book.active.append(list(HEADINGS))
    book.active.cell(1_048_576, 1, "1")
    assert refused_code(saved(book)) == "too_many_rows"


def test_read_workbook_without_a_heading_names_what_is_missing() -> None:
    with pytest.raises(Refused) as caught:
        read_workbook(workbook(GOOD, headings=[heading for heading in HEADINGS if heading != "类型"]))
    assert (caught.value.code, str(caught.value.message)) == (
        "wrong_headings",
        "第一行缺少列：类型。请下载模板填写后再导入。",
    )


@pytest.mark.parametrize("book", [workbook(), saved(Workbook())], ids=["headings only", "nothing at all"])
def test_read_workbook_without_rows_is_refused(book: bytes) -> None:
    assert refused_code(book) in {"no_rows", "wrong_headings"}


# A workbook holds no control character, but it holds the escapes of all of them.
mangled = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(min_value=-(10**12), max_value=10**12),
    st.floats(allow_nan=False, allow_infinity=False),
    st.dates(min_value=date(1900, 3, 1)),
    st.times(),
    st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"), max_size=40),
    st.sampled_from(
        [
            *GOOD.values(),
            "_x0000_",
            "_xD800_",
            "_xFFFF_",
            "\u202e",
            "第期",
            "年",
            "24:00-25:00",
            "：；、",
            "9999-99-99",
        ]
    ),
)


@settings(max_examples=60, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.lists(mangled, min_size=12, max_size=12), min_size=1, max_size=4))
def test_import_of_mangled_cells_is_refused_or_imported_and_never_fails(cast: Cast, rows: list[list[Any]]) -> None:
    book = Workbook()
    book.active.append(list(HEADINGS))
    for number, line in enumerate(rows, start=2):
        for column, value in enumerate(line, start=1):
            book.active.cell(number, column, value)
    check_refused_or_imported(cast, saved(book))


@settings(max_examples=60, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    column=st.sampled_from(HEADINGS),
    cell=st.one_of(
        st.text(max_size=60), st.text(alphabet="0123456789年月日第期-/.: 　：；、张三市税务局", max_size=30)
    ),
)
def test_import_with_one_mangled_text_is_refused_or_imported_and_never_fails(
    cast: Cast, column: str, cell: str
) -> None:
    values = cells_of(GOOD)
    values[HEADINGS.index(column)] = cell
    check_parsed(cast, [RawRow(2, tuple(excel_reading._text(value) for value in values))])


def check_refused_or_imported(cast: Cast, content: bytes) -> None:
    try:
        rows = read_workbook(content)
    except Refused:
        return
    check_parsed(cast, rows)


def check_parsed(cast: Cast, rows: list[RawRow]) -> None:
    """Whatever is not refused can be written."""
    parsed = parse_rows(rows)
    review = review_schedule(parsed.plans, TODAY)
    if not parsed.problems and not review.problems:
        import_schedule(plans=parsed.plans, basis=review.basis, actor=cast.bureau_staff)
