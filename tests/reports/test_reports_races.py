"""Two at the same moment about a report, on PostgreSQL, with the positive controls. [3.10]"""

from collections import Counter

import pytest

from reports import guards
from reports.enums import ExportStatus, ReportStatus
from reports.models import ExportJob, IssuedReport, Report
from reports.services import exports, run_exports
from reports.services import reports as verbs
from tests.appointments.test_races import at_once, outcome
from tests.conftest import Cast, make_person, unit_of_the_cast
from tests.reports.conftest import NOW, approve, bring_to, correct, edit, fresh, issue, issued, make
from tests.reports.test_exports import ask
from tests.reports.without_lock import take_lock_away

pytestmark = [
    pytest.mark.race,
    pytest.mark.django_db(transaction=True),
    pytest.mark.clause("[3.10]"),
    pytest.mark.usefixtures("figures"),
]


@pytest.fixture
def cast(transactional_db: None, cast: Cast) -> Cast:
    cast["other"] = make_person("other", cast.bureau_supervisor.membership.role, unit_of_the_cast("市政务服务局"))
    return cast


def test_two_approving_approve_once(cast: Cast) -> None:
    report = make(cast)
    results = at_once(2, lambda place: approve(report, cast, by=("bureau_supervisor", "other")[place], revision=0))
    assert Counter(map(outcome, results)) == {"given": 1, "already_done": 1}


def test_two_issuing_issue_once(cast: Cast) -> None:
    report = bring_to(ReportStatus.APPROVED, cast)
    results = at_once(4, lambda _place: issue(report, cast))
    assert Counter(map(outcome, results)) == {"given": 1, "already_done": 3}
    assert IssuedReport.objects.count() == 1


def test_two_correcting_make_one_correction(cast: Cast) -> None:
    report = issued(cast)
    results = at_once(4, lambda _place: correct(report, cast))
    assert Counter(map(outcome, results)) == {"given": 1, "already_corrected": 3}
    assert Report.objects.filter(corrects=report).count() == 1


def test_two_drafting_the_same_quarter_make_one_bulletin(cast: Cast) -> None:
    results = at_once(4, lambda _place: make(cast))
    counted = Counter(map(outcome, results))
    assert counted["given"] == 1
    assert set(counted) <= {"given", "already_made", "overtaken"}


def test_editing_beside_approving_is_one_or_the_other(cast: Cast) -> None:
    """What is approved is what was read: an edit that comes first turns the approval away, else it comes too late."""
    report = make(cast)
    results = at_once(
        2,
        lambda place: edit(report, cast, "overall", "改", revision=0) if place else approve(report, cast, revision=0),
    )
    assert {outcome(results[0]), outcome(results[1])} in ({"given", "not_a_draft"}, {"changed_meanwhile", "given"})
    assert (fresh(report).status == ReportStatus.APPROVED) == (fresh(report).revision == 0)


def test_two_workers_make_an_export_once(cast: Cast) -> None:
    report = issued(cast)
    ask(report, cast)
    results = at_once(4, lambda _place: run_exports(NOW))
    assert sorted(results) == [0, 0, 0, 1]
    assert ExportJob.objects.get().status == ExportStatus.DONE
    assert ExportJob.objects.get().attempts == 1


class TestPositiveControls:
    """What is proved above fails, or is caught by the constraint, when the lock is taken away."""

    def test_without_lock_the_constraint_lets_one_issue_stand(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        report = bring_to(ReportStatus.DRAFT, cast)
        Report.objects.filter(pk=report.pk).update(status="approved", approved_at=NOW, approved_by=cast.other)
        take_lock_away(monkeypatch, verbs, Report)
        results = at_once(2, lambda _place: issue(report, cast))
        assert Counter(map(outcome, results)) == {"given": 1, "IntegrityError": 1}
        assert IssuedReport.objects.count() == 1

    def test_without_lock_the_constraint_lets_one_correction_stand_and_says_a_sentence(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        report = make(cast)
        Report.objects.filter(pk=report.pk).update(status="approved", approved_at=NOW, approved_by=cast.other)
        issue(report, cast)
        take_lock_away(monkeypatch, verbs, Report)
        results = at_once(2, lambda _place: correct(report, cast))
        assert Counter(map(outcome, results)) == {"given": 1, "overtaken": 1}

    def test_without_look_and_lock_an_edit_is_lost(self, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(guards, "check_revision", lambda report, revision: None)
        report = make(cast)
        take_lock_away(monkeypatch, verbs, Report)
        results = at_once(2, lambda place: edit(report, cast, ("overall", "next")[place], "改过", revision=0))
        assert set(map(outcome, results)) == {"given"}
        edited = [section["key"] for section in fresh(report).sections if section["text"]]
        assert len(edited) == 1, "both wrote, one was lost"

    def test_without_the_claim_two_workers_make_it_twice(self, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        report = issued(cast)
        job = ask(report, cast)
        made = []
        monkeypatch.setattr(exports, "_claim", lambda job_id, now: True)
        monkeypatch.setattr(exports, "_make", lambda job, now: made.append(job.pk) or 1)
        at_once(2, lambda _place: run_exports(NOW))
        assert made == [job.pk, job.pk]
