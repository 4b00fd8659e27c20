"""Every verb of a typical case, in every status, by everybody. [5.3] [5.4]"""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from cases.models import Case
from core.errors import Refused
from reports.enums import TypicalStatus
from reports.models import TypicalCase
from reports.moves import TYPICAL_MOVES
from tests.conftest import CAST, Cast
from tests.reports.typical_start import booking, case, cast, closed, good, kept_start, own_start, sitting
from tests.reports.typical_steps import (
    approve,
    bring_to,
    check,
    choose,
    fresh,
    publish,
    save,
    send_back,
    withdraw,
)

__all__ = ["booking", "case", "cast", "closed", "good", "kept_start", "own_start", "sitting"]
SAME_START = True
pytestmark = [pytest.mark.clause("[5.3]", "[5.4]"), pytest.mark.django_db]
BUREAU = {"bureau_staff", "bureau_supervisor"}
INSPECTION = {"inspector", "inspection_approver"}
SUPERVISORS = {"bureau_supervisor"}
VERBS: dict[str, Callable[..., Any]] = {
    "check": check,
    "approve": approve,
    "publish": publish,
    "withdraw": withdraw,
    "send_back": send_back,
    "save": save,
}
MAY = {
    "check": INSPECTION,
    "approve": SUPERVISORS,
    "publish": SUPERVISORS,
    "withdraw": BUREAU | INSPECTION,
    "send_back": BUREAU | INSPECTION,
    "save": BUREAU,
}
WRONG = dict.fromkeys(TypicalStatus.values, "wrong_status")
# What comes of it for who may: the status it ends in, or the refusal's code.
EXPECTED = {
    "check": WRONG | {"draft": "checked", "checked": "already_done"},
    "approve": WRONG | {"checked": "approved", "approved": "already_done"},
    "publish": WRONG | {"approved": "published", "published": "already_done"},
    "withdraw": dict.fromkeys(TypicalStatus.values, "withdrawn") | {"withdrawn": "already_done"},
    "send_back": WRONG | dict.fromkeys(("draft", "checked", "approved"), "draft"),
    "save": dict.fromkeys(TypicalStatus.values, "not_a_draft") | {"draft": "draft"},
}


def test_table_has_every_status_and_every_move() -> None:
    assert all(set(by_status) == set(TypicalStatus.values) for by_status in EXPECTED.values())
    assert {move.name for move in TYPICAL_MOVES} == {f"{verb}_typical" for verb in EXPECTED if verb != "save"}


def outcome(verb: str, typical: TypicalCase, cast: Cast, person: str) -> str:
    """What came of it; nothing stays for who comes next."""
    with transaction.atomic():
        try:
            VERBS[verb](typical, cast, by=person)
        except PermissionDenied:
            return "denied"
        except Refused as refusal:
            return refusal.code
        finally:
            status = fresh(typical).status
            transaction.set_rollback(True)
    return status


@pytest.mark.parametrize("status", TypicalStatus.values)
def test_verbs_in_every_status_by_every_role(good: Case, cast: Cast, status: str) -> None:
    typical = bring_to(status, good, cast)
    found = {verb: {person: outcome(verb, typical, cast, person) for person in CAST} for verb in VERBS}
    assert found == {
        verb: {person: EXPECTED[verb][status] if person in MAY[verb] else "denied" for person in CAST}
        for verb in VERBS
    }


@pytest.mark.parametrize("person", CAST)
def test_choosing_is_the_bureaus(good: Case, cast: Cast, person: str) -> None:
    if person in BUREAU:
        assert choose(good, cast, by=person).status == "draft"
        return
    with pytest.raises(PermissionDenied):
        choose(good, cast, by=person)
