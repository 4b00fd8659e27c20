"""Reports brought to each status in the fewest words, of a quarter whose figures a test chooses. [3.10]"""

import base64
import io
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from PIL import Image

from reports import services
from reports.drafting import Material
from reports.enums import ReportKind, ReportStatus
from reports.models import Report
from tests.conftest import Cast
from tests.factories import department, moment
from tests.reports.results_steps import content

YEAR, QUARTER = 2026, 3
# The quarter is over.
NOW = moment("2026-10-12 10:00")
WRITER, APPROVER = "bureau_staff", "bureau_supervisor"


def picture() -> str:
    buffer = io.BytesIO()
    Image.new("RGB", (60, 30), "white").save(buffer, "PNG")
    return base64.b64encode(buffer.getvalue()).decode()


def line(number: int, *units: str) -> dict[str, Any]:
    keys = [department(name).pk for name in units]
    return {"departments": keys, "cells": [f"26-18-{number:05}", f"安宁第{number}企业有限公司", "、".join(units)]}


def material(consulted: int = 27) -> Material:
    """What the figures of a quarter give, as a report keeps it."""
    told = f"（一）接诊情况。本季度接诊{consulted}件。\n（二）现场解决。9件。"
    names = ("opening", "overall", "handling", "rating", "problems", "next")
    return Material(
        texts={name: told if name == "overall" else f"{name}：共{consulted}件。" for name in names},
        figures={
            "case_heads": ["编号", "企业", "责任单位"],
            "tables": [
                {
                    "section": "handling",
                    "caption": "各部门办理情况",
                    "heads": ["部门", "接诊"],
                    "rows": [["市税务局", str(consulted)]],
                    "widths": [2, 1],
                }
            ],
            "charts": [{"section": "overall", "caption": "接诊情况", "png": picture(), "about": f"接诊{consulted}件"}],
        },
        cases=[line(1, "市税务局"), line(2, "市统计局"), line(3, "市税务局", "市统计局")],
    )


@pytest.fixture
def figures(monkeypatch: pytest.MonkeyPatch, db: None) -> Callable[[int], None]:
    """`figures(28)`: from now on the quarter counts so many."""

    def say(consulted: int) -> None:
        monkeypatch.setattr("reports.services.reports.material_of", lambda year, quarter, now: material(consulted))

    say(27)
    return say


def make(
    cast: Cast, kind: str = ReportKind.BULLETIN, *, by: str = WRITER, now: datetime = NOW, **wanted: Any
) -> Report:
    period = {"year": YEAR, "quarter": QUARTER} if kind == ReportKind.BULLETIN else {"year": None, "quarter": None}
    title = "" if kind == ReportKind.BULLETIN else "关于企业用水诉求的报告"
    return services.make_report(**{"kind": kind, "title": title} | period | wanted, actor=cast[by], now=now)


def written(report: Report, cast: Cast, *, by: str = WRITER) -> Report:
    """Every part has words."""
    for section in report.sections:
        if not section["made"] and section["text"] is None:
            edit(report, cast, section["key"], f"{section['heading']}的内容。", by=by)
    return fresh(report)


def edit(report: Report, cast: Cast, key: str, text: str, *, by: str = WRITER, revision: int | None = None) -> Report:
    if revision is None:
        revision = fresh(report).revision
    return services.edit_section(report_id=report.pk, key=key, text=text, revision=revision, actor=cast[by], now=NOW)


def approve(report: Report, cast: Cast, *, by: str = APPROVER, revision: int | None = None) -> Report:
    if revision is None:
        revision = fresh(report).revision
    return services.approve_report(report_id=report.pk, revision=revision, actor=cast[by], now=NOW)


def send_back(report: Report, cast: Cast, *, by: str = APPROVER, reason: str = "数据请核对。") -> Report:
    return services.send_back_report(report_id=report.pk, reason=reason, actor=cast[by], now=NOW)


def issue(
    report: Report, cast: Cast, *, by: str = APPROVER, now: datetime = NOW, number: str = "安政务〔2027〕3号"
) -> Report:
    return services.issue_report(report_id=report.pk, number=number, actor=cast[by], now=now)


def drop(report: Report, cast: Cast, *, by: str = APPROVER) -> Report:
    return services.drop_report(report_id=report.pk, reason="不再需要。", actor=cast[by], now=NOW)


def correct(report: Report, cast: Cast, *, by: str = WRITER, why: str = "接诊数有误。") -> Report:
    return services.correct_report(report_id=report.pk, why=why, actor=cast[by], now=NOW)


def fresh(report: Report) -> Report:
    return Report.objects.get(pk=report.pk)


def issued(cast: Cast, kind: str = ReportKind.BULLETIN, **wanted: Any) -> Report:
    return bring_to(ReportStatus.ISSUED, cast, kind, **wanted)


def bring_to(status: str, cast: Cast, kind: str = ReportKind.BULLETIN, **wanted: Any) -> Report:
    report = written(make(cast, kind, **wanted), cast)
    if status == ReportStatus.DROPPED:
        drop(report, cast)
    if status in (ReportStatus.APPROVED, ReportStatus.ISSUED):
        approve(report, cast)
    if status == ReportStatus.ISSUED:
        issue(report, cast)
    return fresh(report)


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch, db: None) -> Callable[[int], None]:
    """`counted(13)`: from now on so many demands of the quarter were solved at the table. [5.4]"""

    def say(solved: int) -> None:
        monkeypatch.setattr("reports.services.published.content_of", lambda quarter, now: content(solved))

    say(12)
    return say
