"""Calendar files of one sitting, and of all announced ones."""

from datetime import datetime

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Event

from core.ical import calendar, event
from sessions_app.models import Session, Sitting
from sessions_app.selectors import announced_sittings, sessions_of


def _session_event(sitting: Sitting, session: Session) -> Event:
    departments = "、".join(chair.department.name for chair in session.chairs.all())
    return event(
        f"session-{session.pk}",
        _("局长坐诊接诉 %(title)s %(kind)s") % {"title": sitting.title, "kind": session.get_kind_display()},
        sitting.published_at or timezone.now(),
        dtstart=session.starts_at,
        dtend=session.ends_at,
        location=session.place,
        description=departments,
        url=f"{settings.PUBLIC_BASE_URL}{sitting.get_absolute_url()}",
    )


def sitting_calendar(sitting: Sitting) -> bytes:
    return calendar(sitting.title, [_session_event(sitting, session) for session in sessions_of(sitting.pk)])


def announced_calendar(now: datetime) -> bytes:
    """Every announced sitting that is not over. [3.2]"""
    sittings = announced_sittings(now).prefetch_related("sessions__chairs__department")
    events = [_session_event(sitting, session) for sitting in sittings for session in sitting.sessions.all()]
    return calendar(_("安宁市“局长坐诊接诉”"), events)
