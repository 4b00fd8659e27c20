"""The year's schedule (坐诊日程安排, attachment 2) as a workbook: one row is one session. [5.1]

The same sheet goes out filled, goes out empty as a template, and comes back in.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from core.sheets import BOX, put
from sessions_app.enums import SessionKind
from sessions_app.models import Chair, Session, Sitting

ROWS_MAX = 2000
# Departments and joint departments, and leaders of several departments, in one cell.
DEPARTMENT_MARK, LEADER_MARK, NAME_MARK = "、", "；", "："
NOON = time(12, 0)
# A morning may run a little past noon; what runs longer is a whole day.
MORNING_ENDS_BY = time(13, 0)
MORNING, AFTERNOON, WHOLE_DAY = "上午", "下午", "全天"
HALF_DAYS = (MORNING, AFTERNOON, WHOLE_DAY)
# What XML, and so a workbook, cannot hold.
UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
NOTES_SHEET = "填写说明"
# Where the notes keep the names that the department column offers.
NAMES_COLUMN = "F"


@dataclass(frozen=True)
class Column:
    """A column of the sheet. The heading is what an import looks for, so it is not translated."""

    heading: str
    width: int
    needed: bool
    hint: str | Promise
    example: str


COLUMNS = (
    Column(
        "期次", 15, True, gettext_lazy("同一期的各场次填写相同期次；只写数字时，年度取该期首场日期。"), "2027年第1期"
    ),
    Column(
        "坐诊日期", 13, True, gettext_lazy("应为工作日，可写 2027-01-12、2027/1/12 或 2027年1月12日。"), "2027-01-12"
    ),
    Column("上/下午", 8, False, gettext_lazy("上午、下午或全天，应与起止时间一致；可不填。"), MORNING),
    Column("起止时间", 13, True, gettext_lazy("24 小时制，如 09:00-12:00。每场不少于半天。"), "09:00-12:00"),
    Column("类型", 7, True, gettext_lazy("主场、专场或加诊。每期至少一场主场，专场以 2 至 3 场为宜。"), "主场"),
    Column("地点", 34, False, gettext_lazy("不填为市政务服务中心党建书屋开放式专窗。"), ""),
    Column("牵头部门", 16, False, gettext_lazy("使用本页右侧列出的部门名称；主场发布公告前必须填写。"), "市税务局"),
    Column("联合坐诊部门", 22, False, gettext_lazy("多个部门用顿号（、）分隔。"), "市统计局、市发改局"),
    Column(
        "主要负责同志姓名职务",
        30,
        False,
        gettext_lazy("“部门：姓名 职务”，多个部门用分号（；）分隔；只有牵头部门时可省略部门名称。"),
        "市税务局：张三 局长；市统计局：李四 局长",
    ),
    Column("主题/职责范围", 28, False, gettext_lazy("本场坐诊的主题或可受理的职责范围。"), "惠企政策兑现"),
    Column("联络员及电话", 22, False, gettext_lazy("姓名在前，电话在后。"), "王五 0871-68690000"),
    Column("备注", 18, False, gettext_lazy("本期的说明，写在该期任一行即可。"), ""),
)
HEADINGS = tuple(column.heading for column in COLUMNS)


def schedule_workbook(sittings: Iterable[Sitting], departments: Sequence[str]) -> Workbook:
    """The sheet with its explanations and drop-down lists; without sittings it is the template to fill.

    Reads the sittings' prefetched sessions and departments.
    """
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = _("坐诊日程安排")
    _head(sheet, HEADINGS, [column.width for column in COLUMNS])
    number = 1
    for sitting in sittings:
        for place, session in enumerate(sitting.sessions.all()):
            number += 1
            _fill(sheet, number, _row(sitting, session, first=place == 0))
    _notes(workbook.create_sheet(NOTES_SHEET), departments)
    _offer_choices(sheet, len(departments))
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    return workbook


def half_day_of(starts: time, ends: time) -> str:
    if starts >= NOON:
        return AFTERNOON
    return MORNING if ends <= MORNING_ENDS_BY else WHOLE_DAY


def _row(sitting: Sitting, session: Session, *, first: bool) -> list[Any]:
    starts, ends = timezone.localtime(session.starts_at), timezone.localtime(session.ends_at)
    chairs = list(session.chairs.all())
    return [
        sitting.title,
        session.day,
        half_day_of(starts.time(), ends.time()),
        f"{starts:%H:%M}-{ends:%H:%M}",
        str(SessionKind(session.kind).label),
        session.place,
        DEPARTMENT_MARK.join(chair.department.name for chair in chairs if chair.is_lead),
        DEPARTMENT_MARK.join(chair.department.name for chair in chairs if not chair.is_lead),
        LEADER_MARK.join(_leader(chair) for chair in chairs if chair.leader_name),
        session.theme,
        f"{session.liaison} {session.liaison_phone}".strip(),
        sitting.remarks if first else "",
    ]


def _leader(chair: Chair) -> str:
    # A blank parts name and title, so a name that was typed with one is written without.
    name = "".join(chair.leader_name.split())
    return f"{chair.department.name}{NAME_MARK}{name} {chair.leader_title}".strip()


def _head(sheet: Worksheet, headings: Sequence[str], widths: Sequence[int]) -> None:
    for column, (heading, width) in enumerate(zip(headings, widths, strict=True), start=1):
        cell = sheet.cell(1, column)
        put(cell, str(heading))
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="E6EEF1")
        cell.border = BOX
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        sheet.column_dimensions[get_column_letter(column)].width = width


def _fill(sheet: Worksheet, number: int, values: Sequence[Any]) -> None:
    for column, value in enumerate(values, start=1):
        cell = sheet.cell(number, column)
        put(cell, UNWRITABLE.sub("", value) if isinstance(value, str) else value)
        if isinstance(value, date) and not isinstance(value, datetime):
            cell.number_format = "yyyy-mm-dd"
        cell.border = BOX
        cell.alignment = Alignment(vertical="center", wrap_text=True)


def _notes(sheet: Worksheet, departments: Sequence[str]) -> None:
    """What each column takes, and beside it the departments' names as an import knows them."""
    _head(sheet, (_("列"), _("是否必填"), _("填写要求"), _("示例")), (22, 10, 64, 40))
    for number, column in enumerate(COLUMNS, start=2):
        needed = _("必填") if column.needed else _("选填")
        _fill(sheet, number, (column.heading, needed, str(column.hint), column.example))
    sheet.column_dimensions[NAMES_COLUMN].width = 24
    put(sheet[f"{NAMES_COLUMN}1"], _("部门名称"))
    sheet[f"{NAMES_COLUMN}1"].font = Font(bold=True)
    for number, name in enumerate(departments, start=2):
        put(sheet[f"{NAMES_COLUMN}{number}"], UNWRITABLE.sub("", name))


def _offer_choices(sheet: Worksheet, departments: int) -> None:
    kinds = ",".join(str(kind.label) for kind in SessionKind)
    choices = {"类型": f'"{kinds}"', "上/下午": f'"{",".join(HALF_DAYS)}"'}
    if departments:
        choices["牵头部门"] = f"'{NOTES_SHEET}'!${NAMES_COLUMN}$2:${NAMES_COLUMN}${departments + 1}"
    for heading, formula in choices.items():
        letter = get_column_letter(HEADINGS.index(heading) + 1)
        offered = DataValidation(type="list", formula1=formula, allow_blank=True, showErrorMessage=True)
        offered.error = _("请从下拉列表中选择。")
        offered.add(f"{letter}2:{letter}{ROWS_MAX + 1}")
        sheet.add_data_validation(offered)
