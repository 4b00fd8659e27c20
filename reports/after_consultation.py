"""What the service-items list says from 交办日期 on: only a case knows it. [3.4] [3.7]

How an enterprise rated stands in no list: the bureau that writes it may not see who rated how. That it rated, and
whether it was followed up, is kept apart from the line, because departments do not see that either. [5.2]
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from appointments.models import Booking
from cases.enums import FEEDBACK, PLAN, TAKES_PART, CaseStatus, Ruling
from cases.models import Assignment, Case, Extension
from core.audit import subject_of
from core.templatetags.cn import cn_short
from deadlines.enums import ObligationStatus
from deadlines.models import Obligation
from evaluations.models import FollowUp, Invitation, Rating


@dataclass(frozen=True)
class After:
    """`cells`: from 交办日期 to 办理结果, and 销号日期; `guarded`: 评价 and 回访. `departments`: who has a part."""

    outcome: str = ""
    cells: tuple[str, ...] = ("",) * 7
    guarded: tuple[str, str] = ("", "")
    departments: tuple[int, ...] = ()


NOTHING = After()


@dataclass
class Read:
    """All that is read for a month's cases at once, by case."""

    owed: dict[str, list[Obligation]] = field(default_factory=lambda: defaultdict(list))
    asked: dict[int, Invitation] = field(default_factory=dict)
    rated: set[tuple[int, int]] = field(default_factory=set)
    followed: dict[int, FollowUp] = field(default_factory=dict)


def after_of(bookings: Sequence[Booking], today: date) -> dict[int, After]:
    """By booking. Nine reads, however many there are."""
    cases = list(
        Case.objects.filter(booking__in=[row.pk for row in bookings]).prefetch_related(
            "assignments__department", "assignments__handler", "assignments__feedbacks", "assignments__extensions"
        )
    )
    read = _read(cases)
    return {case.booking_id: _after(case, read, today) for case in cases}


def _read(cases: list[Case]) -> Read:
    read = Read()
    owners = [subject_of(case) for case in cases]
    for owed in Obligation.objects.filter(belongs_to__in=owners, kind__in=[PLAN, FEEDBACK]):
        read.owed[owed.belongs_to].append(owed)
    # The latest round's stands last.
    for asked in Invitation.objects.filter(case__in=cases).order_by("round"):
        read.asked[asked.case_id] = asked
    read.rated = set(Rating.objects.filter(case__in=cases).values_list("case_id", "round"))
    for followed in FollowUp.objects.filter(case__in=cases).order_by("opened_at", "pk"):
        read.followed[followed.case_id] = followed
    return read


def _after(case: Case, read: Read, today: date) -> After:
    parts = [part for part in case.assignments.all() if part.round == case.round and part.status in TAKES_PART]
    owed = [row for row in read.owed[subject_of(case)] if row.round == case.round and row.status != _VOID]
    cells = (
        cn_short(min((part.assigned_at for part in parts), default=None)),
        _by_part(parts, lambda part: _plan(part, owed)),
        _by_part(parts, lambda part: _days(part, owed)),
        _by_part(parts, _answered),
        _by_part(parts, _extended),
        str(case.get_result_display() or case.get_status_display()),
        cn_short(case.closed_at),
    )
    return After(
        outcome=str(case.get_outcome_display()),
        cells=cells,
        guarded=(_rated(case, read, today), _followed(read.followed.get(case.pk))),
        departments=tuple(part.department_id for part in parts),
    )


_VOID = ObligationStatus.VOID


def _by_part(parts: list[Assignment], say: Any) -> str:
    """A line for each department; its name only where there are several."""
    said = [(part.department.name, say(part)) for part in parts]
    several = len(parts) > 1
    return "\n".join(f"{name}：{words}" if several else words for name, words in said if words)


def _plan(part: Assignment, owed: list[Obligation]) -> str:
    """经办人、措施、时限, or until when they are to be named."""
    if part.planned_at is None:
        due = next((row for row in owed if row.kind == PLAN and row.department_id == part.department_id), None)
        return _("待定方案，应于 %s 前确定") % cn_short(due.last_day) if due else _("待定方案")
    return _("%(handler)s；%(measures)s；%(day)s 前完成") % {
        "handler": part.handler,
        "measures": part.measures,
        "day": cn_short(part.planned_on),
    }


def _days(part: Assignment, owed: list[Obligation]) -> str:
    days = [row.last_day for row in owed if row.kind == FEEDBACK and row.department_id == part.department_id]
    return cn_short(max(days)) if days else ""


def _answered(part: Assignment) -> str:
    """The last one: what was returned is done again."""
    sent = [feedback.sent_at for feedback in part.feedbacks.all()]
    return cn_short(max(sent)) if sent else ""


def _extended(part: Assignment) -> str:
    return "；".join(_said(extension) for extension in part.extensions.all())


def _said(extension: Extension) -> str:
    late = _("，逾期后申请") if extension.was_late else ""
    if extension.status == Ruling.GRANTED:
        days = {"before": cn_short(extension.day_before), "granted": cn_short(extension.granted_day), "late": late}
        return _("由 %(before)s 延至 %(granted)s%(late)s") % days
    asked = {"day": cn_short(extension.asked_day), "ruling": extension.get_status_display(), "late": late}
    return _("申请延至 %(day)s：%(ruling)s%(late)s") % asked


def _rated(case: Case, read: Read, today: date) -> str:
    asked = read.asked.get(case.pk)
    if asked is None or case.status != CaseStatus.CLOSED:
        return ""
    if (case.pk, asked.round) in read.rated:
        return _("已评价")
    return _("未评价，视为满意") if asked.is_over(today) else _("评价期内")


def _followed(row: FollowUp | None) -> str:
    if row is None:
        return ""
    when = row.decided_at or row.opened_at
    return f"{row.get_status_display()}（{cn_short(timezone.localtime(when))}）"
