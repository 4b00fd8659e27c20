"""What a bulletin may tell of ratings, since departments read it: nothing that leads to who rated how. [3.8] [5.2]

The table of the units comes from `evaluations.selectors_sums` and no other division; and the city's figures are told
only of quarters whose sum may be shown there, once no enterprise of the quarter can rate in time any more.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.policy import RATINGS_IN_A_SUM_MIN
from evaluations.selectors_sums import Quarter as SumsOf
from evaluations.selectors_sums import Sum, closed_quarters, table_of
from reports.figures import QuarterFigures
from reports.figures.quarter import Quarter

WITHHELD = "—"
# The quarter, the one before, the same one a year ago: their places in a figure's history.
PLACES = (-1, -2, 0)


class Told(TextChoices):
    STILL_OPEN = "open", gettext_lazy("评价期未满")
    TOO_FEW = "few", gettext_lazy("评价过少")
    WHOLE = "whole", gettext_lazy("可公布")


@dataclass(frozen=True)
class RatingSums:
    """`told`: how much of each place may be told; `units`: the quarter's table, where it may be shown at all."""

    told: dict[int, str]
    units: list[tuple[str, Sum | None]]
    total: Sum | None


def rating_sums(found: QuarterFigures, today: date) -> RatingSums:
    quarter = found.quarter
    tables = {
        at: _table(of, today) for at, of in zip(PLACES, (quarter, quarter.before, quarter.year_before), strict=True)
    }
    units, total, told = tables[-1]
    shown = [(str(unit), cell) for unit, cell in units] if told == Told.WHOLE else []
    return RatingSums({at: table[2] for at, table in tables.items()}, shown, total)


def _table(quarter: Quarter, today: date) -> tuple[list[Any], Sum | None, str]:
    of = SumsOf(quarter.year, quarter.number)
    # Of the latest it is asked whether it is over for everybody; the older ones are.
    if of > closed_quarters(today)[0]:
        return [], None, Told.STILL_OPEN
    units, total = table_of(of)
    return units, total, Told.WHOLE if total is not None else Told.TOO_FEW


def table_of_ratings(sums: RatingSums) -> dict[str, Any] | None:
    """Given ratings and the two questions, by unit and together; withheld cells say so."""
    if sums.total is None or not sums.units:
        return None
    rows = [[name, *_cells(cell)] for name, cell in (*sums.units, (_("合计"), sums.total))]
    return {
        "section": "rating",
        "caption": _("企业主动评价情况"),
        "heads": [_("部门"), _("主动评价"), _("坐诊服务满意"), _("办理情况满意")],
        "rows": rows,
        "widths": [9, 5, 6, 6],
        "note": _("注：为保护企业自主评价的权利，评价不足%s件的及可由此推算的不单列（—）；逾期评价不计。")
        % RATINGS_IN_A_SUM_MIN,
    }


def _cells(cell: Sum | None) -> list[str]:
    if cell is None:
        return [WITHHELD] * 3
    return [str(cell.given), f"{cell.consultation}/{cell.given}", f"{cell.handling}/{cell.given}"]
