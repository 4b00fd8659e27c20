"""A report as people read it: the same parts make the page, the print view, the Word file and the Excel file. [3.10]

A draft is read from its row, an issued one from what was kept of it.
"""

import base64
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.templatetags.cn import NUMERALS
from reports.enums import ReportKind, ReportStatus
from reports.figures.quarter import Quarter
from reports.models import IssuedReport, Report

OFFICE = gettext_lazy("安宁市政务服务局")
HEAD = gettext_lazy("安宁市政务服务局文件")
# 一、 to 十、: no report of ours has more parts.
OPENING = "opening"
# A title of more characters is broken before the name of the programme.
TITLE_LINE = 20
PROGRAMME = "“"
PARTS: dict[str, tuple[tuple[str, Any], ...]] = {
    ReportKind.BULLETIN: (
        (OPENING, gettext_lazy("开头")),
        ("overall", gettext_lazy("总体情况")),
        ("handling", gettext_lazy("办理情况")),
        ("rating", gettext_lazy("评价回访")),
        ("problems", gettext_lazy("存在问题")),
        ("next", gettext_lazy("下步要求")),
    ),
    ReportKind.IMPORTANT: (
        (OPENING, gettext_lazy("开头")),
        ("overall", gettext_lazy("基本情况")),
        ("problems", gettext_lazy("主要问题")),
        ("measures", gettext_lazy("已采取的措施")),
        ("advice", gettext_lazy("有关建议")),
    ),
    ReportKind.SPECIAL: (
        (OPENING, gettext_lazy("开头")),
        ("practice", gettext_lazy("主要做法")),
        ("overall", gettext_lazy("工作成效")),
        ("examples", gettext_lazy("典型案例")),
        ("problems", gettext_lazy("存在问题")),
        ("next", gettext_lazy("下一步打算")),
    ),
}
ADDRESSEES = {
    ReportKind.BULLETIN: gettext_lazy("市级各有关部门"),
    ReportKind.IMPORTANT: gettext_lazy("市人民政府"),
    ReportKind.SPECIAL: gettext_lazy("昆明市政务服务管理局"),
}
# Whom a bulletin is copied to; the office's own flow may add to it.
COPIED_TO = {ReportKind.BULLETIN: gettext_lazy("市人民政府办公室")}
# What goes to a level above names who signed it out.
GOES_UP = (ReportKind.IMPORTANT, ReportKind.SPECIAL)


@dataclass(frozen=True)
class Table:
    caption: str
    heads: list[str]
    rows: list[list[str]]
    widths: list[int]
    note: str = ""


@dataclass(frozen=True)
class Chart:
    """A picture of the figures, with the words that say what it shows."""

    caption: str
    png: str
    about: str
    # Its place among all charts of the report, in its address.
    place: int
    # As wide as the text, or about half of it.
    is_wide: bool = True

    @property
    def picture(self) -> bytes:
        return base64.b64decode(self.png)


@dataclass(frozen=True)
class Part:
    """A part of the text; `text` holds its paragraphs, a line each. `fresh`: what the figures say now, where a
    person's words were written when they said something else."""

    key: str
    name: str
    heading: str
    text: str
    tables: list[Table] = field(default_factory=list)
    charts: list[Chart] = field(default_factory=list)
    is_edited: bool = False
    fresh: str = ""

    @property
    def lines(self) -> list[str]:
        return [line.strip() for line in self.text.splitlines() if line.strip()]


@dataclass(frozen=True)
class Paper:
    kind: str
    title: str
    number: str
    addressee: str
    parts: list[Part]
    mark: str
    day: str
    case_heads: list[str]
    cases: list[dict[str, Any]]
    goes_up: bool
    copied_to: str = ""

    @property
    def title_lines(self) -> list[str]:
        before, mark, rest = self.title.partition(PROGRAMME)
        return [before, mark + rest] if len(self.title) > TITLE_LINE and before and rest else [self.title]

    @property
    def tables(self) -> Iterator[Table]:
        return (table for part in self.parts for table in part.tables)

    @property
    def charts(self) -> Iterator[Chart]:
        return (chart for part in self.parts for chart in part.charts)


def paper_of(report: Report) -> Paper:
    issued = IssuedReport.objects.get(report=report) if report.is_issued else None
    kept: Any = issued or report
    marks = {
        ReportStatus.DRAFT: _("（草稿）"),
        ReportStatus.APPROVED: _("（审定稿）"),
        ReportStatus.DROPPED: _("（作废）"),
    }
    sections = issued.sections if issued else [resolved(section) for section in report.sections]
    return Paper(
        kind=report.kind,
        title=kept.title,
        number=kept.number or blank_number(report),
        addressee=kept.addressee,
        parts=list(_parts(sections, kept.figures)),
        mark="" if issued else marks[ReportStatus(report.status)],
        day=cn_day(report.issued_at) if report.issued_at else "",
        case_heads=kept.figures.get("case_heads", []),
        cases=kept.cases,
        goes_up=report.kind in GOES_UP,
        copied_to=str(COPIED_TO.get(ReportKind(report.kind), "")),
    )


def resolved(section: dict[str, Any]) -> dict[str, Any]:
    """A section with the words that stand: a person's own, or what the figures say."""
    edited = section["text"] is not None
    return {
        "key": section["key"],
        "heading": section["heading"],
        "text": section["text"] if edited else section["made"],
        "is_edited": edited,
        "fresh": section["made"] if edited and section["made"] != section["seen"] else "",
    }


def kept_sections(report: Report) -> list[dict[str, str]]:
    """What an issue keeps of the sections: the words that stand, and nothing of how they came about."""
    return [{name: resolved(section)[name] for name in ("key", "heading", "text")} for section in report.sections]


def _parts(sections: list[dict[str, Any]], figures: dict[str, Any]) -> Iterator[Part]:
    place = 0
    for section in sections:
        key = section["key"]
        place += key != OPENING
        name = section["heading"]
        yield Part(
            key=key,
            name=name,
            heading="" if key == OPENING else f"{NUMERALS[place]}、{name}",
            text=section["text"],
            tables=[_table(row) for row in figures.get("tables", []) if row["section"] == key],
            charts=[_chart(row, at) for at, row in enumerate(figures.get("charts", [])) if row["section"] == key],
            is_edited=section.get("is_edited", False),
            fresh=section.get("fresh", ""),
        )


def _table(row: dict[str, Any]) -> Table:
    return Table(row["caption"], row["heads"], row["rows"], row["widths"], row.get("note", ""))


def _chart(row: dict[str, Any], place: int) -> Chart:
    return Chart(row["caption"], row["png"], row["about"], place, row.get("is_wide", True))


def blank_number(report: Report) -> str:
    """安政务〔2027〕　号, until the office's own flow gives the number."""
    year = timezone.localdate(report.issued_at or report.made_at).year
    return _("安政务〔%s〕　　号") % year


def cn_day(moment: datetime) -> str:
    """2027年1月8日, without the weekday, as documents are dated."""
    return cn_day_of(timezone.localdate(moment))


def cn_day_of(day: date) -> str:
    return _("%(year)s年%(month)s月%(day)s日") % {"year": day.year, "month": day.month, "day": day.day}


def usual_title(kind: str, year: int | None, quarter: int | None) -> str:
    if kind == ReportKind.BULLETIN and year and quarter:
        return _("关于%s“局长坐诊接诉”工作情况的通报") % Quarter(year, quarter).title
    return ""
