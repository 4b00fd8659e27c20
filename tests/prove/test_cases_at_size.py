"""A page of cases costs what it shows, among 200,000: literal query counts, and plans that use their indexes. [3.7]"""

from typing import Any

import pytest
import time_machine
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from cases.enums import AT_WORK
from cases.models import Assignment, Case
from cases.selectors_list import WORST_FIRST, cases_in_light, for_list
from cases.selectors_supervision import owed_where
from cases.selectors_work import owed_by, to_close
from core.models import User
from deadlines.models import Revision, RevisionTold
from departments.enums import Role
from departments.models import Department
from tests.cases.conftest import DAY, SEEN
from tests.cases.pages import INBOX, INBOX_QUERIES, LIST_QUERIES, SUPERVISION, SUPERVISION_QUERIES, signed_in
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
TABLES = ("cases_case", "cases_assignment", "deadlines_obligation", "appointments_booking")
# As at one and three rows; of the last page, where all is closed and nothing due, one less.
QUERIES = {"list": LIST_QUERIES, "last page": LIST_QUERIES - 1, "of a department": LIST_QUERIES}
# One less when the settings were just read.
WORKING_PAGES = {"inbox": INBOX_QUERIES, "supervision": SUPERVISION_QUERIES}
# Rows of any one table that a read may touch: of a page, of what is handled, never of what there is.
MOST = {
    "list": 2 * PAGE,
    "of a department": 40 * PAGE,
    **dict.fromkeys(WORST_FIRST, 8 * HANDLING),
    "at work": PAGE,
    "inbox": HANDLING,
    "supervision": HANDLING,
    "to close": 4 * HANDLING,
}


@pytest.fixture
def clerk(cast: Cast) -> User:
    """Of one of the twenty departments that share the cases."""
    departments = fill_cases(cast.bureau_staff.pk)
    return make_person("clerk", Role.DEPARTMENT_STAFF, Department.objects.get(pk=departments[0]))


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


def status_and_queries(user: User, path: str) -> tuple[int, int]:
    client = signed_in(user)
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(path)
    return answer.status_code, len(captured)


def cost(query: QuerySet[Any]) -> dict[str, int]:
    """Rows that the plan read of each table."""
    nodes = plan_of(query)
    return {table: rows_read(nodes, table) for table in TABLES if any(n.get("Relation Name") == table for n in nodes)}


def test_pages_of_cases_among_200000(clerk: User, cast: Cast) -> None:
    """One filling for all: it takes longer than the looks."""
    bureau, unit = cast.bureau_supervisor, clerk.membership.department
    assert Case.objects.count() == CASES
    with time_machine.travel(SEEN, tick=False):
        queries = {
            "list": queries_of(bureau, 1),
            "last page": queries_of(bureau, 3999),
            "of a department": queries_of(clerk, 1),
        }
        working = {
            "inbox": status_and_queries(clerk, INBOX),
            "supervision": status_and_queries(bureau, SUPERVISION),
        }
    everything = Case.objects.visible_to(bureau)
    read = {
        # The newest first, by the index of that order; beside each line what is due next in it.
        "list": cost(newest(bureau)),
        # The same order, passing over the cases of the nineteen others.
        "of a department": cost(newest(clerk)),
        # A light reads what is handled, not what is closed.
        **{light.value: cost(cases_in_light(everything, light, bureau, DAY).values("pk")) for light in WORST_FIRST},
        # What a department works at and owes, and what waits for the bureau.
        "at work": cost(Assignment.objects.filter(department=unit, status__in=AT_WORK).order_by("assigned_at")[:PAGE]),
        "inbox": cost(owed_by(unit).order_by("last_day", "pk")[:PAGE]),
        "supervision": cost(owed_where(bureau, DAY, light="late")[:PAGE]),
        "to close": cost(to_close(bureau.membership.department)[:PAGE]),
    }
    assert queries == QUERIES
    assert all(status == 200 and count <= WORKING_PAGES[name] for name, (status, count) in working.items()), working
    over = {(name, table) for name, tables in read.items() for table in tables if tables[table] > MOST[name]}
    assert not over, read
    assert any(node.get("Index Name") == "case_newest_first" for node in plan_of(newest(bureau)))


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
