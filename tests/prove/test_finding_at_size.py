"""Common demands among 50,000 cases of a year, on PostgreSQL: few reads, bounded comparisons, pages of the same cost.

The time is printed and not judged: it says more about the machine. [5.3]
"""

import csv
import resource
import time
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reports.common_finding import candidates, demands_of, first_day
from reports.models import CommonProposal, CommonProposalCase
from reports.selectors_common import TICKED_AT_MOST
from reports.services.finding import find_common
from tests.cases.conftest import DAY
from tests.cases.pages import signed_in
from tests.conftest import Cast
from tests.prove.many_cases import fill_cases
from tests.reports.alike import NOW
from tests.reports.test_finding_console import LIST_QUERIES, PAGE_QUERIES, queries_of
from tests.reports.test_likeness import SAMPLE

pytestmark = [pytest.mark.prove, pytest.mark.race, pytest.mark.django_db, pytest.mark.clause("[5.3]")]
CASES = 50_000
# Written in the words of the sample, mixed anew; one in four says only what it requests.
WORDS = """
UPDATE appointments_booking SET
  title = CASE WHEN id %% 4 = 0 THEN '事项' || substr(md5(id::text), 1, 12)
    ELSE (%(titles)s::text[])[1 + id %% %(count)s] END,
  facts = CASE WHEN id %% 4 = 0 THEN md5((id * 7)::text)
    ELSE (%(facts)s::text[])[1 + id %% %(count)s] || (%(requests)s::text[])[1 + (id * 31) %% %(count)s] END,
  request = (%(requests)s::text[])[1 + (id * 7) %% %(count)s]
"""
SPREAD = "UPDATE cases_case SET start = %(day)s::date - (id %% 300)::int"


@pytest.fixture
def year(cast: Cast) -> None:
    fill_cases(cast.bureau_staff.pk, count=CASES, handling=500)
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, strict=True))
    values: dict[str, Any] = {f"{name}s": [row[name] for row in rows] for name in ("title", "request")}
    values |= {"facts": [row["facts"] for row in rows], "count": len(rows), "day": DAY}
    with connection.cursor() as cursor:
        cursor.execute(WORDS, values)
        cursor.execute(SPREAD, values)
        cursor.execute("ANALYZE")


def test_common_demands_among_fifty_thousand_cases(year: None, cast: Cast) -> None:
    """One filling for all, because that is what costs."""
    reads_the_cases_in_four_queries()
    writes_as_often_as_there_are_groups()
    looks_again_for_little()
    pages_cost_what_they_cost_with_one(cast)


def reads_the_cases_in_four_queries() -> None:
    began = time.perf_counter()
    with CaptureQueriesContext(connection) as asked:
        demands = demands_of(first_day(DAY), DAY)
        found = candidates(demands, first_day(DAY), DAY)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{len(demands)} cases, {len(found)} groups, {time.perf_counter() - began:.1f} s, {memory} MB at most")
    # Settings are read again every few seconds; of a server-side cursor the portions are no queries of their own.
    assert len([row for row in asked.captured_queries if "core_setting" not in row["sql"]]) == 4
    assert len(demands) == CASES
    cases = [case for one in found for case in one.cases]
    assert len(cases) == len(set(cases)), "a case stands in one group"


def writes_as_often_as_there_are_groups() -> None:
    with CaptureQueriesContext(connection) as asked:
        read, proposed = find_common(NOW)
    assert read == CASES
    assert CommonProposal.objects.count() == proposed > 20
    entries = CommonProposalCase.objects.count()
    print(f"{proposed} proposals of {entries} cases, {len(asked)} queries")
    assert entries > CASES / 4
    # The reads; then for each group a row, its history, its audit entry, a savepoint, and its cases by thousands.
    assert len(asked) < 8 + 8 * proposed + entries / 500


def looks_again_for_little() -> None:
    """Nothing came, so nothing is written: for each group it is locked and compared."""
    proposed = CommonProposal.objects.count()
    with CaptureQueriesContext(connection) as asked:
        find_common(NOW)
    assert CommonProposal.objects.count() == proposed
    assert not [row for row in asked.captured_queries if row["sql"].startswith("UPDATE")]
    assert len(asked) <= 8 + 6 * proposed


def pages_cost_what_they_cost_with_one(cast: Cast) -> None:
    """As at one group of six cases."""
    client = signed_in(cast.bureau_staff)
    largest = CommonProposal.objects.order_by("-case_count")[0]
    assert largest.case_count > TICKED_AT_MOST
    for address, most in (("", LIST_QUERIES), (f"{largest.pk}/change/", PAGE_QUERIES)):
        path = f"/console/reports/commonproposal/{address}"
        assert queries_of(client, path) == most
