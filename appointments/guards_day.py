"""Whether somebody may check in or be called now. Each check passes or refuses with a sentence. [3.3] [3.6]"""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from appointments.enums import ONCE_CALLED, BookingStatus, QueueStatus
from appointments.models import Booking, QueueEntry
from core import policy
from core.errors import AlreadyDone, Refused
from core.selectors import ours
from core.templatetags.cn import cn_datetime, cn_time
from sessions_app.models import Session

CANNOT_COME = {
    BookingStatus.CONFIRMED: ("not_accepted", _("该预约尚未受理，不能签到。请联系服务专窗经办人。")),
    BookingStatus.RETURNED: ("not_accepted", _("该预约正待企业补充情况，尚未受理，不能签到。请联系服务专窗经办人。")),
    BookingStatus.CANCELLED: ("cancelled", _("该预约已取消，不能签到。")),
    BookingStatus.SITTING_CANCELLED: ("cancelled", _("本期坐诊已取消，不能签到。")),
    BookingStatus.NOT_SEEN: ("session_over", _("本期坐诊已结束，该预约未能接诊，不能签到。")),
    BookingStatus.ABSENT: ("session_over", _("该场次已结束，该预约已记为未到场，不能签到。")),
}


def check_check_in(booking: Booking, entry: QueueEntry | None, now: datetime) -> None:
    """Whether this booking may check in now, with what it has of an entry. Refuses with the codes of the verb."""
    if entry is not None and entry.status == QueueStatus.DONE:
        raise already_here(booking, entry)
    check_can_come(booking)
    if entry is not None and entry.status != QueueStatus.ABSENT:
        raise already_here(booking, entry)
    assert booking.session is not None
    check_check_in_time(booking, booking.session, now)


def check_can_come(booking: Booking) -> None:
    """Accepted and placed. Refuses `not_accepted`, `cancelled`, `session_over`, `wrong_status`, `not_placed`."""
    if booking.status != BookingStatus.ACCEPTED:
        usual = ("wrong_status", _("该预约当前为“%s”，不能签到。") % booking.get_status_display())
        raise Refused(*CANNOT_COME.get(BookingStatus(booking.status), usual))
    if booking.session is None:
        raise Refused("not_placed", _("该预约尚未排定场次和时间，请先排场。"))


def check_check_in_time(booking: Booking, session: Session, now: datetime) -> None:
    """On the session's day, from two hours (ours) before it until its end. Refuses `other_day`, `too_early`,
    `session_over`. [3.3]"""
    if timezone.localdate(now) != session.day:
        raise Refused(
            "other_day",
            _("%(number)s 号的坐诊时间是 %(at)s，不是今天，不能签到。")
            % {"number": booking.number, "at": cn_datetime(booking.meet_at)},
        )
    opens_at = check_in_opens(session)
    if now < opens_at:
        raise Refused("too_early", _("该场次 %s 起签到，请稍候。") % cn_time(opens_at))
    if now >= session.ends_at:
        raise Refused("session_over", _("该场次已于 %s 结束，不能签到。") % cn_time(session.ends_at))


def check_in_opens(session: Session) -> datetime:
    return session.starts_at - timedelta(minutes=ours(policy.CHECK_IN_OPENS_MINUTES))


def already_here(booking: Booking, entry: QueueEntry) -> AlreadyDone:
    """The code was used before: when, and what became of it."""
    return AlreadyDone(
        "already_checked_in",
        _("%(number)s 号已于 %(at)s 签到，当前“%(status)s”，无需重复签到。")
        % {"number": booking.number, "at": cn_time(entry.checked_in_at), "status": entry.get_status_display()},
    )


def check_still_expected(booking: Booking) -> None:
    """Who cancelled after checking in is not called any more."""
    if booking.status != BookingStatus.ACCEPTED:
        raise Refused("not_expected", _("该预约当前为“%s”，不能继续办理。") % booking.get_status_display())


def check_session_running(session: Session, now: datetime) -> None:
    """Who was marked absent comes back until the session's end. [3.3]"""
    if now >= session.ends_at:
        raise Refused("session_over", _("该场次已于 %s 结束，不能恢复候诊。") % cn_time(session.ends_at))


def check_not_called(entry: QueueEntry) -> None:
    """Who is called or in consultation stays where it is."""
    if entry.status in ONCE_CALLED:
        raise Refused("already_called", _("该号当前“%s”，不能改排到别处。") % entry.get_status_display())


def check_desk(desk: str) -> None:
    if not desk:
        raise Refused("no_desk", _("请填写叫号席位，如“1号桌”。"), field="desk")


def check_somebody_waits(entry: QueueEntry | None) -> QueueEntry:
    """The first in line, if anybody waits."""
    if entry is None:
        raise Refused("nobody_waits", _("目前没有候诊的企业。"))
    return entry


def check_absent(booking: Booking) -> None:
    """Only who did not come is offered another place once. [3.3]"""
    if booking.status != BookingStatus.ABSENT:
        raise Refused("not_absent", _("该预约当前为“%s”，不适用。") % booking.get_status_display())
