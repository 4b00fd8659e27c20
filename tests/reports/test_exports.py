"""Files made in the background: asked for, made once, fetched by who asked, forgotten in time. [3.10]"""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from core.errors import Refused
from core.models import AuditEntry
from departments.models import Membership
from reports import services
from reports.enums import ExportStatus, ReportKind
from reports.models import ExportJob, Report
from reports.services import exports
from tests.conftest import CAST, Cast
from tests.factories import department
from tests.reports.conftest import NOW, issued, make

pytestmark = [pytest.mark.clause("[3.10]"), pytest.mark.django_db, pytest.mark.usefixtures("figures")]
READERS = {"bureau_staff", "bureau_supervisor", "inspector", "inspection_approver", "leader"}
UNITS = {"department_staff", "other_department_staff", "department_head"}


def ask(report: Report, cast: Cast, *, by: str = "bureau_staff") -> ExportJob:
    return services.ask_export(report_id=report.pk, actor=cast[by], now=NOW)


def fetched(cast: Cast, job: ExportJob, by: str) -> Any:
    client = Client()
    client.force_login(cast[by])
    return client.get(reverse("console:reports_exportjob_fetch", args=[job.pk]))


def lines_of(answer: Any) -> list[str]:
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))["办件清单"]
    return [str(row[1].value) for row in sheet.iter_rows(min_row=3)]


@pytest.mark.parametrize("person", CAST)
def test_ask_by_every_role(cast: Cast, person: str) -> None:
    report = issued(cast)
    if person not in READERS | UNITS:
        with pytest.raises(PermissionDenied):
            ask(report, cast, by=person)
        return
    assert ask(report, cast, by=person).status == ExportStatus.QUEUED


def test_ask_for_what_one_may_not_read_is_refused(cast: Cast) -> None:
    draft, special = make(cast), issued(cast, ReportKind.SPECIAL)
    for report, person in ((draft, "leader"), (special, "department_head")):
        with pytest.raises(Refused, match="gone"):
            ask(report, cast, by=person)


def test_asked_for_twice_it_is_made_once(cast: Cast) -> None:
    report = issued(cast)
    ask(report, cast)
    with pytest.raises(Refused, match="already_asked"):
        ask(report, cast)
    assert services.run_exports(NOW) == 1
    assert services.run_exports(NOW) == 0
    assert ask(report, cast).status == ExportStatus.QUEUED


def test_file_holds_the_lines_and_is_its_owners_alone(cast: Cast) -> None:
    report = issued(cast)
    job = ask(report, cast)
    services.run_exports(NOW)
    assert lines_of(fetched(cast, job, "bureau_staff")) == ["26-18-00001", "26-18-00002", "26-18-00003"]
    for other in ("bureau_supervisor", "leader"):
        assert fetched(cast, job, other).status_code == 404
    entry = AuditEntry.objects.get(action="fetch_export")
    assert (entry.user, entry.after) == (cast.bureau_staff, "3")


@pytest.mark.clause("[5.2]")
def test_file_of_a_department_holds_its_own_lines(cast: Cast) -> None:
    job = ask(issued(cast), cast, by="other_department_staff")
    services.run_exports(NOW)
    assert lines_of(fetched(cast, job, "other_department_staff")) == ["26-18-00002", "26-18-00003"]


def test_who_lost_the_right_meanwhile_gets_nothing(cast: Cast) -> None:
    report = issued(cast, ReportKind.SPECIAL)
    made, waiting = ask(report, cast, by="inspector"), None
    services.run_exports(NOW)
    waiting = ask(report, cast, by="leader")
    Membership.objects.filter(user__in=[cast.inspector, cast.leader]).update(role="auditor", department=None)
    assert fetched(cast, made, "inspector").status_code == 403
    services.run_exports(NOW)
    waiting.refresh_from_db()
    assert waiting.status == ExportStatus.FAILED


