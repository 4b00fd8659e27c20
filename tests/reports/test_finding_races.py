"""Two people decide on one group at once, and two jobs look at once: on PostgreSQL. [5.3]"""

import threading
from collections import Counter
from typing import Any

import pytest

from cases.models import CommonDemand, CommonDemandCase
from notifications.models import Message
from reports import services
from reports.enums import FindingStatus, ProposalStatus
from reports.models import CommonFinding, CommonProposal
from reports.services import common as verbs
from reports.services.finding import find_common
from tests.appointments.test_races import at_once, outcome
from tests.conftest import Cast
from tests.reports.alike import BOILERS, NOW, case_of, cases_of, common, crowd, dismiss, found, keys, name, settle

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True), pytest.mark.clause("[5.3]")]


@pytest.fixture
def proposal(cast: Cast) -> CommonProposal:
    cases_of(BOILERS[:4])
    crowd()
    return found()


def test_two_naming_the_same_group_make_one_common_demand(proposal: CommonProposal, cast: Cast) -> None:
    people = (cast.bureau_staff, cast.bureau_supervisor)
    results = at_once(8, lambda place: name(proposal, people[place % 2]))
    assert Counter(map(outcome, results)) == {"given": 1, "already_done": 7}
    item = CommonDemand.objects.get()
    assert item.entries.count() == 4
    proposal.refresh_from_db()
    assert (proposal.status, proposal.item) == (ProposalStatus.NAMED, item)


def test_two_naming_two_halves_of_it_make_one_common_demand(proposal: CommonProposal, cast: Cast) -> None:
    """Their cases do not meet, so that only the group itself parts them."""
    halves = keys(proposal)[:2], keys(proposal)[2:]
    results = at_once(2, lambda place: name(proposal, cast.bureau_staff, halves[place]))
    assert Counter(map(outcome, results)) == {"given": 1, "already_done": 1}
    assert CommonDemandCase.objects.count() == 2


def test_naming_beside_dismissing_is_one_of_both(proposal: CommonProposal, cast: Cast) -> None:
    verb = (name, dismiss)
    results = at_once(2, lambda place: verb[place](proposal, cast.bureau_staff))
    assert Counter(map(outcome, results)) == {"given": 1, "wrong_status": 1}
    assert CommonDemand.objects.count() == (1 if outcome(results[0]) == "given" else 0)


def test_naming_beside_a_new_look_keeps_what_was_named(proposal: CommonProposal, cast: Cast) -> None:
    """The look leaves alone what a person decided on meanwhile, or the person is told to look again."""
    case_of(5, BOILERS[4])
    chosen = keys(proposal)
    results = at_once(
        2, lambda place: name(proposal, cast.bureau_staff, chosen) if place else find_common(NOW), threads=2
    )
    assert outcome(results[1]) in ("given", "not_in_it")
    assert outcome(results[0]) == "given"
    if outcome(results[1]) == "given":
        assert CommonDemand.objects.get().entries.count() == 4


def test_many_jobs_at_once_look_once(cast: Cast) -> None:
    cases_of(BOILERS[:4])
    crowd()
    assert sum(at_once(6, lambda _place: services.run_findings(NOW))) == 1
    assert CommonFinding.objects.get().status == FindingStatus.DONE
    assert CommonProposal.objects.count() == 1


def test_settled_by_two_at_once_each_enterprise_is_told_once(proposal: CommonProposal, cast: Cast) -> None:
    item = name(proposal, cast.bureau_staff)
    results = at_once(6, lambda _place: settle(item, cast.bureau_staff))
    assert Counter(map(outcome, results)) == {"given": 1, "already_done": 5}
    assert Message.objects.filter(kind="common_solved").count() == 4


def test_without_the_lock_two_halves_would_become_two(
    proposal: CommonProposal, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Positive control: read instead of locked, both see it undecided, and one group is named twice."""
    barrier = threading.Barrier(2, timeout=5)

    class Careless:
        def __init__(self, _model: Any, pk: int, *_args: Any, **_options: Any) -> None:
            self.row = CommonProposal.objects.get(pk=pk)

        def __enter__(self) -> CommonProposal:
            barrier.wait()
            return self.row

        def __exit__(self, *_error: Any) -> None:
            return None

    monkeypatch.setattr(verbs, "moving", Careless)
    monkeypatch.setattr(verbs, "lock", lambda model, pk: model.objects.get(pk=pk))
    halves = keys(proposal)[:2], keys(proposal)[2:]
    results = at_once(2, lambda place: name(proposal, cast.bureau_staff, halves[place], title=common().title))
    assert Counter(map(outcome, results)) == {"given": 2}
    assert CommonDemand.objects.count() == 2
