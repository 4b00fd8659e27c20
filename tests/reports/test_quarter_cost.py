"""What the quarter's page and its lists cost, however much there is. [3.10]"""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.conftest import Cast
from tests.reports.random_quarters import fill
from tests.reports.test_figures import TODAY
from tests.reports.test_quarter_page import LIST, PAGE, on_that_day, signed_in

__all__ = ["on_that_day"]
pytestmark = [pytest.mark.clause("[3.10]"), pytest.mark.django_db]
# Who looks, and the figures: nothing of it grows with what there is.
PAGE_QUERIES, LIST_QUERIES = 14, 3


@pytest.mark.parametrize("sittings", [4, 12])
@pytest.mark.parametrize(("path", "most"), [(PAGE, PAGE_QUERIES), (f"{LIST}?figure=received", LIST_QUERIES)])
def test_pages_cost_the_same_however_much_there_is(cast: Cast, path: str, most: int, sittings: int) -> None:
    fill(1, today=TODAY, by=cast.bureau_staff, sittings=sittings)
    client = signed_in(cast, "bureau_staff")
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        client.get(path)
    assert len(captured) == most
