"""The list that a figure opens: the rows that it counts, in words, without contact data. [3.10]"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appointments.models import Booking
from core.templatetags.cn import cn_short
from deadlines.enums import ObligationStatus

HEADINGS_OF_A_DEMAND: tuple[str | Promise, ...] = (
    gettext_lazy("编号"),
    gettext_lazy("诉求"),
    gettext_lazy("诉求领域"),
    gettext_lazy("街道、园区"),
)


@dataclass(frozen=True)
class Line:
    """`case`: the key of the demand, for who may open it."""

    cells: tuple[str, ...]
    case: int | None = None


@dataclass(frozen=True)
class Listing:
    """How rows of a source are read and written. `together`: what is read along, so that a page costs one query."""

    headings: tuple[str | Promise, ...]
    line: Callable[[Any], Line]
    together: tuple[str, ...] = ()
    order: tuple[str, ...] = ("-pk",)


def _day(moment: datetime) -> str:
    return cn_short(timezone.localtime(moment))


def _demand(booking: Booking) -> tuple[str, ...]:
    area, district = (str(choice) if choice else "—" for choice in (booking.demand_area, booking.district))
    return (booking.reference, booking.title or "—", area, district)


def _sitting(row: Any) -> Line:
    published = _day(row.published_at) if row.published_at else "—"
    reason = row.cancel_reason or row.override_reason or "—"
    return Line((row.title, cn_short(row.day), row.get_status_display(), published, reason))


def _chair(row: Any) -> Line:
    session = row.session
    return Line((session.sitting.title, _day(session.starts_at), session.get_kind_display(), row.department.name))


def _slot(row: Any) -> Line:
    used = _("已使用") if row.was_used else _("未使用")
    return Line((row.sitting.title, cn_short(row.sitting.day), str(row.number), used))


def _booking(row: Booking) -> Line:
    ground = str(row.refusal_ground) if row.refusal_ground else row.get_status_display()
    return Line((*_demand(row), row.sitting.title, ground))


def _entry(row: Any) -> Line:
    waited, lasted = (_("%.0f 分钟") % (length.total_seconds() / 60) for length in (row.waited, row.lasted))
    return Line((*_demand(row.booking), cn_short(row.booking.sitting.day), waited, lasted))


def _case(row: Any) -> Line:
    outcome = _("%(outcome)s，%(status)s") % {
        "outcome": row.get_outcome_display(),
        "status": row.get_status_display(),
    }
    return Line((*_demand(row.booking), cn_short(row.booking.sitting.day), outcome), row.pk)


def _obligation(row: Any) -> Line:
    state = _("超期未办") if row.is_late_now else row.get_status_display()
    if row.status == ObligationStatus.MET:
        late, first = row.late_working_days, row.late_working_days_original
        state = _("超期 %(late)s 个工作日（按原定期限 %(first)s 个）") % {"late": late, "first": first}
        state = state if late or first else _("按期")
    days = (cn_short(row.original_day), cn_short(row.last_day))
    return Line((row.title, row.kind_label, str(row.department or _("市政务服务局")), *days, state), row.case_key)


def _closing(row: Any) -> Line:
    return Line(
        (*_demand(row.case.booking), str(row.round), _day(row.closed_at), row.get_result_display()), row.case_id
    )


def _round(row: Any) -> Line:
    """Without the rating: that a round could be rated is no secret, how it was is. [5.2]"""
    unit, closed, silent = str(row.unit or "—"), _day(row.closed_at), cn_short(row.silent_on)
    return Line((*_demand(row.case.booking), str(row.round), unit, closed, silent), row.case_id)


def _follow_up(row: Any) -> Line:
    """Without its origin, which would tell how the enterprise rated. [5.2]"""
    ended = _day(row.decided_at) if row.decided_at else "—"
    numbers = (str(row.round), _day(row.opened_at), row.get_status_display(), ended)
    return Line((*_demand(row.case.booking), *numbers), row.case_id)


_OF_BOOKING = ("demand_area", "district", "sitting")
_OF_CASE = ("booking__demand_area", "booking__district", "booking__sitting")
_OF_ROUND = ("case__booking__demand_area", "case__booking__district")
LISTINGS: dict[str, Listing] = {
    "sittings": Listing(
        (
            *(gettext_lazy("期次"), gettext_lazy("坐诊日期"), gettext_lazy("状态")),
            *(gettext_lazy("发布日期"), gettext_lazy("特批或取消的理由")),
        ),
        _sitting,
        order=("day",),
    ),
    "chairs": Listing(
        (gettext_lazy("期次"), gettext_lazy("日期"), gettext_lazy("场次"), gettext_lazy("坐诊部门")),
        _chair,
        ("session__sitting", "department"),
        ("session__starts_at", "session", "-is_lead", "pk"),
    ),
    "slots": Listing(
        (gettext_lazy("期次"), gettext_lazy("坐诊日期"), gettext_lazy("号"), gettext_lazy("使用情况")),
        _slot,
        ("sitting",),
        ("sitting__day", "number"),
    ),
    "bookings": Listing(
        (*HEADINGS_OF_A_DEMAND, gettext_lazy("期次"), gettext_lazy("状态或不予受理情形")),
        _booking,
        (*_OF_BOOKING, "refusal_ground"),
        ("sitting__day", "pk"),
    ),
    "entries": Listing(
        (
            *HEADINGS_OF_A_DEMAND,
            *(gettext_lazy("坐诊日期"), gettext_lazy("候诊时长"), gettext_lazy("接诊时长")),
        ),
        _entry,
        _OF_CASE,
        ("booking__sitting__day", "pk"),
    ),
    "cases": Listing(
        (*HEADINGS_OF_A_DEMAND, gettext_lazy("坐诊日期"), gettext_lazy("处理情况")),
        _case,
        _OF_CASE,
        ("booking__sitting__day", "pk"),
    ),
    "obligations": Listing(
        (
            *(gettext_lazy("诉求"), gettext_lazy("事项"), gettext_lazy("责任单位")),
            *(gettext_lazy("最初到期日"), gettext_lazy("现行到期日"), gettext_lazy("完成情况")),
        ),
        _obligation,
        ("department",),
        ("last_day", "pk"),
    ),
    "closings": Listing(
        (
            *HEADINGS_OF_A_DEMAND,
            *(gettext_lazy("办理轮次"), gettext_lazy("销号日期"), gettext_lazy("办理结果")),
        ),
        _closing,
        _OF_ROUND,
        ("closed_at", "pk"),
    ),
    "rounds": Listing(
        (
            *HEADINGS_OF_A_DEMAND,
            *(gettext_lazy("办理轮次"), gettext_lazy("责任单位")),
            *(gettext_lazy("销号日期"), gettext_lazy("评价期满日")),
        ),
        _round,
        (*_OF_ROUND, "unit"),
        ("closed_at", "pk"),
    ),
    "follow_ups": Listing(
        (
            *HEADINGS_OF_A_DEMAND,
            *(gettext_lazy("办理轮次"), gettext_lazy("发起日期")),
            *(gettext_lazy("核实结论"), gettext_lazy("核实日期")),
        ),
        _follow_up,
        _OF_ROUND,
        ("opened_at", "pk"),
    ),
}


def listed(source: str, rows: Any) -> Any:
    """The rows in the list's order, with all that its lines are written from."""
    listing = LISTINGS[source]
    return rows.select_related(*listing.together).order_by(*listing.order)
