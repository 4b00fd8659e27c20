"""The quarter's page costs what five quarters hold, among half a million cases: a handful of queries. [3.10]"""

from datetime import date

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
from tests.prove.test_plans import plan_of, rows_read

pytestmark = [pytest.mark.prove, pytest.mark.race, pytest.mark.clause("[3.10]"), pytest.mark.django_db]
TODAY = date(2026, 11, 20)
PAGE, LIST = "/console/reports/quarter/", "/console/reports/quarter/list/?figure=solved"
# As at four and twelve sittings (tests/reports/test_quarter_page.py).
QUERIES = {PAGE: 16, LIST: 5}
# By its own day a source reads five quarters of eighty; what it joins is passed over twice at most, never row by row.
MOST = dict.fromkeys(("cases_closing", "evaluations_invitation", "evaluations_followup"), CASES // 10)
MOST["deadlines_obligation"] = 2 * CASES // 10
TWICE = 2 * CASES + CASES // 10
TABLES = (
    *("appointments_booking", "appointments_verification", "cases_case", "cases_assignment", "cases_closing"),
    *("deadlines_obligation", "evaluations_invitation", "evaluations_rating", "evaluations_followup"),
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
        read[key] = {table: rows_read(nodes, table) for table in TABLES if table in scanned}
    over = {
        (key, table)
        for key, tables in read.items()
        for table, count in tables.items()
        if count > MOST.get(table, TWICE)
    }
    assert not over, read
