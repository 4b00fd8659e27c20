"""Buttons on a sitting and its sessions that concern who holds a number or waits. [3.2] [3.6]"""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from appointments import services
from appointments.console_forms import MoveSessionForm, MoveSittingForm
from core.console import ReasonForm, VerbButton, extra_buttons
from sessions_app.enums import SessionKind, SittingStatus
from sessions_app.models import Session, Sitting
from sessions_app.services import local_moment

MOVE = "appointments.move_sitting"


def _move(row: Sitting, actor: Any, data: dict[str, Any]) -> Any:
    services.move_sitting(sitting_id=row.pk, actor=actor, now=timezone.now(), **data)
    return _("坐诊日期已调整，已通知持号和候补企业。")


def _call_off(row: Sitting, actor: Any, data: dict[str, Any]) -> Any:
    services.cancel_sitting(sitting_id=row.pk, actor=actor, now=timezone.now(), **data)
    return _("本期坐诊已取消，已通知持号和候补企业，并在下一期优先保留号码。")


def _extra(row: Session, actor: Any, data: dict[str, Any]) -> Any:
    booking = services.add_extra_number(session_id=row.pk, actor=actor, now=timezone.now())
    return _("已加 %(number)s 号，递补给候补第一位（%(reference)s）。") % {
        "number": booking.number,
        "reference": booking.reference,
    }


def _move_session(row: Session, actor: Any, data: dict[str, Any]) -> Any:
    services.move_session(
        session_id=row.pk,
        starts_at=local_moment(data["day"], data["starts"]),
        ends_at=local_moment(data["day"], data["ends"]),
        place=data["place"],
        reason=data["reason"],
        actor=actor,
        now=timezone.now(),
    )
    return _("场次已调整，已通知持号和候补企业。")


def _call_off_session(row: Session, actor: Any, data: dict[str, Any]) -> Any:
    services.call_off_session(session_id=row.pk, reason=data["reason"], actor=actor, now=timezone.now())
    return _("场次已取消，已通知持号和候补企业。")


def _placed(row: Session) -> dict[str, Any]:
    starts, ends = timezone.localtime(row.starts_at), timezone.localtime(row.ends_at)
    return {"day": starts.date(), "starts": starts.time(), "ends": ends.time(), "place": row.place}


def _announced(row: Session) -> bool:
    return row.sitting.status == SittingStatus.PUBLISHED


extra_buttons.setdefault(Sitting, []).extend(
    [
        VerbButton(
            name="move",
            label=_("调整日期"),
            run=_move,
            explain=_("各场次整体顺移到新的日期，时刻不变。已公告的，持号和候补企业都会收到通知。"),
            permission=MOVE,
            offered=lambda row: row.status != SittingStatus.CANCELLED,
            form=MoveSittingForm,
            initial=lambda row: {"day": row.day},
        ),
        VerbButton(
            name="call-off",
            label=_("取消坐诊"),
            run=_call_off,
            explain=_("本期全部预约随之终止，企业会收到通知，并在下一期开放前按原顺序优先保留号码。此操作不能撤回。"),
            permission=MOVE,
            offered=lambda row: row.status != SittingStatus.CANCELLED,
            form=ReasonForm,
            danger=True,
        ),
    ]
)
extra_buttons.setdefault(Session, []).extend(
    [
        VerbButton(
            name="move",
            label=_("调整时间地点"),
            run=_move_session,
            explain=_("本期持号和候补企业都会收到通知。"),
            permission=MOVE,
            offered=_announced,
            form=MoveSessionForm,
            initial=_placed,
        ),
        VerbButton(
            name="extra-number",
            label=_("加号"),
            run=_extra,
            explain=_("为本加诊场次增加一个号，递补给候补第一位。"),
            permission="appointments.add_extra_number",
            offered=lambda row: row.kind == SessionKind.EXTRA and _announced(row),
        ),
        VerbButton(
            name="call-off",
            label=_("取消场次"),
            run=_call_off_session,
            explain=_("取消本场次，本期持号和候补企业都会收到通知。"),
            permission=MOVE,
            offered=lambda row: row.kind != SessionKind.MAIN and _announced(row),
            form=ReasonForm,
            danger=True,
        ),
    ]
)