def test_progress_is_told_while_it_is_made(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    job = ask(issued(cast), cast)
    seen = []
    told = exports._tell
    monkeypatch.setattr(exports, "LINES_BETWEEN", 1)

    def look(job: ExportJob, written: int, whole: int) -> None:
        told(job, written, whole)
        seen.append(ExportJob.objects.get(pk=job.pk).percent)

    monkeypatch.setattr(exports, "_tell", look)
    services.run_exports(NOW)
    assert seen == [0, 33, 66, 100]
    job.refresh_from_db()
    assert (job.lines_done, job.lines_all) == (3, 3)


def test_page_shows_the_bar_and_looks_again_only_while_something_is_made(cast: Cast, client: Client) -> None:
    ask(issued(cast), cast)
    client.force_login(cast.bureau_staff)
    address = reverse("console:reports_exportjob_changelist")
    page = client.get(address).content.decode()
    assert "<progress" in page
    assert "data-refresh=" in page
    services.run_exports(NOW)
    page = client.get(address).content.decode()
    assert "data-refresh=" not in page
    assert "下载" in page


def test_worker_that_is_gone_is_replaced_and_at_last_given_up(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    job = ask(issued(cast), cast)
    monkeypatch.setattr(exports, "LEASE", timedelta(seconds=-1))

    def killed(*_args: Any) -> int:
        raise KeyboardInterrupt

    make_it = exports._make
    monkeypatch.setattr(exports, "_make", killed)
    for _attempt in range(3):
        with pytest.raises(KeyboardInterrupt):
            services.run_exports(job.asked_at + timedelta(days=365))
    monkeypatch.setattr(exports, "_make", make_it)
    services.run_exports(job.asked_at + timedelta(days=365))
    job.refresh_from_db()
    assert (job.status, job.attempts) == (ExportStatus.FAILED, 4)
    assert "联系系统管理员" in job.error


@pytest.mark.parametrize("end", ["fault", "file"])
def test_worker_that_was_replaced_writes_nothing_over_the_others_work(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    """It was slow, not dead: another made the file meanwhile, or is still at it."""
    report_cases, replaced = exports._report_cases, []

    def slow(job: ExportJob, tell: Any) -> bytes:
        if not replaced:
            replaced.append(job.attempts)
            ExportJob.objects.filter(pk=job.pk).update(lease_until=NOW - timedelta(seconds=1))
            assert services.run_exports(NOW) == 1
            if end == "fault":
                raise RuntimeError
        return report_cases(job, tell)

    monkeypatch.setattr(exports, "_report_cases", slow)
    job = ask(issued(cast), cast)
    services.run_exports(NOW)
    job.refresh_from_db()
    assert (job.status, job.error, job.attempts) == (ExportStatus.DONE, "", 2)
    assert default_storage.exists(str(job.file.name))


def test_worker_that_was_replaced_does_not_end_what_another_works_at(cast: Cast) -> None:
    job = ask(issued(cast), cast)
    assert exports._claim(job.pk, NOW)
    slow = ExportJob.objects.get(pk=job.pk)
    ExportJob.objects.filter(pk=job.pk).update(lease_until=NOW - timedelta(seconds=1))
    assert exports._claim(job.pk, NOW)
    exports._fail(slow, "生成时出错，请稍后重新申请。", NOW)
    job.refresh_from_db()
    assert (job.status, job.error) == (ExportStatus.WORKING, "")


@pytest.mark.clause("[5.2]")
@pytest.mark.parametrize("person", ["bureau_staff", "department_head"])
def test_who_works_elsewhere_meanwhile_does_not_get_the_lines_of_before(cast: Cast, person: str) -> None:
    job = ask(issued(cast), cast, by=person)
    services.run_exports(NOW)
    unit = department("市统计局")
    Membership.objects.filter(user=cast[person]).update(role="department_head", department=unit)
    assert fetched(cast, job, person).status_code == 404
    assert not AuditEntry.objects.filter(action="fetch_export").exists()


def test_living_worker_keeps_its_job(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    job = ask(issued(cast), cast)
    assert exports._claim(job.pk, NOW)
    assert not exports._claim(job.pk, NOW)
    assert services.run_exports(NOW) == 0


def test_fault_ends_in_a_sentence_and_not_in_the_queue(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    job = ask(issued(cast), cast)
    monkeypatch.setattr(exports, "report_workbook", lambda *args: 1 / 0)
    assert services.run_exports(NOW) == 0
    job.refresh_from_db()
    assert (job.status, bool(job.file)) == (ExportStatus.FAILED, False)
    assert services.run_exports(NOW) == 0


def test_kept_long_enough_file_and_link_go(cast: Cast, django_capture_on_commit_callbacks: Any) -> None:
    job = ask(issued(cast), cast)
    services.run_exports(NOW)
    job.refresh_from_db()
    name = job.file.name
    assert services.forget_exports(NOW + timedelta(days=7)) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert services.forget_exports(NOW + timedelta(days=7, seconds=1)) == 1
    assert not default_storage.exists(name)
    assert fetched(cast, job, "bureau_staff").status_code == 404
    assert services.forget_exports(NOW + timedelta(days=9)) == 0
