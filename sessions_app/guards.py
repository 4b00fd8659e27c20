"""Whether the schedule may change now. Each check passes or refuses with a sentence."""

from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from core import policy
from core.errors import Refused
from core.selectors import ours
from core.workdays import is_working_day
from sessions_app.enums import SessionKind, SittingStatus
from sessions_app.models import Session, Sitting


def check_working_day(day: date) -> None:
    """A sitting falls on a working day; a holiday postpones it. [3.2]"""
    if not is_working_day(day):
        raise Refused("not_a_working_day", _("%s 不是工作日，请改到工作日。") % f"{day:%Y-%m-%d}", field="day")


def publication_problems(sitting: Sitting, sessions: list[Session], today: date) -> list[str]:
    """What stands against publishing, each a sentence; a supervisor may override with a reason. [3.2] [3.6]"""
    problems = []
    first_day = min(session.day for session in sessions)
    if (first_day - today).days < policy.ANNOUNCEMENT_LEAD_DAYS:
        problems.append(
            _("距首场坐诊仅 %(left)s 天，公告应提前 %(lead)s 天发布。")
            % {"left": (first_day - today).days, "lead": policy.ANNOUNCEMENT_LEAD_DAYS}
        )
    for session in sessions:
        if session.kind == SessionKind.MAIN:
            problems += main_session_problems(session)
    return problems


def main_session_problems(session: Session) -> list[str]:
    """A main session has a principal leader for its lead department, and lasts half a day. [3.6]"""
    problems = []
    if not any(chair.is_lead and chair.leader_name for chair in session.chairs.all()):
        problems.append(_("主场（%s）尚未明确牵头部门的主要负责同志。") % session)
    hours = ours(policy.SESSION_HOURS_MIN)
    if session.ends_at - session.starts_at < timedelta(hours=hours):
        problems.append(_("主场（%(session)s）不足 %(hours)s 小时。") % {"session": session, "hours": hours})
    return problems


def publication_warnings(sessions: list[Session]) -> list[str]:
    """What is told and reported but never refused. [3.6]"""
    special = sum(session.kind == SessionKind.SPECIAL for session in sessions)
    if policy.SPECIAL_SESSIONS_MIN <= special <= policy.SPECIAL_SESSIONS_MAX:
        return []
    return [_("专场 %(count)s 场，方案要求 2 至 3 场。") % {"count": special}]


def check_has_main_session(sessions: list[Session]) -> None:
    """Without a main session there is nothing to announce; no override. [3.6]"""
    if sum(session.kind == SessionKind.MAIN for session in sessions) < policy.MAIN_SESSIONS_MIN:
        raise Refused("no_main_session", _("至少要有一场主场，请先添加场次。"))


def check_before_first_session(sessions: list[Session], now: datetime) -> None:
    """A sitting that has begun cannot be announced. [3.2]"""
    if now >= min(session.starts_at for session in sessions):
        raise Refused("already_begun", _("首场坐诊时间已过，不能再发布公告。"))


def check_booking_window(opens_at: datetime, closes_at: datetime, now: datetime) -> None:
    """Booking opens at or after publication and leaves time before it closes. [3.3]"""
    if opens_at < now:
        raise Refused("opens_before_publication", _("预约开放时间不能早于发布时间。"), field="opens_at")
    if opens_at >= closes_at:
        raise Refused("no_time_to_book", _("预约开放时间应早于首场坐诊前一日，请提前开放。"), field="opens_at")


def check_session_can_be_added(sitting: Sitting, kind: str, starts_at: datetime, now: datetime) -> None:
    """While planned, any; once published, special and extra ones until 3 days before they are held. [3.2]"""
    if sitting.status == SittingStatus.CANCELLED:
        raise Refused("cancelled", _("该期坐诊已取消，不能再增加场次。"))
    if sitting.status == SittingStatus.PLANNED:
        return
    if kind == SessionKind.MAIN:
        raise Refused("main_after_publication", _("公告发布后只能增加专场或加诊。"), field="kind")
    lead = ours(policy.SESSION_ADDED_DAYS_BEFORE)
    if (timezone.localdate(starts_at) - timezone.localdate(now)).days < lead:
        raise Refused("too_late", _("专场、加诊最迟应在举办前 %s 天增加。") % lead, field="starts_at")


def check_planned(sitting: Sitting) -> None:
    if sitting.status != SittingStatus.PLANNED:
        raise Refused("already_published", _("公告已发布，请使用“调整日期”或“取消坐诊”，系统会通知已预约企业。"))
