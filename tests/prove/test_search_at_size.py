"""What search costs follows what is found: the plans among 200,000 cases, on PostgreSQL. [3.7]"""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.enums import SEARCH_PART, CaseStatus
from cases.models import Case
from core import search
from core.models import SearchGram
from sessions_app.models import Sitting
from tests.appointments.conftest import DAY, NOW
from tests.factories import make_sitting
from tests.prove.test_plans import ENTERPRISES, plan_of, rows_read

pytestmark = [pytest.mark.prove, pytest.mark.race, pytest.mark.clause("[3.7]")]
CASES, RARE = 200_000, 40
PARTS = (SEARCH_PART, "demand", "company")
GRAMS, TEXTS = "core_searchgram", "core_searchtext"

# Past the verbs, and past the day: a booking that holds no number needs none.
BOOKINGS = """
INSERT INTO appointments_booking (sitting_id, enterprise_id, reference, status, origin, link_seed, ticket_digest,
  checkin_digest, submission_digest, queued_at, enterprise_kind, company_name, credit_code, mobile, email,
  representative_name, representative_role, channels, demand_kind, title, facts, request, elsewhere,
  elsewhere_reference, explanation, told_place, solution)
SELECT %(sitting)s, e.id, 'R' || e.id, 'cancelled', 'web', gen_random_uuid(), md5('t' || e.id), md5('c' || e.id),
  md5('s' || e.id), %(now)s, 'operating', '企业', '', '13800000000', '', '', '', '[]', '', '诉求', '', '', '', '', '',
  '', ''
FROM appointments_enterprise e
"""
# Nine of ten are closed, as in a system that has run for years.
ROWS = """
INSERT INTO cases_case (booking_id, status, outcome, round, is_joint, start, points, legal_basis, result, answer,
  opened_at, closed_at)
SELECT b.id, CASE WHEN b.id %% 10 = 0 THEN 'handling' ELSE 'closed' END, 'handed_over', 1, false, %(day)s, '', '',
  CASE WHEN b.id %% 10 = 0 THEN '' ELSE 'solved' END, CASE WHEN b.id %% 10 = 0 THEN '' ELSE 'x' END,
  %(now)s::timestamptz - b.id * interval '1 minute',
  CASE WHEN b.id %% 10 != 0 THEN %(now)s::timestamptz END
FROM appointments_booking b
"""
# Every demand speaks of an enterprise and a tax refund; 40 of power, of which 20 of more power, and 20 of a grid too.
SAID = """
INSERT INTO core_searchtext (part, key, text)
SELECT 'case', b.id, '企业退税' || chr(19968 + (b.id %% 20000)::int) || chr(20000 + (b.id * 7919 %% 20000)::int) ||
  CASE WHEN place > %(rare)s THEN '进度' || b.id
  WHEN place > %(rare)s / 2 THEN '，用电，电网' ELSE '，退税用电增容' END
FROM (SELECT id, row_number() OVER (ORDER BY md5(id::text)) AS place FROM appointments_booking) b
"""
# The pairs as core.search makes them of these texts.
PAIRS = """
INSERT INTO core_searchgram (part, gram, key)
SELECT DISTINCT part, substr(run, n, 2), key FROM core_searchtext, regexp_split_to_table(text, '，') run,
  generate_series(1, 12) n
WHERE length(substr(run, n, 2)) = 2
"""


@pytest.fixture
def crowded(db: None) -> Sitting:
    sitting = make_sitting(DAY, published=True)
    values = {"sitting": sitting.pk, "now": NOW, "day": DAY, "rare": RARE}
    with connection.cursor() as cursor:
        cursor.execute(ENTERPRISES, [CASES])
        for statement in (BOOKINGS, ROWS, SAID, PAIRS):
            cursor.execute(statement, values)
        cursor.execute("ANALYZE")
    return sitting


def listed(query: str, **columns: Any) -> Any:
    """A page of the list, as the console asks for it."""
    return Case.objects.filter(booking__in=search.find(query, PARTS), **columns).order_by("-opened_at", "-pk")


def read(nodes: list[dict[str, Any]], *tables: str) -> int:
    return sum(rows_read(nodes, table) for table in tables)


def test_search_among_200_000_cases_reads_what_is_found(crowded: Sitting) -> None:
    """One fixture for all: it is what costs."""
    assert Case.objects.count() == CASES
    assert SearchGram.objects.count() > 7 * CASES
    two_characters_read_one_list()
    a_longer_word_starts_from_its_rarest_pair()
    two_words_start_from_the_rarer()
    nothing_found_reads_nothing()
    a_word_of_every_case_is_paged()
    costs_a_literal_number_of_queries()
    what_is_counted_stops_early()


def plans_of(query: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """How the keys are found, and how their page is listed."""
    keys, _at_most = search.rows_of(query, PARTS)
    nodes = plan_of(keys), plan_of(listed(query)[:50])
    assert all(node["Node Type"] != "Seq Scan" for plan in nodes for node in plan)
    return nodes


def two_characters_read_one_list() -> None:
    keys, page = plans_of("用电")
    assert listed("用电").count() == RARE
    assert rows_read(keys, GRAMS) == rows_read(page, "cases_case") == RARE


def a_longer_word_starts_from_its_rarest_pair() -> None:
    """企业 and 退税 stand everywhere, 增容 in 20."""
    keys, page = plans_of("退税用电增容")
    assert listed("退税用电增容").count() == rows_read(page, "cases_case") == RARE / 2
    assert rows_read(keys, GRAMS) <= 3 * RARE / 2
    assert rows_read(keys, TEXTS) <= RARE / 2


def two_words_start_from_the_rarer() -> None:
    keys, page = plans_of("企业 增容")
    assert rows_read(page, "cases_case") == RARE / 2
    assert rows_read(keys, GRAMS) <= 2 * RARE


def nothing_found_reads_nothing() -> None:
    keys = search.find("土地证", PARTS)
    assert keys == set()


def a_word_of_every_case_is_paged() -> None:
    """The first page of 20,000 that are being handled, of a word that stands in all 200,000."""
    query = listed("企业", status=CaseStatus.HANDLING)
    assert len(query[:50]) == 50
    assert query.count() == CASES / 10


def costs_a_literal_number_of_queries() -> None:
    for query in ("用电增容", "企业 用电增容"):
        with CaptureQueriesContext(connection) as asked:
            assert len(listed(query)[:50]) == RARE / 2
        assert len(asked) == 3


def what_is_counted_stops_early() -> None:
    with CaptureQueriesContext(connection) as asked:
        counts = search._counts({"企业", "退税", "用电"}, PARTS)
    assert counts == {"企业": search.COUNTED_AT_MOST, "退税": search.COUNTED_AT_MOST, "用电": RARE}
    assert len(asked) == 1
