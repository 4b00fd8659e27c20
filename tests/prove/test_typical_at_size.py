"""A library of 20,000 typical cases costs what a small one does, and the look for names little more. [5.4]"""

from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from appointments.models import Choice
from core import search
from reports.models import TypicalCase
from reports.selectors_typical import Wanted, facets, findings_in, library, listed
from sessions_app.models import Sitting
from tests.appointments.conftest import DAY, NOW
from tests.conftest import Cast
from tests.factories import department, make_sitting
from tests.prove.test_plans import ENTERPRISES, plan_of, rows_read
from tests.prove.test_search_at_size import BOOKINGS, ROWS

pytestmark = [pytest.mark.prove, pytest.mark.race, pytest.mark.clause("[5.4]")]
LIBRARY_ROWS, RARE, UNITS = 20_000, 30, 8
TABLE = "reports_typicalcase"
# Past the verbs; the texts are as long as people write them. A key of seven digits would be taken for a telephone.
TYPICAL = """
INSERT INTO reports_typicalcase (case_id, status, title, area_id, department_id, year, quarter, situation, handling,
  outcome, lessons, keywords, revision, written_at, written_by_id, returned_reason, checked_at, checked_by_id, judged,
  approved_at, approved_by_id, published_at, published_by_id, withdrawn_reason)
SELECT c.id, 'published', '做法' || c.id %% 1000,
  (%(areas)s::int[])[1 + c.id %% %(of)s], (%(units)s::int[])[1 + c.id %% 8],
  2026, 3, repeat('材料多次往返', 30), repeat('部门当面核对', 30), repeat('限时办结', 30), repeat('一张清单', 30),
  '清单', 1, %(now)s, %(writer)s, '', %(now)s, %(checker)s, '', %(now)s, %(approver)s,
  %(now)s::timestamptz - c.id * interval '1 hour', %(approver)s, ''
FROM cases_case c
"""
SAID = """
INSERT INTO core_searchtext (part, key, text)
SELECT 'typical', t.id, '企业材料一张清单' || chr(19968 + (t.id %% 20000)::int) ||
  CASE WHEN row_number() OVER (ORDER BY md5(t.id::text)) <= %(rare)s THEN '用电增容' ELSE '' END
FROM reports_typicalcase t
"""
PAIRS = """
INSERT INTO core_searchgram (part, gram, key)
SELECT DISTINCT part, substr(text, n, 2), key FROM core_searchtext, generate_series(1, 12) n
WHERE length(substr(text, n, 2)) = 2
"""


@pytest.fixture
def shelves(db: None, cast: Cast) -> Sitting:
    sitting = make_sitting(DAY, published=True)
    units = [department(f"第{place}单位").pk for place in range(UNITS)]
    areas = list(Choice.objects.filter(kind="area").values_list("pk", flat=True))
    values: dict[str, Any] = {"sitting": sitting.pk, "now": NOW, "day": DAY, "areas": areas, "of": len(areas)}
    values |= {"units": units, "writer": cast.bureau_staff.pk, "checker": cast.inspector.pk}
    values |= {"approver": cast.bureau_supervisor.pk, "rare": RARE}
    with connection.cursor() as cursor:
        cursor.execute(ENTERPRISES, [LIBRARY_ROWS])
        for statement in (BOOKINGS, ROWS, TYPICAL, SAID):
            cursor.execute(statement, values)
        cursor.execute(PAIRS)
        cursor.execute("ANALYZE")
    return sitting


def test_library_of_20_000_reads_what_it_shows(shelves: Sitting, client: Client) -> None:
    """One fixture for all: it is what costs."""
    assert TypicalCase.objects.published().count() == LIBRARY_ROWS
    a_page_reads_its_ten_rows()
    a_rare_word_reads_few_rows()
    filters_are_counted_in_one_query_each()
    pages_ask_as_much_as_those_of_a_small_library(client)
    names_of_all_enterprises_are_looked_for_in_one_query()


def a_page_reads_its_ten_rows() -> None:
    area, unit = Choice.objects.filter(kind="area").first(), department("第1单位")
    for wanted in (Wanted(), Wanted(area=area.pk), Wanted(department=unit.pk)):
        nodes = plan_of(listed(library(""), wanted)[:10])
        assert "Sort" not in {node["Node Type"] for node in nodes}, wanted
        assert rows_read(nodes, TABLE) <= 10, wanted


def a_rare_word_reads_few_rows() -> None:
    nodes = plan_of(listed(library("用电增容"), Wanted())[:10])
    assert rows_read(nodes, TABLE) <= 2 * RARE
    assert len(set(search.find("用电增容", ["typical"]))) == RARE


def filters_are_counted_in_one_query_each() -> None:
    for name in ("area", "department"):
        with CaptureQueriesContext(connection) as queries:
            found = facets(library(""), Wanted(), name)
        assert len(queries) == 1
        assert sum(facet.count for facet in found) == LIBRARY_ROWS


def pages_ask_as_much_as_those_of_a_small_library(client: Client) -> None:
    area = Choice.objects.filter(kind="area").first().pk
    addresses = {"": 4, "?page=1500": 4, "?q=用电增容": 6, "?q=一张清单": 5, f"?area={area}&q=材料": 5}
    cache.clear()
    client.get("/feedback/")
    for address, most in addresses.items():
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(reverse("portal:typical_cases") + address)
        assert answer.status_code == 200
        assert len(queries) <= most, address


def names_of_all_enterprises_are_looked_for_in_one_query() -> None:
    typical = TypicalCase.objects.select_related("case__booking__enterprise").first()
    with CaptureQueriesContext(connection) as queries:
        assert findings_in(typical) == []
    assert len(queries) == 3, "contacts, consultations, other enterprises"
