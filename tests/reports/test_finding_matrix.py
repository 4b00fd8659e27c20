"""Groups of alike demands: every status, every kind, every verb, every role; and every refusal by its code. [5.3]"""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from cases.models import CommonDemand
from cases.services import open_common, settle_common, take_out_of_common
from core.errors import Refused
from departments.enums import Role
from reports import services
from reports.enums import FindingStatus, ProposalKind, ProposalStatus
from reports.models import CommonFinding, CommonProposal
from reports.moves import FINDING_MOVES, PROPOSAL_MOVES
from reports.services import common as verbs
from tests.conftest import CAST, Cast
from tests.matrix import FORBIDDEN, outcomes
from tests.reports.alike import (
    BOILERS,
    NOW,
    case_of,
    cases_of,
    common,
    crowd,
    dismiss,
    found,
    join,
    keys,
    name,
    take_up,
)
from tests.reports.alike import proposal_in as made

pytestmark = [pytest.mark.django_db, pytest.mark.clause("[5.3]")]
NEW, JOIN = ProposalKind.NEW, ProposalKind.JOIN
PROPOSED, NAMED, DISMISSED, GONE = ProposalStatus
VERBS: dict[str, Callable[[CommonProposal, Any], Any]] = {
    "name": name,
    "join": join,
    "dismiss": dismiss,
    "take_up": take_up,
}
WRONG = "wrong_status"
# Kind -> verb -> from -> the status afterwards, or the code of the refusal.
EXPECTED: dict[str, dict[str, dict[str, str]]] = {
    NEW: {
        "name": {PROPOSED: NAMED, NAMED: "already_done", DISMISSED: WRONG, GONE: WRONG},
        "join": {PROPOSED: "nothing_to_join", NAMED: "already_done", DISMISSED: WRONG, GONE: WRONG},
        "dismiss": {PROPOSED: DISMISSED, NAMED: WRONG, DISMISSED: "already_done", GONE: WRONG},
        "take_up": {PROPOSED: "already_done", NAMED: WRONG, DISMISSED: PROPOSED, GONE: WRONG},
    },
    JOIN: {
        "name": {PROPOSED: "to_be_joined", NAMED: "already_done", DISMISSED: WRONG, GONE: WRONG},
        "join": {PROPOSED: NAMED, NAMED: "already_done", DISMISSED: WRONG, GONE: WRONG},
        "dismiss": {PROPOSED: DISMISSED, NAMED: WRONG, DISMISSED: "already_done", GONE: WRONG},
        "take_up": {PROPOSED: "already_done", NAMED: WRONG, DISMISSED: PROPOSED, GONE: WRONG},
    },
}
MAY = {Role.BUREAU_STAFF, Role.BUREAU_SUPERVISOR}


@pytest.mark.parametrize("status", ProposalStatus)
@pytest.mark.parametrize("kind", ProposalKind)
def test_every_verb_in_a_status(kind: str, status: str, cast: Cast) -> None:
    row, actor = made(kind, status, cast), cast.bureau_supervisor
    tried = outcomes(row, {verb: lambda row, verb=verb: VERBS[verb](row, actor) for verb in VERBS})
    assert tried == {verb: EXPECTED[kind][verb][status] for verb in VERBS}


@pytest.mark.parametrize(("kind", "verb"), [(NEW, "name"), (JOIN, "join"), (NEW, "dismiss")])
def test_every_role_of_a_verb(kind: str, verb: str, cast: Cast) -> None:
    row = made(kind, PROPOSED, cast)
    tried = outcomes(row, {who: lambda row, who=who: VERBS[verb](row, cast[who]) for who in CAST})
    assert tried == {who: EXPECTED[kind][verb][PROPOSED] if CAST[who][0] in MAY else FORBIDDEN for who in CAST}


@pytest.mark.parametrize("kind", ProposalKind)
def test_every_role_of_taking_up_what_was_dismissed(kind: str, cast: Cast) -> None:
    row = made(kind, DISMISSED, cast)
    tried = outcomes(row, {who: lambda row, who=who: take_up(row, cast[who]) for who in CAST})
    assert tried == {who: PROPOSED if CAST[who][0] in MAY else FORBIDDEN for who in CAST}


@pytest.mark.parametrize("who", CAST)
def test_every_role_of_asking_to_look_again(who: str, cast: Cast) -> None:
    if CAST[who][0] in MAY:
        assert services.ask_finding(actor=cast[who], now=NOW).status == FindingStatus.QUEUED
    else:
        with pytest.raises(PermissionDenied):
            services.ask_finding(actor=cast[who], now=NOW)
        assert not CommonFinding.objects.exists()


