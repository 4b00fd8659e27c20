"""Every verb of a report, in every status, by everybody. [3.10]"""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from core.errors import Refused
from reports import services
from reports.enums import ReportStatus
from reports.models import Report
from reports.moves import REPORT_MOVES
from tests.conftest import CAST, Cast
from tests.reports.conftest import NOW, approve, bring_to, correct, drop, edit, fresh, issue, make, send_back

pytestmark = [pytest.mark.clause("[3.10]"), pytest.mark.django_db, pytest.mark.usefixtures("figures")]
WRITERS = {"bureau_staff", "bureau_supervisor"}
SUPERVISORS = {"bureau_supervisor"}
VERBS: dict[str, Callable[..., Any]] = {
    "approve": approve,
    "send_back": send_back,
    "issue": issue,
    "drop": drop,
    "correct": correct,
    "edit": lambda report, cast, by: edit(report, cast, "overall", "改", by=by),
    "head": lambda report, cast, by: services.edit_head(
        report_id=report.pk,
        title="标题",
        number="",
        addressee="各单位",
        revision=fresh(report).revision,
        actor=cast[by],
        now=NOW,
    ),
    "figures": lambda report, cast, by: services.make_figures(report_id=report.pk, actor=cast[by], now=NOW),
}
MAY = {
    **dict.fromkeys(("approve", "send_back", "issue", "drop"), SUPERVISORS),
    **dict.fromkeys(("correct", "edit", "head", "figures"), WRITERS),
}
NO_DRAFT = {"approved": "not_a_draft", "issued": "not_a_draft", "dropped": "not_a_draft"}
# What comes of it for who may: the status it ends in, or the refusal's code.
EXPECTED = {
    "approve": {"draft": "approved", "approved": "already_done", "issued": "wrong_status", "dropped": "wrong_status"},
    "send_back": {"draft": "draft", "approved": "draft", "issued": "wrong_status", "dropped": "wrong_status"},
    "issue": {"draft": "wrong_status", "approved": "issued", "issued": "already_done", "dropped": "wrong_status"},
    "drop": {"draft": "dropped", "approved": "dropped", "issued": "wrong_status", "dropped": "already_done"},
    "correct": {"draft": "not_issued", "approved": "not_issued", "issued": "issued", "dropped": "not_issued"},
    "edit": {"draft": "draft"} | NO_DRAFT,
    "head": {"draft": "draft"} | NO_DRAFT,
    "figures": {"draft": "draft"} | NO_DRAFT,
}


def test_table_has_every_status_and_every_move() -> None:
    assert all(set(by_status) == set(ReportStatus.values) for by_status in EXPECTED.values())
    assert {move.name for move in REPORT_MOVES} == {f"{verb}_report" for verb in EXPECTED} - {
        f"{verb}_report" for verb in ("correct", "edit", "head", "figures")
    }


def outcome(verb: str, report: Report, cast: Cast, person: str) -> str:
    """What came of it; nothing stays for who comes next."""
    with transaction.atomic():
        try:
            VERBS[verb](report, cast, by=person)
        except PermissionDenied:
            return "denied"
        except Refused as refusal:
            return refusal.code
        finally:
            status = fresh(report).status
            transaction.set_rollback(True)
    return status


@pytest.mark.parametrize("status", ReportStatus.values)
@pytest.mark.parametrize("verb", sorted(VERBS))
def test_verb_in_every_status_by_every_role(cast: Cast, verb: str, status: str) -> None:
    report = bring_to(status, cast)
    found = {person: outcome(verb, report, cast, person) for person in CAST}
    assert found == {person: EXPECTED[verb][status] if person in MAY[verb] else "denied" for person in CAST}


@pytest.mark.parametrize("person", CAST)
def test_make_is_the_bureaus_alone(cast: Cast, person: str) -> None:
    if person in WRITERS:
        assert make(cast, by=person).status == ReportStatus.DRAFT
        return
    with pytest.raises(PermissionDenied):
        make(cast, by=person)
