"""The columns of the service-items list, and what stands in them. [3.4]

The official form was not to be had; order and headings follow the notice and published forms of sister programmes.
What comes after the consultation is what the cases say on the day on which the list is made.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appointments.enums import INVOLVED, BookingStatus
from appointments.models import Booking, Verification
from core.templatetags.cn import cn_datetime, cn_short
from reports.after_consultation import NOTHING, After

Row = dict[str, Any]


@dataclass(frozen=True)
class Column:
    heading: Any
    width: int


COLUMNS = [
    Column(gettext_lazy("挂号编号"), 14),
    Column(gettext_lazy("企业名称"), 24),
    Column(gettext_lazy("诉求类型/领域"), 14),
    Column(gettext_lazy("诉求摘要"), 36),
    Column(gettext_lazy("是否受理"), 8),
    Column(gettext_lazy("单一/联办"), 8),
    Column(gettext_lazy("责任单位"), 14),
    Column(gettext_lazy("协办单位"), 16),
    Column(gettext_lazy("对接核实人/时间/情况"), 36),
    Column(gettext_lazy("拟坐诊场次"), 24),
    Column(gettext_lazy("现场结果"), 14),
    Column(gettext_lazy("交办日期"), 10),
    Column(gettext_lazy("5日节点（经办人、措施、时限）"), 24),
    Column(gettext_lazy("应反馈日期"), 10),
    Column(gettext_lazy("实际反馈日期"), 10),
    Column(gettext_lazy("延期情况"), 12),
    Column(gettext_lazy("办理结果"), 14),
    Column(gettext_lazy("评价"), 8),
    Column(gettext_lazy("回访"), 8),
    Column(gettext_lazy("销号日期"), 10),
]
# 评价 and 回访, which departments do not see: kept beside a line's cells, and empty in them. [5.2]
GUARDED = slice(17, 19)
REFUSED_COLUMNS = [
    Column(gettext_lazy("挂号编号"), 14),
    Column(gettext_lazy("企业名称"), 24),
    Column(gettext_lazy("诉求类型/领域"), 14),
    Column(gettext_lazy("诉求摘要"), 40),
    Column(gettext_lazy("不予受理情形"), 36),
    Column(gettext_lazy("说明"), 40),
    Column(gettext_lazy("决定时间"), 14),
]
RESULTS = {
    BookingStatus.ATTENDED: gettext_lazy("已接诊"),
    BookingStatus.ABSENT: gettext_lazy("企业未到场"),
    BookingStatus.SOLVED: gettext_lazy("对接中已解决"),
    BookingStatus.NOT_SEEN: gettext_lazy("本期未接诊"),
}


def accepted_row(booking: Booking, after: After = NOTHING) -> Row:
    """A line of the list, from a booking read with all that `bookings_of_month` reads along, and its case."""
    units = [row for row in booking.verifications.all() if row.status in INVOLVED]
    assisting = [row.department.name for row in units if not row.is_lead]
    cells = [
        booking.reference,
        booking.company_name,
        kind_and_area(booking),
        summary(booking),
        _("受理"),
        _("联办") if assisting else _("单一"),
        "、".join(row.department.name for row in units if row.is_lead),
        "、".join(assisting),
        "\n".join(contact(row) for row in units if row.verified_at),
        place(booking),
        "：".join(part for part in (str(RESULTS.get(BookingStatus(booking.status), "")), after.outcome) if part),
        *after.cells[:-1],
        *("", ""),
        after.cells[-1],
    ]
    concerned = dict.fromkeys([*(row.department_id for row in units), *after.departments])
    return {"departments": list(concerned), "cells": cells, "guarded": list(after.guarded)}


def with_guarded(row: Row) -> Row:
    """The line with 评价 and 回访, for who may see them. Lists of before have none."""
    cells = list(row["cells"])
    cells[GUARDED] = row.get("guarded", cells[GUARDED])
    return row | {"cells": cells}


def refused_row(booking: Booking) -> Row:
    cells = [
        booking.reference,
        booking.company_name,
        kind_and_area(booking),
        summary(booking),
        str(booking.refusal_ground or ""),
        booking.explanation,
        cn_datetime(booking.decided_at),
    ]
    return {"departments": [], "cells": cells}


def kind_and_area(booking: Booking) -> str:
    return "/".join(str(part) for part in (booking.get_demand_kind_display(), booking.demand_area) if part)


def summary(booking: Booking) -> str:
    return _("%(title)s。%(request)s") % {"title": booking.title, "request": booking.request}


def contact(row: Verification) -> str:
    """赵税务 11-20 周五：属实，已约定补充材料。"""
    return f"{row.verified_by} {cn_short(row.verified_at)}：{row.finding}"


def place(booking: Booking) -> str:
    if booking.session is None:
        return ""
    return f"{booking.sitting.title} {booking.session.get_kind_display()} {cn_datetime(booking.meet_at)}"


def numbered(rows: Sequence[Row]) -> list[list[Any]]:
    """The cells with 序号 before them."""
    return [[number, *row["cells"]] for number, row in enumerate(rows, start=1)]
