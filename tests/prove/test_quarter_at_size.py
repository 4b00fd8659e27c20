"""The quarter's page costs what five quarters hold, among half a million cases: a handful of queries. [3.10]"""

from datetime import date
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reports.figures import FIGURES, Filters, Quarter
from reports.figures.counting import _grouped
from tests.appointments.conftest import consent
from tests.cases.pages import signed_in
from tests.conftest import Cast
from tests.prove.many_quarters import CASES, fill_quarters
from tests.prove.test_plans import plan_of
from tests.reports.test_quarter_cost import LIST_QUERIES, PAGE_QUERIES

pytestmark = [pytest.mark.prove, pytest.mark.race, pytest.mark.clause("[3.10]"), pytest.mark.django_db]
TODAY = date(2026, 11, 20)
PAGE, LIST = "/console/reports/quarter/", "/console/reports/quarter/list/?figure=solved"
# As at four and twelve sittings.
QUERIES = {PAGE: PAGE_QUERIES, LIST: LIST_QUERIES}
# Five quarters of eighty: half as much again as they hold. Of what is owed there are two for each round; who had a
# part in one is asked for twice.
MOST = dict.fromkeys(("deadlines_obligation", "cases_assignment"), 2 * CASES // 10)
USUALLY = CASES // 10
# What leads from a row to its quarter or its rating the planner may find cheaper to pass over, once for the quarter
# and once for the four before it, never row by row.
PASSED_OVER = {"appointments_booking", "cases_case", "evaluations_rating"}
TABLES = (
    *("appointments_booking", "appointments_verification", "cases_case", "cases_assignment", "cases_closing"),
    *("deadlines_obligation", "evaluations_invitation", "evaluations_rating", "evaluations_followup"),
)


def looked_at(nodes: list[dict[str, Any]], table: str) -> int:
    """Rows that the scans of a table touched; a look that finds nothing is one, too."""
    scans = [node for node in nodes if node.get("Relation Name") == table]
    return sum(
        max(1, node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"] for node in scans
    )


def test_the_quarter_among_half_a_million_cases(cast: Cast) -> None:
    fill_quarters(cast.bureau_staff.pk, consent().pk, TODAY)
    client = signed_in(cast.leader)
    with time_machine.travel(TODAY, tick=True):
        for path, most in QUERIES.items():
            client.get(path)
            with CaptureQueriesContext(connection) as captured:
                answer = client.get(path)
            assert (answer.status_code, len(captured)) == (200, most)
    sources = {one.source.key: one.source for one in FIGURES}
    read = {}
    for key, source in sources.items():
        own = [one for one in FIGURES if one.source is source]
        nodes = plan_of(_grouped(source, own, Quarter.of(TODAY), Filters(), TODAY))
        scanned = {node.get("Relation Name") for node in nodes}
        read[key] = {table: looked_at(nodes, table) for table in TABLES if table in scanned}
    over = {
        (key, table)
        for key, tables in read.items()
        for table, count in tables.items()
        if count > MOST.get(table, USUALLY) + (2 * CASES if table in PASSED_OVER else 0)
    }
    assert not over, read
