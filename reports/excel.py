"""The service-items list in Excel, in the layout of the office. [3.4]"""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook

from core.sheets import fill_table
from reports.models import ServiceItemsList
from reports.service_items import COLUMNS, REFUSED_COLUMNS, Column, Row, numbered


def service_items_workbook(made: ServiceItemsList, rows: Sequence[Row], *, refused: bool) -> Workbook:
    """`rows` are those that the reader may see; a second sheet lists what was refused, for who may see it."""
    workbook = Workbook()
    sheet: Any = workbook.active
    sheet.title = _("服务事项清单")
    _fill(sheet, made.title, COLUMNS, rows)
    if refused and made.refused_rows:
        _fill(workbook.create_sheet(_("不予受理情况")), _("不予受理情况"), REFUSED_COLUMNS, made.refused_rows)
    return workbook


def _fill(sheet: Any, title: str, columns: Sequence[Column], rows: Sequence[Row]) -> None:
    headings = [_("序号"), *(str(column.heading) for column in columns)]
    fill_table(sheet, title, headings, numbered(rows), [6, *(column.width for column in columns)])
