"""From lines of text to plans of sittings. Every fault of every line is collected; nothing is guessed or dropped."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from django.db.models import CharField
from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl.utils.datetime import from_excel

from departments.models import Department
from sessions_app.enums import SessionKind
from sessions_app.excel import AFTERNOON, HALF_DAYS, MORNING, NOON, WHOLE_DAY
from sessions_app.excel_reading import CELL_CHARACTERS_MAX, RawRow
from sessions_app.models import Chair, Session, Sitting
from sessions_app.services import ChairPlan, SessionPlan, local_moment
from sessions_app.services_import import RowProblem, SittingPlan

# Tried on text without blanks.
NUMBER = re.compile(r"(?:(\d{4})年?)?第?(\d{1,3})期?")
DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:00:00(?::00)?)?")
SERIAL_DAY = re.compile(r"\d{5}")
CLOCK = r"(\d{1,2})[:点时](\d{1,2})?分?"
SPAN = re.compile(rf"{CLOCK}[-~‐-―至到]+{CLOCK}")
PHONE = re.compile(r"(.*?)[\s:：,，、/]*(\+?\d[\d\s()（）+转,，、/-]{4,})")
LIST_MARKS = re.compile(r"[、，,；;]+")
# Only where what stands between the others is no department: a name may hold these.
WEAK_LIST_MARKS = re.compile(r"[\s/]+")
LEADER_MARKS = re.compile(r"[；;]+")
LIAISON_CHARACTERS_MAX = 90
NUMBER_MAX = 99


class Fault(Exception):
    """One cell's fault, as a sentence."""


@dataclass(frozen=True)
class ParsedRow:
    row: int
    year: int | None
    number: int
    session: SessionPlan
    remarks: str


@dataclass(frozen=True)
class Parsed:
    """`plans` are those of whole sittings: one with a faulty line is left out, its faults are in `problems`."""

    plans: list[SittingPlan]
    problems: list[RowProblem]


def longest(model: type[Chair | Session | Sitting], name: str) -> int:
    """How many characters a column takes."""
    column = model._meta.get_field(name)
    assert isinstance(column, CharField)
    assert column.max_length
    return column.max_length


def parse_rows(rows: Iterable[RawRow]) -> Parsed:
    """Group the lines into sittings, by 期次 and year. A bare number takes the year of its first day."""
    known = {_plain(name): key for name, key in Department.objects.values_list("name", "pk")}
    parsed: list[ParsedRow] = []
    problems: list[RowProblem] = []
    faulty: set[tuple[int | None, int]] = set()
    for raw in rows:
        line = _Line(raw, known)
        found = line.read()
        problems += [RowProblem(raw.number, fault) for fault in line.faults]
        if found is not None and not line.faults:
            parsed.append(found)
        elif line.key is not None:
            faulty.add(line.key)
    plans = []
    for (year, number), lines in _by_sitting(parsed).items():
        try:
            plan = _sitting(year, number, lines)
        except Fault as fault:
            problems.append(RowProblem(lines[0].row, str(fault)))
            continue
        if not {(year, number), (None, number)} & faulty:
            plans.append(plan)
    return Parsed(plans, sorted(problems))


class _Line:
    """Reads one line, cell by cell, so that one faulty cell hides no other."""

    def __init__(self, raw: RawRow, known: Mapping[str, int]) -> None:
        self.raw, self.known = raw, known
        self.faults = list(raw.faults)
        self.key: tuple[int | None, int] | None = None

    def tried(self, parse: Callable[..., Any], *texts: Any) -> Any:
        try:
            return parse(*texts)
        except Fault as fault:
            self.faults.append(str(fault))
            return None

    def read(self) -> ParsedRow | None:
        if any(len(text) > CELL_CHARACTERS_MAX for text in self.raw.cells):
            return None
        number, day, half_day, hours, kind, place, lead, joint, leaders, theme, liaison, remarks = self.raw.cells
        self.key = self.tried(_number, number)
        on_day = self.tried(_day, day)
        span = self.tried(_span, hours)
        if span is not None:
            self.tried(_check_half_day, half_day, span)
        found_kind = self.tried(_kind, kind)
        chairs = self.tried(_chairs, lead, joint, leaders, self.known)
        contact = self.tried(_liaison, liaison)
        self.tried(_fits, _("地点"), place, Session, "place")
        self.tried(_fits, _("主题/职责范围"), theme, Session, "theme")
        self.tried(_fits, _("备注"), remarks, Sitting, "remarks")
        if self.faults or self.key is None:
            return None
        plan = SessionPlan(
            kind=found_kind,
            starts_at=local_moment(on_day, span[0]),
            ends_at=local_moment(on_day, span[1]),
            place=place,
            theme=theme,
            liaison=contact[0],
            liaison_phone=contact[1],
            chairs=chairs,
        )
        return ParsedRow(self.raw.number, self.key[0], self.key[1], plan, remarks)


def _by_sitting(rows: Sequence[ParsedRow]) -> dict[tuple[int, int], list[ParsedRow]]:
    bare: dict[int, list[ParsedRow]] = defaultdict(list)
    grouped: dict[tuple[int, int], list[ParsedRow]] = defaultdict(list)
    for row in rows:
        if row.year is None:
            bare[row.number].append(row)
        else:
            grouped[row.year, row.number].append(row)
    for number, lines in bare.items():
        first = min(line.session.starts_at for line in lines)
        grouped[timezone.localdate(first).year, number] += lines
    return {key: sorted(lines, key=lambda line: line.row) for key, lines in sorted(grouped.items())}


