"""A page of cases costs what it shows, among 200,000: literal query counts, and plans that use their indexes. [3.7]"""

import pytest
import time_machine
from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.models import Assignment, Case
from cases.selectors_list import cases_in_light, for_list
from core.models import User
from deadlines.enums import Light
from deadlines.models import Revision, RevisionTold
from departments.enums import Role
from departments.models import Department
from tests.cases.conftest import DAY, SEEN
from tests.conftest import Cast, make_person
from tests.prove.many_cases import CASES, HANDLING, fill_cases
from tests.prove.test_plans import plan_of, rows_read

pytestmark = [pytest.mark.prove, pytest.mark.race, pytest.mark.clause("[3.7]"), pytest.mark.django_db]
REVISIONS = """
INSERT INTO deadlines_revision (obligation_id, number, cause, before, after, due, reason, explanation, calendar_id, at)
SELECT id, 2, 'joint', last_day, last_day, due, '', '{"sentences": [], "days": []}', calendar_id, opened_at
FROM deadlines_obligation
"""
TOLD = """
INSERT INTO deadlines_revisiontold (revision_id, at)
SELECT id, CASE WHEN row_number() OVER (ORDER BY id) > 50 THEN at END FROM deadlines_revision
"""
LIST, PAGE = "/console/cases/case/", 50


@pytest.fixture
def clerk(cast: Cast) -> User:
    """Of one of the twenty departments that share the cases."""
    departments = fill_cases(cast.bureau_staff.pk)
    return make_person("clerk", Role.DEPARTMENT_STAFF, Department.objects.get(pk=departments[0]))


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="departments.backends.RoleBackend")
    return client


def newest(user: User) -> QuerySet[Case]:
    return for_list(Case.objects.visible_to(user), user).order_by("-opened_at", "-pk")[:PAGE]


def queries_of(user: User, page: int) -> int:
    """Of a page of fifty, once the session is warm."""
    client = signed_in(user)
    client.get(LIST)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(LIST, {"p": page})
    assert answer.content.decode().count('name="_selected_action"') in (0, PAGE)
    assert len(answer.context["cl"].result_list) == PAGE
    return len(captured)


def test_pages_of_cases_among_200000(clerk: User, cast: Cast) -> None:
    """One filling for all: it takes longer than the looks."""
    bureau = cast.bureau_staff
    assert Case.objects.count() == CASES
    with time_machine.travel(SEEN, tick=False):
        assert [queries_of(bureau, 1), queries_of(bureau, 3999), queries_of(clerk, 1)] == [8, 8, 8]
    # The bureau's page: the newest first, by the index of that order; beside each line what is due next in it.
    whole = plan_of(newest(bureau))
    assert any(node.get("Index Name") == "case_newest_first" for node in whole)
    assert rows_read(whole, "cases_case") <= PAGE
    assert rows_read(whole, "deadlines_obligation") <= 2 * PAGE
    # A department's: the same order, passing over the cases of the nineteen others.
    own = plan_of(newest(clerk))
    assert (rows_read(own, "cases_case"), rows_read(own, "cases_assignment")) <= (40 * PAGE, 40 * PAGE)
    # A light reads what is handled, not what is closed.
    for light in (Light.LATE, Light.NEAR, Light.ON_TRACK):
        lit = plan_of(cases_in_light(Case.objects.visible_to(bureau), light, bureau, DAY).values("pk"))
        assert rows_read(lit, "cases_case") <= 2 * HANDLING
        assert rows_read(lit, "deadlines_obligation") <= 8 * HANDLING
    # What a department still works at.
    working = Assignment.objects.filter(department=clerk.membership.department, status__in=["planning", "handling"])
    assert rows_read(plan_of(working.order_by("assigned_at")[:PAGE]), "cases_assignment") <= PAGE


def test_the_sweep_of_untold_days_reads_what_is_untold(cast: Cast) -> None:
    fill_cases(cast.bureau_staff.pk, count=50_000, handling=50_000)
    with connection.cursor() as cursor:
        cursor.execute(REVISIONS)
        cursor.execute(TOLD)
        cursor.execute("ANALYZE")
    assert Revision.objects.filter(number=2).count() == 50_000
    untold = RevisionTold.objects.filter(at__isnull=True, revision__obligation__kind__in=["feedback"])
    nodes = plan_of(untold.order_by("revision_id").values_list("revision__obligation_id", flat=True)[:200])
    assert rows_read(nodes, "deadlines_revisiontold") == 50
    assert rows_read(nodes, "deadlines_revision") <= 50
