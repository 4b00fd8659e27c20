"""Whether a booking may be made or changed now. Each check passes or refuses with a sentence."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from appointments.enums import FILLING, RAN_OUT, BookingStatus
from appointments.models import Booking, MobileCode
from core import audit, policy
from core.errors import AlreadyDone, Refused
from core.selectors import ours
from notifications.selectors import sms_gateway
from sessions_app.enums import SessionKind, SittingPhase, SittingStatus
from sessions_app.models import Session, Sitting

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
        raise no_number_in(phase)


def no_number_in(phase: SittingPhase) -> Refused:
    code, sentence = CLOSED_SENTENCES[phase]
    return Refused(code, sentence, phase=phase)


def check_can_wait(phase: SittingPhase) -> None:
    """The line is open from the opening of booking until the sitting is over. [3.3]"""
    if phase not in PHASES_TO_WAIT_IN:
        raise no_number_in(phase)


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


def check_code_may_be_sent(asked: Sequence[datetime], now: datetime, *, pause: timedelta) -> None:
    """`asked`: when codes were sent to this mobile in the last hour, the latest first. [3.3]"""
    if asked and now - asked[0] < pause:
        seconds = int((pause - (now - asked[0])).total_seconds()) + 1
        raise Refused("code_just_sent", _("验证码刚刚发出，请 %s 秒后再试。") % seconds)
    if len(asked) >= ours(policy.CODES_PER_HOUR):
        minutes = int((timedelta(hours=1) - (now - asked[-1])).total_seconds()) // 60 + 1
        raise Refused("too_many_codes", _("验证码发送过于频繁，请 %s 分钟后再试，或请窗口回电。") % minutes)


def check_code_can_be_tried(code: MobileCode | None, now: datetime, *, tries_max: int) -> None:
    if code is None or code.used_at:
        raise Refused("no_code", _("请先获取验证码。"), field="code")
    if code.tries >= tries_max:
        raise Refused("too_many_tries", _("验证码连续输错，请重新获取。"), field="code")
    if code.expires_at < now:
        raise Refused("code_expired", _("验证码已失效，请重新获取。"), field="code")


def check_mobile_verified(booking: Booking, actor: audit.Actor) -> None:
    """Where text messages leave the house, who books itself has shown that the mobile is its own. [3.3]"""
    if actor == audit.HOLDER and booking.mobile_verified_at is None and sms_gateway():
        raise Refused("mobile_unverified", _("请先验证手机，再提交信息表。"))


def check_can_attach(booking: Booking) -> None:
    """While the form is filled, and when the bureau asked for more. [3.3] [3.4]"""
    if booking.status != BookingStatus.RETURNED:
        check_can_fill(booking)


def check_extra_number_has_taker(waiting: bool) -> None:
    if not waiting:
        raise Refused("nobody_waits", _("目前没有候补企业，无需加号。"))


def check_announced(sitting: Sitting) -> None:
    if sitting.status != SittingStatus.PUBLISHED:
        raise Refused("not_announced", _("只有已公告的坐诊需要这样调整；未公告的请直接修改场次。"))


def check_new_time(sitting: Sitting, starts_at: datetime, ends_at: datetime, now: datetime) -> None:
    """Ahead of us, of some length, and not before the day that was announced. [3.2]"""
    if ends_at <= starts_at:
        raise Refused("ends_before_start", _("结束时间应晚于开始时间。"), field="ends_at")
    if starts_at <= now:
        raise Refused("in_the_past", _("请选择以后的时间。"), field="day")
    if timezone.localdate(starts_at) < sitting.day:
        raise Refused("before_first_session", _("不能早于已公告的坐诊日期；整期提前请用“调整日期”。"), field="day")


def check_session_can_be_called_off(session: Session) -> None:
    """The main session carries the sitting; an extra one with numbers of its own cannot go without them. [3.6]"""
    if session.kind == SessionKind.MAIN:
        raise Refused("main_session", _("主场不能单独取消；请使用“取消坐诊”。"))
    if session.slots.exists():
        raise Refused("has_numbers", _("本场次已有加号，不能取消；请改为调整时间地点。"))


def check_ahead(day: date, now: datetime) -> None:
    if day <= timezone.localdate(now):
        raise Refused("in_the_past", _("请选择今天以后的日期。"), field="day")


def check_not_begun(sessions: list[Session], now: datetime) -> None:
    """What has begun is neither moved nor called off. [3.2]"""
    if any(session.starts_at <= now for session in sessions):
        raise Refused("already_begun", _("本期坐诊已开始或已结束，不能再调整或取消。"))


def is_short_notice(day: date, now: datetime) -> bool:
    """Less than the 7 days that an announcement gives. [3.2]"""
    return (day - timezone.localdate(now)).days < policy.ANNOUNCEMENT_LEAD_DAYS


def check_some_booking_time(sitting: Sitting) -> None:
    if sitting.opens_at and sitting.closes_at and sitting.closes_at <= sitting.opens_at:
        raise Refused("no_time_to_book", _("新的日期早于预约开放时间，请另选日期。"), field="day")


def check_sitting_can_move(sitting: Sitting) -> None:
    if sitting.status == SittingStatus.CANCELLED:
        raise Refused("sitting_cancelled", _("本期坐诊已取消，不能再调整日期。"))


def check_accepted(booking: Booking) -> None:
    """Only what the bureau accepted is placed, verified or called solved. [3.4]"""
    if booking.status != BookingStatus.ACCEPTED:
        raise Refused("not_accepted", _("该预约当前为“%s”，不能办理。") % booking.get_status_display())


def check_nothing_proposed(booking: Booking) -> None:
    if booking.solution:
        raise AlreadyDone("already_done", _("此前已反馈已解决，正等待企业确认。"))


def check_solution_proposed(booking: Booking) -> None:
    if not booking.solution:
        raise Refused("not_proposed", _("部门尚未反馈已解决，无需确认。"))


def check_place(session: Session, meet_at: datetime, now: datetime) -> None:
    """Within the session's hours, and ahead of us. [3.5]"""
    if not session.starts_at <= meet_at < session.ends_at:
        raise Refused("outside_session", _("接诊时间应在该场次的起止时间之内。"), field="meet_at")
    if meet_at <= now:
        raise Refused("in_the_past", _("请选择以后的时间。"), field="meet_at")
