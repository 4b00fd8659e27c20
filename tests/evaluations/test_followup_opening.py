"""Follow-ups are opened by rule, by the enterprise, and by an inspector. [3.9]"""

import pytest
from django.core.exceptions import PermissionDenied

from cases.models import Case
from core import audit
from core.errors import Refused
from core.models import AuditEntry
from core.workdays import due_date
from evaluations.enums import FollowUpStatus, Office, Origin
from evaluations.models import FollowUp
from tests.cases.conftest import part
from tests.evaluations.followup_steps import RATED, RULE, follow, opened_on
from tests.factories import department, moment

pytestmark = pytest.mark.django_db
SAME_START = True


@pytest.mark.parametrize(
    ("origin", "actor", "office"),
    [
        (Origin.UNSATISFIED, RATED, Office.BUREAU),
        (Origin.SAMPLE, RULE, Office.BUREAU),
        (Origin.REPORTED, RATED, Office.INSPECTION),
        (Origin.INSPECTOR, "inspector", Office.INSPECTION),
        (Origin.REPORTED, "inspector", Office.INSPECTION),
    ],
)
def test_open_follow_up_is_owed_within_ten_working_days_by_the_office_it_is_for(cast, closed, origin, actor, office):
    follow_up = follow(closed, origin, cast.get(actor, actor))
    assert (follow_up.status, follow_up.round, follow_up.office) == (FollowUpStatus.OPEN, 1, office)
    owed = follow_up.obligation
    assert (owed.kind, owed.last_day) == ("followup", due_date(opened_on().date(), 10).due)
    assert (owed.department is None) == (office == Office.BUREAU)
    assert owed.timers.filter(status="pending").count() == 4


def test_open_follow_up_a_second_time_joins_the_open_one(cast, closed):
    first = follow(closed, note="未解决")
    again = follow(closed, Origin.REPORTED, note="打电话没人接")
    assert again.pk == first.pk
    assert first.origin == Origin.UNSATISFIED
    assert [(row.origin, row.note) for row in first.reasons.all()] == [
        (Origin.UNSATISFIED, "未解决"),
        (Origin.REPORTED, "打电话没人接"),
    ]
    assert AuditEntry.objects.filter(action="join_follow_up").count() == 1
    assert FollowUp.objects.get().obligation.revisions.count() == 1


def test_open_follow_up_of_what_the_bureau_handled_is_the_inspection_offices(cast, closed):
    bureau = department("市政务服务局")
    assignment = part(closed)
    assignment.department = bureau
    assignment.save()
    assert follow(closed).office == Office.INSPECTION


@pytest.mark.parametrize(
    ("origin", "actor"),
    [
        (Origin.SAMPLE, audit.HOLDER),
        (Origin.INSPECTOR, audit.HOLDER),
        (Origin.INSPECTOR, audit.SYSTEM),
        (Origin.REPORTED, audit.SYSTEM),
        (Origin.UNSATISFIED, audit.ANYONE),
        (Origin.UNSATISFIED, "inspector"),
        (Origin.SAMPLE, "inspector"),
        (Origin.INSPECTOR, "bureau_supervisor"),
        (Origin.INSPECTOR, "department_head"),
        (Origin.REPORTED, "window_clerk"),
        (Origin.INSPECTOR, "leader"),
    ],
)
def test_open_follow_up_by_whom_the_reason_is_not_is_denied(cast, closed, origin, actor):
    with pytest.raises(PermissionDenied):
        follow(closed, origin, cast.get(actor, actor))
    assert not FollowUp.objects.exists()


@pytest.mark.parametrize("round", [-1, 2])
def test_open_follow_up_of_a_round_that_never_was_is_refused(closed, round):
    with pytest.raises(Refused) as refused:
        follow(closed, round=round)
    assert refused.value.code == "no_such_round"


def test_open_follow_up_of_a_case_that_is_gone_is_refused(closed):
    with pytest.raises(Refused) as refused:
        follow(Case(pk=closed.pk + 1))
    assert refused.value.code == "gone"


def test_open_follow_up_while_it_is_handled_is_of_the_present_round(cast, case):
    follow_up = follow(case, Origin.INSPECTOR, cast.inspector, now=moment("2026-11-27 10:00"))
    assert (follow_up.round, follow_up.status) == (1, FollowUpStatus.OPEN)
