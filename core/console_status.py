"""What the console's front page says of the machinery, to those who can do something about it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from core.models import Heartbeat
from core.templatetags.cn import cn_short, cn_time

# A job that missed so many of its turns is standing still.
PERIODS_MAX = 3


@dataclass(frozen=True)
class StatusLine:
    """A part of the machinery: how it stands, and whether somebody must look after it."""

    label: str | Promise
    words: str | Promise
    problem: bool = False


# Each app's admin adds its own; a source gives nothing to whom it does not concern.
StatusSource = Callable[[HttpRequest], Iterable[StatusLine]]
status_sources: list[StatusSource] = []


def may_see(request: HttpRequest) -> bool:
    return request.user.has_perm("core.view_heartbeat")


def status_lines(request: HttpRequest) -> list[StatusLine]:
    return [line for source in status_sources for line in source(request)]


def jobs(request: HttpRequest) -> Iterable[StatusLine]:
    """Every job of the schedule, with its last run."""
    if not may_see(request):
        return []
    beats = {row.job: row for row in Heartbeat.objects.all()}
    now = timezone.now()
    work = settings.PERIODIC_WORK.items()
    if not beats:
        return [StatusLine(label, _("尚未运行"), problem=True) for _job, (_seconds, label) in work]
    return [_line(label, seconds, beats.get(job), now) for job, (seconds, label) in work]


def job_line(job: str) -> StatusLine:
    """One job of the schedule, for the page that its work concerns."""
    seconds, label = settings.PERIODIC_WORK[job]
    row = Heartbeat.objects.filter(job=job).first()
    return _line(label, seconds, row, timezone.now())


def _line(label: str | Promise, seconds: float, row: Heartbeat | None, now: datetime) -> StatusLine:
    if row is None:  # others ran: its first turn is still to come
        return StatusLine(label, _("尚未运行"))
    ran = _("%(at)s 运行") % {"at": f"{cn_short(row.last_at)} {cn_time(row.last_at)}"}
    if row.last_error:
        return StatusLine(label, _("%(ran)s，出错（%(error)s）") % {"ran": ran, "error": row.last_error}, problem=True)
    if (now - row.last_at).total_seconds() > PERIODS_MAX * seconds:
        return StatusLine(label, _("%s，此后没有再运行") % ran, problem=True)
    return StatusLine(label, ran)


status_sources.append(jobs)
