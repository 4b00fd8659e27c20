"""A case that is handled again is handled like any other: every status, verb and role in its second round. [3.9]"""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from appointments.models import Booking
from cases.enums import AssignmentStatus, CaseStatus
from cases.models import Case
from tests.cases.conftest import handle_again
from tests.cases.test_matrix import (
    ALL_VERBS,
    CASES,
    LEAD,
    MAY,
    OF_CASE,
    OF_PART,
    PARTS,
    all_tried,
    case_in,
    column,
    part_in,
    ready_for,
    snapshot,
)
from tests.conftest import CAST, Cast

pytestmark = [pytest.mark.clause("[3.9]"), pytest.mark.django_db]
SAME_START = True
# A case is handed over once.
AGAIN = {verb: people for verb, people in MAY.items() if verb not in ("hand_over", "close_at_once")}


@pytest.mark.parametrize("status", CaseStatus)
def test_every_verb_in_a_status_of_a_reopened_case(status: CaseStatus, case: Case, cast: Cast) -> None:
    row = case_in(status, handle_again(case, cast), cast)
    assert row.round == 2
    assert all_tried(OF_CASE, row, lambda verb: cast.bureau_supervisor) == column(CASES, status)


@pytest.mark.parametrize("status", AssignmentStatus)
def test_every_verb_in_a_status_of_a_part_of_a_reopened_case(
    status: AssignmentStatus, joint: Case, cast: Cast
) -> None:
    row, checks = part_in(status, handle_again(joint, cast), cast), ("accept_feedback", "return_feedback")
    assert row.round == 2
    tried = all_tried(OF_PART, row, lambda verb: cast.bureau_staff if verb in checks else cast.department_staff)
    assert tried == column(PARTS, status)


@pytest.mark.parametrize("verb", AGAIN)
def test_every_other_role_is_refused_in_a_reopened_case(verb: str, booking: Booking, cast: Cast) -> None:
    row: Any = ready_for(verb, booking, cast, LEAD, again=True)
    before = snapshot()
    for person in sorted(CAST.keys() - AGAIN[verb]):
        with pytest.raises(PermissionDenied):
            ALL_VERBS[verb](row, cast[person])
        assert snapshot() == before, person


@pytest.mark.parametrize(("verb", "person"), [(verb, person) for verb in AGAIN for person in sorted(AGAIN[verb])])
def test_whoever_may_does_it_in_a_reopened_case(verb: str, person: str, booking: Booking, cast: Cast) -> None:
    row = ready_for(verb, booking, cast, LEAD, again=True)
    before = snapshot()
    ALL_VERBS[verb](row, cast[person])
    assert snapshot() != before