def _sitting(year: int, number: int, lines: Sequence[ParsedRow]) -> SittingPlan:
    remarks = "；".join(dict.fromkeys(line.remarks for line in lines if line.remarks))
    _fits(_("备注"), remarks, Sitting, "remarks")
    return SittingPlan(
        year=year,
        number=number,
        sessions=tuple(line.session for line in lines),
        rows=tuple(line.row for line in lines),
        remarks=remarks,
    )


def _plain(text: str) -> str:
    """Full-width digits and signs, as Chinese keyboards give them, made plain; blanks taken out."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def _number(text: str) -> tuple[int | None, int]:
    found = NUMBER.fullmatch(_plain(text))
    if not found or not 1 <= int(found[2]) <= NUMBER_MAX:
        raise Fault(_("期次应写成“2027年第1期”或 1 至 %s 的数字。") % NUMBER_MAX)
    return int(found[1]) if found[1] else None, int(found[2])


def _day(text: str) -> date:
    plain = _plain(text)
    try:
        if SERIAL_DAY.fullmatch(plain):
            return from_excel(int(plain)).date()
        if found := DAY.fullmatch(plain):
            return date(int(found[1]), int(found[2]), int(found[3]))
    except (ValueError, OverflowError):
        pass
    raise Fault(_("坐诊日期无法识别，请写成 2027-01-12。"))


def _span(text: str) -> tuple[time, time]:
    found = SPAN.fullmatch(_plain(text))
    try:
        if not found:
            raise ValueError(text)
        starts, ends = time(int(found[1]), int(found[2] or 0)), time(int(found[3]), int(found[4] or 0))
    except ValueError:
        raise Fault(_("起止时间无法识别，请写成 09:00-12:00。")) from None
    if ends <= starts:
        raise Fault(_("结束时间应晚于开始时间。"))
    return starts, ends


def _check_half_day(text: str, span: tuple[time, time]) -> None:
    said = _plain(text)
    if not said:
        return
    if said not in HALF_DAYS:
        raise Fault(_("上/下午应为上午、下午或全天。"))
    morning = span[0] < NOON
    if (said in (MORNING, WHOLE_DAY) and not morning) or (said == AFTERNOON and morning):
        raise Fault(_("上/下午与起止时间不一致。"))


def _kind(text: str) -> str:
    kinds = {str(kind.label): kind.value for kind in SessionKind}
    try:
        return kinds[_plain(text)]
    except KeyError:
        raise Fault(_("类型应为主场、专场或加诊。")) from None


def _liaison(text: str) -> tuple[str, str]:
    """王五 0871-68690000; what has no number is a name."""
    _shorter(_("联络员及电话"), text, LIAISON_CHARACTERS_MAX)
    found = PHONE.fullmatch(text)
    name, phone = (found[1].strip(), found[2].strip()) if found else (text, "")
    _fits(_("联络员"), name, Session, "liaison")
    _fits(_("联络电话"), phone, Session, "liaison_phone")
    return name, phone


def _chairs(lead: str, joint: str, leaders: str, known: Mapping[str, int]) -> tuple[ChairPlan, ...]:
    leading = _names(lead, known)
    if len(leading) > 1:
        raise Fault(_("牵头部门只能有一个，其余请填入“联合坐诊部门”。"))
    names = [*leading, *_names(joint, known)]
    if unknown := [name for name in names if name not in known]:
        raise Fault(_("没有这个部门：%s。请使用“填写说明”中列出的名称。") % "、".join(unknown))
    if len(set(names)) < len(names):
        raise Fault(_("牵头部门和联合坐诊部门有重复。"))
    hosts = _leaders(leaders, leading[0] if leading else "")
    if strangers := [name for name in hosts if name not in names]:
        raise Fault(_("主要负责同志所在部门未列入本场坐诊：%s。") % "、".join(strangers))
    return tuple(
        ChairPlan(known[name], is_lead=name in leading, leader_name=host[0], leader_title=host[1])
        for name in names
        for host in [hosts.get(name, ("", ""))]
    )


def _names(text: str, known: Mapping[str, int]) -> list[str]:
    names = []
    for part in LIST_MARKS.split(text):
        whole = _plain(part)
        names += [whole] if whole in known else [_plain(piece) for piece in WEAK_LIST_MARKS.split(part)]
    return [name for name in names if name]


def _leaders(text: str, lead: str) -> dict[str, tuple[str, str]]:
    """市税务局：张三 局长；市统计局：李四 局长. One without a department is the lead department's."""
    found: dict[str, tuple[str, str]] = {}
    for part in filter(None, (part.strip() for part in LEADER_MARKS.split(text))):
        department, colon, person = part.replace(":", "：").partition("：")
        named = _plain(department) if colon else lead
        name, title = _person(person if colon else part)
        if not named:
            raise Fault(_("请写明主要负责同志所在部门，或填写牵头部门。"))
        if not name:
            raise Fault(_("“%s”后缺少主要负责同志姓名。") % department)
        if named in found:
            raise Fault(_("同一部门只填写一位主要负责同志：%s。") % named)
        _fits(_("主要负责同志姓名"), name, Chair, "leader_name")
        _fits(_("主要负责同志职务"), title, Chair, "leader_title")
        found[named] = (name, title)
    return found


def _person(text: str) -> tuple[str, str]:
    """张三 局长, and 张　三 局长 as official lists set short names."""
    words = text.split()
    parts = 2 if len(words) > 1 and len(words[0]) == len(words[1]) == 1 else 1
    return "".join(words[:parts]), " ".join(words[parts:])


def _fits(label: str, text: str, model: type[Chair | Session | Sitting], field: str) -> None:
    _shorter(label, text, longest(model, field))


def _shorter(label: str, text: str, most: int) -> None:
    if len(text) > most:
        raise Fault(_("“%(label)s”超过 %(longest)s 字，请精简。") % {"label": label, "longest": most})
