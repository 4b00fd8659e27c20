"""Two at the same moment about a typical case, on PostgreSQL, with the positive controls. [5.4]"""

import time
from collections import Counter

import pytest
from django.db import transaction

from cases.models import Case
from core import search
from departments.enums import Role
from reports.models import TypicalCase
from reports.services import typical as verbs
from tests.appointments.test_races import at_once, outcome
from tests.cases.conftest import booking, case, kept_start, own_start, sitting
from tests.conftest import Cast, make_person, unit_of_the_cast
from tests.evaluations.followup_steps import follow
from tests.reports.typical_steps import (
    approve,
    bring_to,
    check,
    choose,
    fresh,
    over,
    publish,
    save,
    solved,
    withdraw,
)
from tests.reports.without_lock import take_lock_away

__all__ = ["booking", "case", "kept_start", "own_start", "sitting"]
pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True), pytest.mark.clause("[5.4]")]


@pytest.fixture
def cast(transactional_db: None, cast: Cast) -> Cast:
    cast["other"] = make_person("other", Role.BUREAU_SUPERVISOR, unit_of_the_cast("市政务服务局"))
    return cast


@pytest.fixture
def good(case: Case, cast: Cast) -> Case:
    return solved(case, cast)


def test_two_choosing_make_one(good: Case, cast: Cast) -> None:
    results = at_once(4, lambda _place: choose(good, cast))
    assert Counter(map(outcome, results)) == {"given": 1, "already_chosen": 3}
    assert TypicalCase.objects.count() == 1


def test_two_approving_approve_once(good: Case, cast: Cast) -> None:
    typical = bring_to("checked", good, cast)
    results = at_once(2, lambda place: approve(typical, cast, by=("bureau_supervisor", "other")[place]))
    assert Counter(map(outcome, results)) == {"given": 1, "already_done": 1}


def test_publish_beside_withdraw_is_never_found_afterwards(good: Case, cast: Cast) -> None:
    """Whichever comes first: in the end it is withdrawn, and neither listed nor searched."""
    typical = bring_to("approved", good, cast)
    results = at_once(2, lambda place: (publish, withdraw)[place](typical, cast))
    assert outcome(results[1]) == "given"
    assert outcome(results[0]) in ("given", "wrong_status")
    assert fresh(typical).status == "withdrawn"
    assert list(search.find("一次告知", ["typical"])) == []


def test_saving_beside_checking_is_one_or_the_other(good: Case, cast: Cast) -> None:
    """What is checked is what was read."""
    typical = bring_to("draft", good, cast)
    revision = fresh(typical).revision
    results = at_once(
        2,
        lambda place: (
            save(typical, cast, outcome="改过。", revision=revision)
            if place
            else check(typical, cast, revision=revision)
        ),
    )
    assert {outcome(results[0]), outcome(results[1])} in ({"given", "not_a_draft"}, {"changed_meanwhile", "given"})


def test_publish_waits_for_what_just_happens_to_the_case(good: Case, cast: Cast) -> None:
    typical = bring_to("approved", good, cast)

    def look_into_it() -> None:
        with transaction.atomic():
            follow(good, "inspector", cast.inspector, now=over())
            time.sleep(1)

    def publish_meanwhile() -> None:
        time.sleep(0.3)
        publish(typical, cast)

    results = at_once(2, lambda place: (look_into_it, publish_meanwhile)[place]())
    assert list(map(outcome, results)) == ["given", "looked_into"]


class TestPositiveControls:
    """Without the lock the constraints are the last line, and a write over another is lost."""

    def test_the_constraint_lets_one_choice_stand_and_says_a_sentence(
        self, good: Case, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        take_lock_away(monkeypatch, verbs, Case)
        results = at_once(2, lambda _place: choose(good, cast))
        assert Counter(map(outcome, results)) == {"given": 1, "overtaken": 1}

    def test_a_withdrawal_is_caught_by_the_constraint_or_leaves_what_is_searched(
        self, good: Case, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        typical = bring_to("approved", good, cast)
        take_lock_away(monkeypatch, verbs, TypicalCase)
        results = at_once(2, lambda place: (publish, withdraw)[place](typical, cast))
        caught = outcome(results[0]) == "overtaken"
        assert caught or list(search.find("一次告知", ["typical"])) == [typical.pk]
