"""Two at the same moment about a quarter's results, on PostgreSQL, with the positive controls. [5.4]"""

from collections import Counter
from contextlib import suppress
from typing import Any

import pytest
from django.db import IntegrityError

from core import transitions
from core.errors import AlreadyDone, Refused
from reports import guards_published
from reports.enums import ResultsStatus
from reports.models import PublishedFigures, PublishedResults
from tests.appointments.test_races import at_once, outcome
from tests.conftest import Cast, make_person, unit_of_the_cast
from tests.reports.results_steps import approve, bring_to, make, publish, withdraw

pytestmark = [
    pytest.mark.race,
    pytest.mark.django_db(transaction=True),
    pytest.mark.clause("[5.4]"),
    pytest.mark.usefixtures("counted"),
]


@pytest.fixture
def cast(transactional_db: None, cast: Cast) -> Cast:
    cast["other"] = make_person("other", cast.bureau_supervisor.membership.role, unit_of_the_cast("市政务服务局"))
    return cast


def test_two_publishing_the_same_quarter_publish_once(cast: Cast) -> None:
    results = bring_to(ResultsStatus.APPROVED, cast)
    found = at_once(4, lambda place: publish(results, cast, by=("bureau_supervisor", "other")[place % 2]))
    assert Counter(map(outcome, found)) == {"given": 1, "already_done": 3}
    assert PublishedFigures.objects.count() == 1


def test_two_making_the_same_quarter_leave_one_standing(cast: Cast) -> None:
    counted = Counter(map(outcome, at_once(4, lambda _place: make(cast))))
    assert counted["given"] == 1
    assert set(counted) <= {"given", "already_made", "overtaken"}
    assert PublishedResults.objects.count() == 1


def test_publishing_and_withdrawing_at_once_end_withdrawn(cast: Cast) -> None:
    results = bring_to(ResultsStatus.APPROVED, cast)
    verbs = (publish, withdraw)
    found = Counter(map(outcome, at_once(2, lambda place: verbs[place](results, cast))))
    assert PublishedResults.objects.get().status == ResultsStatus.WITHDRAWN
    assert found["given"] >= 1
    assert set(found) <= {"given", "wrong_status"}


class TestControls:
    """What happens when the look, the lock or the constraint is taken away."""

    def test_without_the_look_the_constraint_holds_and_says_so(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(guards_published, "check_none_stands", lambda period: None)
        counted = Counter(map(outcome, at_once(4, lambda _place: make(cast))))
        assert counted == {"given": 1, "overtaken": 3}

    def test_without_the_lock_the_figures_are_still_published_once(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        results = bring_to(ResultsStatus.APPROVED, cast)
        monkeypatch.setattr(transitions, "lock", lambda model, pk: model._default_manager.get(pk=pk))

        def press(_place: int) -> Any:
            with suppress(AlreadyDone, Refused, IntegrityError):
                return publish(results, cast)

        at_once(4, press)
        assert PublishedFigures.objects.count() == 1

    def test_past_the_verbs_a_second_standing_version_is_refused(self, cast: Cast) -> None:
        first = approve(make(cast), cast)
        with pytest.raises(IntegrityError, match="one_standing_results_of_a_quarter"):
            PublishedResults.objects.create(
                year=first.year,
                quarter=first.quarter,
                version=2,
                status="draft",
                made_by=cast.bureau_staff,
            )
