"""Whether a booking may be made or changed now. Each check passes or refuses with a sentence."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from appointments.enums import FILLING, RAN_OUT
from appointments.models import Booking
from core import policy
from core.errors import Refused
from sessions_app.enums import SittingPhase
from sessions_app.models import Sitting

CLOSED_SENTENCES = {
    SittingPhase.PLANNED: ("not_published", _("该期坐诊公告尚未发布。")),
    SittingPhase.UPCOMING: ("not_open_yet", _("本期预约尚未开放。")),
    SittingPhase.FULL: (
        "full",
        _("本期 %s 个号已约满。可加入候补：有人取消时按先后顺序递补，并通知您。") % policy.NUMBERS_PER_SITTING,
    ),
    SittingPhase.CLOSED: ("closed", _("本期预约已截止。可加入候补：有人取消时按先后顺序递补，并通知您。")),
    SittingPhase.OVER: ("over", _("本期坐诊已结束。")),
    SittingPhase.CANCELLED: ("sitting_cancelled", _("本期坐诊已取消。")),
}
PHASES_TO_WAIT_IN = (SittingPhase.OPEN, SittingPhase.FULL, SittingPhase.CLOSED)


def check_open(phase: SittingPhase) -> None:
    """A number can be taken. [3.3] Refuses with the phase's own code: `full`, `closed`, `not_open_yet`, …"""
    if phase != SittingPhase.OPEN:
        code, sentence = CLOSED_SENTENCES[phase]
        raise Refused(code, sentence, phase=phase)


def check_can_wait(phase: SittingPhase) -> None:
    """The line is open from the opening of booking until the sitting is over. [3.3]"""
    if phase not in PHASES_TO_WAIT_IN:
        code, sentence = CLOSED_SENTENCES[phase]
        raise Refused(code, sentence, phase=phase)


def check_hold_running(booking: Booking, now: datetime) -> None:
    """The held number has not run out, even when no job has noticed yet. [3.3]"""
    if booking.hold_has_run_out(now):
        raise Refused("hold_ran_out", _("保留时间已过，号码已释放。已填写的内容仍为您保留。"))


def check_before_session(starts_at: datetime, now: datetime) -> None:
    """The holder cancels until the session starts. [3.3]"""
    if now >= starts_at:
        raise Refused("session_started", _("坐诊已开始，不能再在线取消。请联系服务专窗。"))


def check_can_fill(booking: Booking) -> None:
    """The form is open while it is not submitted; who ran out may still read and keep it. [3.3]"""
    if booking.status not in (*FILLING, *RAN_OUT):
        raise Refused("not_fillable", _("信息表已提交或预约已结束，不能再修改。"))


def check_extra_number_has_taker(waiting: bool) -> None:
    if not waiting:
        raise Refused("nobody_waits", _("目前没有候补企业，无需加号。"))


def check_sitting_can_move(sitting: Sitting) -> None:
    if sitting.status == "cancelled":
        raise Refused("sitting_cancelled", _("本期坐诊已取消，不能再调整日期。"))
