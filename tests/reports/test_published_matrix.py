"""Every verb of a quarter's results, in every status, by everybody. [5.4]"""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from reports.enums import ResultsStatus
from reports.models import PublishedResults
from reports.moves import RESULTS_MOVES
from tests.conftest import CAST, Cast
from tests.matrix import FORBIDDEN, outcomes
from tests.reports.results_steps import again, approve, bring_to, make, publish, send_back, withdraw

pytestmark = [pytest.mark.clause("[5.4]"), pytest.mark.django_db, pytest.mark.usefixtures("counted")]
MAKERS, CHIEFS = {"bureau_staff", "bureau_supervisor"}, {"bureau_supervisor"}
VERBS: dict[str, Callable[..., Any]] = {
    "approve_results": approve,
    "send_back_results": send_back,
    "publish_results": publish,
    "withdraw_results": withdraw,
    "again": again,
}
# What comes of it for who may: the status it ends in, or the refusal's code.
EXPECTED = {
    "approve_results": ("approved", "already_done", "wrong_status", "wrong_status"),
    "send_back_results": ("already_done", "draft", "wrong_status", "wrong_status"),
    "publish_results": ("wrong_status", "published", "already_done", "wrong_status"),
    "withdraw_results": ("withdrawn", "withdrawn", "withdrawn", "already_done"),
    "again": ("draft", "not_a_draft", "not_a_draft", "not_a_draft"),
}


def test_table_has_every_status_and_every_move() -> None:
    assert all(len(row) == len(ResultsStatus.values) for row in EXPECTED.values())
    assert {move.name for move in RESULTS_MOVES} == set(EXPECTED) - {"again"}


@pytest.mark.parametrize("status", ResultsStatus.values)
@pytest.mark.parametrize("verb", sorted(VERBS))
def test_verb_in_every_status_by_every_role(cast: Cast, verb: str, status: str) -> None:
    results = bring_to(status, cast)
    may = MAKERS if verb == "again" else CHIEFS

    def by(person: str) -> Callable[[PublishedResults], Any]:
        return lambda row: VERBS[verb](row, cast, by=person)

    expected = EXPECTED[verb][ResultsStatus.values.index(status)]
    found = outcomes(results, {person: by(person) for person in CAST})
    assert found == {person: expected if person in may else FORBIDDEN for person in CAST}


@pytest.mark.parametrize("person", CAST)
def test_make_is_the_bureaus_alone(cast: Cast, person: str) -> None:
    if person in MAKERS:
        assert make(cast, by=person).status == ResultsStatus.DRAFT
        return
    with pytest.raises(PermissionDenied):
        make(cast, by=person)