def test_the_tables_know_every_status_and_every_role() -> None:
    for verbs_of_kind in EXPECTED.values():
        assert set(verbs_of_kind) == set(VERBS)
        assert all(set(row) == set(ProposalStatus) for row in verbs_of_kind.values())
    assert {status for move in PROPOSAL_MOVES for status in (*move.sources, move.target)} == set(ProposalStatus)
    assert {status for move in FINDING_MOVES for status in (*move.sources, move.target)} == set(FindingStatus)
    assert {role for role, _department in CAST.values()} == set(Role)


def no_question(row: CommonProposal, cast: Cast) -> Any:
    return name(row, cast.bureau_staff, note=" ")


def too_few(row: CommonProposal, cast: Cast) -> Any:
    return name(row, cast.bureau_staff, [])


def not_in_it(row: CommonProposal, cast: Cast) -> Any:
    return name(row, cast.bureau_staff, [*keys(row), case_of(80, BOILERS[0]).pk])


def no_reason(row: CommonProposal, cast: Cast) -> Any:
    return dismiss(row, cast.bureau_staff, " ")


def to_be_joined(_row: CommonProposal, cast: Cast) -> Any:
    name(_row, cast.bureau_staff)
    cases_of(BOILERS[3:], first=4)
    return name(found(), cast.bureau_staff)


def nothing_to_join(row: CommonProposal, cast: Cast) -> Any:
    return join(row, cast.bureau_staff)


def already_done(row: CommonProposal, cast: Cast) -> Any:
    dismiss(row, cast.bureau_staff)
    return dismiss(row, cast.bureau_supervisor)


def wrong_status(row: CommonProposal, cast: Cast) -> Any:
    dismiss(row, cast.bureau_staff)
    return name(row, cast.bureau_supervisor)


def already_asked(_row: CommonProposal, cast: Cast) -> Any:
    services.ask_finding(actor=cast.bureau_staff, now=NOW)
    return services.ask_finding(actor=cast.bureau_supervisor, now=NOW)


REFUSALS = [
    *(no_question, too_few, not_in_it, no_reason, to_be_joined, nothing_to_join, already_done, wrong_status),
    already_asked,
]


@pytest.mark.parametrize("provoke", REFUSALS, ids=lambda provoke: provoke.__name__)
def test_refusal(provoke: Callable[[CommonProposal, Cast], Any], cast: Cast) -> None:
    cases_of(BOILERS[:3])
    crowd()
    proposal = found()
    with pytest.raises(Refused) as refusal:
        provoke(proposal, cast)
    assert refusal.value.code == provoke.__name__


def test_every_refusal_that_a_verb_names_is_provoked() -> None:
    named = set()
    for verb in (verbs.name_proposal, verbs.join_proposal, verbs.dismiss_proposal, services.ask_finding):
        named |= set(re.findall(r"`([a-z]+_[a-z_]+)`", (verb.__doc__ or "").partition("Refuses")[2]))
    assert named - {"open_common", "add_to_common"} == {provoke.__name__ for provoke in REFUSALS}


def test_naming_keeps_the_rules_of_a_common_demand(cast: Cast) -> None:
    """What was listed by hand since the page was opened is refused whole, and the group waits as before."""
    cases = cases_of(BOILERS[:4])
    crowd()
    proposal = found()
    taken = [cases[0].pk, case_of(80, BOILERS[0]).pk]
    item = open_common(common=common("另一项"), case_ids=taken, actor=cast.bureau_staff, now=NOW)
    with pytest.raises(Refused, match="in_another"):
        name(proposal, cast.bureau_staff)
    with pytest.raises(Refused, match="one_enterprise"):
        name(proposal, cast.bureau_staff, [cases[1].pk])
    proposal.refresh_from_db()
    assert proposal.status == PROPOSED
    assert CommonDemand.objects.count() == 1
    take_out_of_common(item_id=item.pk, case_id=cases[0].pk, reason="有误", actor=cast.bureau_staff, now=NOW)
    assert name(proposal, cast.bureau_staff).entries.count() == 4


def test_joining_what_was_settled_meanwhile_is_refused(cast: Cast) -> None:
    row = made(JOIN, PROPOSED, cast)
    settle_common(item_id=row.akin_id or 0, settlement="已定", told="已定", actor=cast.bureau_staff, now=NOW)
    with pytest.raises(Refused, match="settled"):
        join(row, cast.bureau_staff)
