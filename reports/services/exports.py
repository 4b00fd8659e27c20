"""Files made in the background: one at a time for each worker, and by another when a worker is gone. [3.10]"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from core import policy
from core.constraints import violated
from core.errors import AlreadyDone, Refused
from core.models import User
from core.selectors import ours
from core.transitions import Move, move_all, start
from notifications.services import nudge
from reports import moves, permissions
from reports.content import paper_of
from reports.enums import ExportStatus
from reports.models import ExportJob
from reports.report_excel import report_workbook
from reports.selectors_reports import (
    ATTEMPTS_MAX,
    cases_visible_to,
    exports_to_forget,
    exports_to_make,
    reports_visible_to,
)

logger = logging.getLogger(__name__)
Tell = Callable[[int, int], None]
# The task that makes what was asked for; the schedule runs it anyway.
TASK = "reports.run_exports"
# A worker that said nothing for so long is gone. It says something every so many lines.
LEASE = timedelta(minutes=5)
LINES_BETWEEN = 500
REPORT_CASES = "report_cases"


def ask_export(*, report_id: int, actor: User, now: datetime) -> ExportJob:
    """A report with its whole list of cases, to be fetched when it is ready. [3.10]

    Refuses `gone` (none that one may read), `already_asked` while the same is being made.
    """
    permissions.check_can_export(actor)
    report = reports_visible_to(actor).filter(pk=report_id).first()
    if report is None:
        raise Refused("gone", _("该文稿不存在，或您不能查看。"))
    job = ExportJob(owner=actor, key=f"{REPORT_CASES}:{report.pk}", name=f"{report}.xlsx", asked_at=now)
    try:
        with transaction.atomic():
            start(job, ExportStatus.QUEUED, actor=actor, action="ask_export", clause="[3.10]")
            nudge(TASK)
    except IntegrityError as error:
        if violated(error) != "one_export_of_a_kind_at_a_time":
            raise
        raise AlreadyDone("already_asked", _("该文件正在生成，请稍候。")) from error
    return job


def run_exports(now: datetime) -> int:
    """Make what was asked for, the oldest first; returns how many were made. Two runs at once share them. [3.10]"""
    made = 0
    for job_id in list(exports_to_make(now).values_list("pk", flat=True)):
        if _claim(job_id, now):
            made += _make(ExportJob.objects.select_related("owner").get(pk=job_id), now)
    return made


def forget_exports(now: datetime) -> int:
    """What was kept long enough goes, file and all; the row says that it was. [3.10]"""
    forgotten = 0
    for job in exports_to_forget(now):
        with transaction.atomic():
            if move_all(ExportJob.objects.filter(pk=job.pk), moves.EXPIRE_EXPORT):
                if job.file:
                    transaction.on_commit(partial(job.file.storage.delete, str(job.file.name)))
                ExportJob.objects.filter(pk=job.pk).update(file="")
                forgotten += 1
    return forgotten


def _claim(job_id: int, now: datetime) -> bool:
    """One worker gets it: whoever comes second finds it no longer to be made."""
    with transaction.atomic():
        if not move_all(exports_to_make(now).filter(pk=job_id).order_by(), moves.CLAIM_EXPORT):
            return False
        ExportJob.objects.filter(pk=job_id).update(
            lease_until=timezone.now() + LEASE, attempts=F("attempts") + 1, lines_done=0
        )
        return True


def _make(job: ExportJob, now: datetime) -> int:
    if job.attempts > ATTEMPTS_MAX:
        _fail(job, _("多次未能生成，请联系系统管理员。"), now)
        return 0
    try:
        content = _report_cases(job, partial(_tell, job))
    except Refused as refusal:
        _fail(job, str(refusal.message), now)
        return 0
    except Exception:
        logger.exception("Export %s was not made.", job.pk)
        _fail(job, _("生成时出错，请稍后重新申请。"), now)
        return 0
    _finish(job, content, now)
    return 1


def _report_cases(job: ExportJob, tell: Tell) -> bytes:
    """Read as its owner may read it now, not when it was asked for."""
    report = reports_visible_to(job.owner).filter(pk=job.key.partition(":")[2]).first()
    if report is None:
        raise Refused("gone", _("该文稿不存在，或您不能查看。"))
    paper = paper_of(report)
    lines = cases_visible_to(job.owner, paper.cases)
    job.unit_id = permissions.department_shown_to(job.owner)
    tell(0, len(lines))
    return report_workbook(paper, lines, lambda written: tell(written, len(lines)))


def _mine(job: ExportJob) -> dict[str, Any]:
    """The job while this worker has it: who took too long and was replaced writes nothing over the other's work."""
    return {"pk": job.pk, "status": ExportStatus.WORKING, "attempts": job.attempts}


def _tell(job: ExportJob, written: int, whole: int) -> None:
    if written % LINES_BETWEEN == 0 or written == whole:
        ExportJob.objects.filter(**_mine(job)).update(
            lines_done=written, lines_all=whole, lease_until=timezone.now() + LEASE
        )


def _finish(job: ExportJob, content: bytes, now: datetime) -> None:
    job.file.save("export", ContentFile(content), save=False)
    if not _end(job, moves.FINISH_EXPORT, now, file=job.file.name, unit=job.unit_id):
        job.file.storage.delete(str(job.file.name))


def _fail(job: ExportJob, error: str, now: datetime) -> None:
    _end(job, moves.FAIL_EXPORT, now, error=error)


def _end(job: ExportJob, move: Move, now: datetime, **told: Any) -> bool:
    """Whether it was still this worker's to end."""
    kept_until = now + timedelta(days=ours(policy.EXPORT_KEPT_DAYS))
    with transaction.atomic():
        ended = ExportJob.objects.filter(**_mine(job)).update(
            finished_at=now, kept_until=kept_until, lease_until=None, **told
        )
        return bool(ended and move_all(ExportJob.objects.filter(**_mine(job)), move))
