"""Workbooks as people hand them in."""

import io
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook

from sessions_app.excel import HEADINGS

GOOD: dict[str, Any] = {
    "期次": "2026年第1期",
    "坐诊日期": "2026-12-15",
    "上/下午": "上午",
    "起止时间": "09:00-12:00",
    "类型": "主场",
    "地点": "",
    "牵头部门": "市税务局",
    "联合坐诊部门": "市统计局、市发改局",
    "主要负责同志姓名职务": "市税务局：张三 局长；市统计局：李四 局长",
    "主题/职责范围": "惠企政策兑现",
    "联络员及电话": "王五 0871-68690000",
    "备注": "",
}


def row(**cells: Any) -> dict[str, Any]:
    return GOOD | cells


def cells_of(line: dict[str, Any]) -> list[Any]:
    return [line[heading] for heading in HEADINGS]


def workbook(*lines: dict[str, Any], headings: Sequence[str] = HEADINGS) -> bytes:
    book = Workbook()
    book.active.append(list(headings))
    for line in lines:
        book.active.append([line[heading] for heading in headings])
    return saved(book)


def saved(book: Workbook) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()
