"""Whether the schedule may change now. Each check passes or refuses with a sentence."""

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from typing import Protocol

from django.utils import timezone
from django.utils.translation import gettext as _

from core import policy
from core.errors import Refused
from core.selectors import ours
from core.templatetags.cn import cn_date
from core.workdays import is_working_day
from sessions_app.enums import SessionKind, SittingStatus
from sessions_app.models import Session, Sitting


class Held(Protocol):
    """A session, or the plan of one."""

    @property
    def kind(self) -> str: ...
    @property
    def starts_at(self) -> datetime: ...
    @property
    def ends_at(self) -> datetime: ...


class Placed(Held, Protocol):
    @property
    def place(self) -> str: ...


class Hosting(Protocol):
    """A department at a session, or the plan of it."""

    @property
    def is_lead(self) -> bool: ...
    @property
    def leader_name(self) -> str: ...


def check_working_day(day: date) -> None:
    """A sitting falls on a working day; a holiday postpones it. [3.2]"""
    if not is_working_day(day):
        raise Refused("not_a_working_day", _("%s不是工作日，请改到工作日。") % cn_date(day), field="day")


def check_chairs(chairs: Collection[tuple[int, bool]]) -> None:
    """Department and whether it leads: each once, at most one in the lead. [3.6]"""
    if len({department for department, _is_lead in chairs}) < len(chairs):
        raise Refused("department_twice", _("同一场次中部门重复，请保留一个。"), field="chairs")
    if sum(is_lead for _department, is_lead in chairs) > 1:
        raise Refused("two_leads", _("同一场次只能有一个牵头部门。"), field="chairs")


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
            problems += main_session_problems(session, session.chairs.all())
    return problems


def main_session_problems(session: Held, chairs: Iterable[Hosting]) -> list[str]:
    """A main session has a principal leader for its lead department, and lasts half a day. [3.6]"""
    problems = []
    named = f"{SessionKind(session.kind).label} {timezone.localtime(session.starts_at):%m-%d %H:%M}"
    if not any(chair.is_lead and chair.leader_name for chair in chairs):
        problems.append(_("%s 尚未明确牵头部门的主要负责同志。") % named)
    hours = ours(policy.SESSION_HOURS_MIN)
    if session.ends_at - session.starts_at < timedelta(hours=hours):
        problems.append(_("%(session)s 不足 %(hours)s 小时。") % {"session": named, "hours": hours})
    return problems


def publication_warnings(sessions: Iterable[Held]) -> list[str]:
    """What is told and reported but never refused. [3.6]"""
    special = sum(session.kind == SessionKind.SPECIAL for session in sessions)
    if policy.SPECIAL_SESSIONS_MIN <= special <= policy.SPECIAL_SESSIONS_MAX:
        return []
    return [
        _("专场 %(count)s 场，方案要求 %(least)s 至 %(most)s 场。")
        % {"count": special, "least": policy.SPECIAL_SESSIONS_MIN, "most": policy.SPECIAL_SESSIONS_MAX}
    ]


def check_has_main_session(sessions: list[Session]) -> None:
    """Without a main session there is nothing to announce; no override. [3.6]"""
    if sum(session.kind == SessionKind.MAIN for session in sessions) < policy.MAIN_SESSIONS_MIN:
        raise Refused("no_main_session", _("至少要有一场主场，请先添加场次。"))


def check_publication_time(sitting: Sitting, publish_at: datetime, now: datetime) -> None:
    """A set time lies ahead, and leaves the 7 days before the first session. [3.2]"""
    if publish_at <= now:
        raise Refused(
            "publication_in_the_past",
            _("定时发布的时间应晚于现在；如需立即发布，请使用“发布公告”。"),
            field="publish_at",
        )
    latest = sitting.day - timedelta(days=policy.ANNOUNCEMENT_LEAD_DAYS)
    if timezone.localdate(publish_at) > latest:
        raise Refused(
            "publication_too_late",
            _("公告应提前 %(lead)s 天发布，最迟为%(latest)s。")
            % {"lead": policy.ANNOUNCEMENT_LEAD_DAYS, "latest": cn_date(latest)},
            field="publish_at",
        )


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
    if timezone.localdate(starts_at) < sitting.day:
        raise Refused("before_first_session", _("公告发布后增加的场次不能早于首场坐诊的日期。"), field="day")
    lead = ours(policy.SESSION_ADDED_DAYS_BEFORE)
    if (timezone.localdate(starts_at) - timezone.localdate(now)).days < lead:
        raise Refused("too_late", _("专场、加诊最迟应在举办前 %s 天增加。") % lead, field="day")


def check_session_can_change(sitting: Sitting, session: Session, plan: Placed, chairs: Iterable[Hosting]) -> None:
    """While planned, all of it; once announced not when and where, and a main one keeps a leader. [3.2] [3.6]"""
    if sitting.status == SittingStatus.CANCELLED:
        raise Refused("cancelled", _("该期坐诊已取消，不能再修改场次。"))
    if sitting.status == SittingStatus.PLANNED:
        return
    stays = (session.kind, session.starts_at, session.ends_at, session.place)
    if stays != (plan.kind, plan.starts_at, plan.ends_at, plan.place or str(policy.WINDOW_PLACE)):
        raise Refused("tells_holders", _("公告发布后调整时间、地点，请使用“调整时间地点”，系统会通知已预约企业。"))
    if plan.kind == SessionKind.MAIN and not any(chair.is_lead and chair.leader_name for chair in chairs):
        raise Refused("no_leader", _("主场应明确牵头部门的主要负责同志。"))


def check_planned(sitting: Sitting) -> None:
    if sitting.status != SittingStatus.PLANNED:
        raise Refused("already_published", _("公告已发布，请使用“调整日期”或“取消坐诊”，系统会通知已预约企业。"))
