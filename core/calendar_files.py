"""A year's notice as people hand it in: an Excel sheet or typed lines, turned into exceptions or refused whole."""

import io
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Font

from core.calendar_table import Exceptions, Kind, day_problem, runs
from core.errors import Refused
from core.services_calendar import bad_rows
from core.workbooks import MEGABYTE, lines_of

FILE_BYTES_MAX = MEGABYTE
ROWS_MAX = 400
RANGE_DAYS_MAX = 31
COLUMNS_READ = 8
HEADINGS = ("日期", "类型", "名称")

KINDS = {
    "放假": Kind.HOLIDAY,
    "放假调休": Kind.HOLIDAY,
    "调休上班": Kind.MAKEUP,
    "上班": Kind.MAKEUP,
    "补班": Kind.MAKEUP,
}
KIND_WORDS = {Kind.HOLIDAY.value: "放假", Kind.MAKEUP.value: "调休上班"}
DAY = r"(\d{4})\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})\s?日?"
SPAN = re.compile(rf"{DAY}(?:\s*[~至到—–]+\s*{DAY})?")


@dataclass(frozen=True)
class RawRow:
    """One line as it was handed in. `where` names it for the person: 第 3 行."""

    where: str
    days: Any
    kind: str
    name: str


def read_text(text: str) -> list[RawRow]:
    """One day or range to a line: date, 放假 or 调休上班, name. Refuses `too_many_rows`."""
    rows = []
    for number, line in enumerate(_plain(text).splitlines(), 1):
        if not line.strip():
            continue
        where = _("第 %s 行") % number
        span = SPAN.match(line.strip())
        words = line.strip()[span.end() :].split(maxsplit=1) if span else []
        kind, name = (*words, "", "")[:2]
        rows.append(RawRow(where, span.group() if span else line.strip(), kind, name.strip()))
        _check_row_count(len(rows))
    return rows


def read_workbook(content: bytes) -> list[RawRow]:
    """The first sheet under the headings 日期, 类型, 名称.

    Refuses `file_too_large`, `not_a_workbook`, `wrong_headings`, `formula`, `too_many_rows`.
    """
    cells = lines_of(content, bytes_max=FILE_BYTES_MAX, columns=COLUMNS_READ, limited=_limited)
    _check_headings(cells)
    rows = []
    for number, row in enumerate(cells[1:], 2):
        if any(cell.data_type == "f" for cell in row):
            raise Refused("formula", _("第 %s 行含有公式。请改为直接填写日期和文字后再导入。") % number, field="file")
        days, kind, name = (*(cell.value for cell in row), None, None, None)[:3]
        if days is None and kind is None and name is None:
            continue
        rows.append(RawRow(_("第 %s 行") % number, days, _word(kind), _word(name)))
    return rows


def to_exceptions(year: int, rows: Iterable[RawRow]) -> dict[date, tuple[str, str]]:
    """The rows as exceptions of that year. Refuses `bad_rows` with every row's reason; nothing is dropped."""
    exceptions: dict[date, tuple[str, str]] = {}
    first_seen: dict[date, str] = {}
    problems: list[str] = []
    for row in rows:
        days = _days_of(row.days)
        kind = KINDS.get(row.kind)
        if not days:
            problems.append(_("%s：日期无法识别，请写成 2027-01-01 或 2027-02-05~2027-02-11。") % row.where)
            continue
        for day in days:
            problem = day_problem(year, day, kind.value if kind else "", row.name)
            if day in first_seen:
                problem = _("%(day)s 与%(row)s重复。") % {"day": day.isoformat(), "row": first_seen[day]}
            if problem:
                problems.append(f"{row.where}：{problem}")
            elif kind:
                exceptions[day] = (kind.value, row.name)
            first_seen.setdefault(day, row.where)
    if problems:
        raise bad_rows(problems)
    return exceptions


def to_text(exceptions: Exceptions) -> str:
    """The typed form of a list; `read_text` gives the same list back."""
    lines = []
    for first, last, (kind, name) in runs(sorted(exceptions.items())):
        for start, end in _pieces(first, last):
            span = start.isoformat() if start == end else f"{start.isoformat()}~{end.isoformat()}"
            lines.append(f"{span} {KIND_WORDS[kind]} {name}".rstrip())
    return "\n".join(lines)


def template_workbook() -> bytes:
    """An empty sheet with the headings, and a second one that says how to fill it."""
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = _("放假安排")
    sheet.append(list(HEADINGS))
    notes = workbook.create_sheet(_("填写说明"))
    for line in (
        _("日期：写成 2027-01-01、2027/1/1 或 2027年1月1日；连续多日可写 2027-02-05~2027-02-11。"),
        _("类型：放假，或调休上班。"),
        _("名称：节日名称，如春节；调休上班可不填。"),
        _("只列与平常周一至周五上班、周六周日休息不同的日子；一个文件只列一个年度。"),
    ):
        notes.append([line])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for column in "ABC":
        sheet.column_dimensions[column].width = 26
    notes.column_dimensions["A"].width = 80
    target = io.BytesIO()
    workbook.save(target)
    return target.getvalue()


def _plain(text: str) -> str:
    """Full-width digits and signs, as Chinese keyboards give them, made plain."""
    return unicodedata.normalize("NFKC", text)


def _word(value: Any) -> str:
    return "" if value is None else _plain(str(value)).strip()


def _days_of(value: Any) -> list[date]:
    """The days a cell or text names; none when it cannot be read, runs backwards or is longer than a month."""
    if isinstance(value, datetime):
        return [value.date()]
    if isinstance(value, date):
        return [value]
    found = SPAN.fullmatch(_word(value))
    if not found:
        return []
    try:
        first = date(*(int(part) for part in found.groups()[:3]))
        last = date(*(int(part) for part in found.groups()[3:])) if found.group(4) else first
    except ValueError:
        return []
    if not 0 <= (last - first).days < RANGE_DAYS_MAX:
        return []
    return [first + timedelta(days=offset) for offset in range((last - first).days + 1)]


def _pieces(first: date, last: date) -> list[tuple[date, date]]:
    """A run cut so that each piece can be read back as one range."""
    pieces = []
    while first <= last:
        end = min(last, first + timedelta(days=RANGE_DAYS_MAX - 1))
        pieces.append((first, end))
        first = end + timedelta(days=1)
    return pieces


def _limited(rows: Iterable[Any]) -> Iterable[Any]:
    for number, row in enumerate(rows, 1):
        _check_row_count(number - 1)
        yield row


def _check_row_count(count: int) -> None:
    if count > ROWS_MAX:
        raise Refused("too_many_rows", _("超过 %s 行。一个年度的放假安排不会这么长，请核对内容。") % ROWS_MAX)


def _check_headings(cells: list[list[Any]]) -> None:
    titles = [_word(cell.value) for cell in cells[0][:3]] if cells else []
    if len(titles) < 3 or not all(title.startswith(heading) for title, heading in zip(titles, HEADINGS, strict=True)):
        raise Refused("wrong_headings", _("第一行应依次为：日期、类型、名称。请下载模板填写后再导入。"), field="file")
