"""Links, mergers and common demands: every status, every verb, every role. What is missing in the tables fails."""

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from cases import services
from cases.enums import CommonStatus, TieStatus
from cases.models import Case, CaseLink, CommonDemand, Merger
from cases.moves import COMMON_MOVES, LINK_MOVES, MERGER_MOVES
from departments.enums import Role
from tests.appointments.conftest import OPENS, accept, confirm, take
from tests.cases.conftest import DAY, LEAD, SEEN, hand_over
from tests.conftest import CAST, Cast
from tests.factories import department, make_sitting
from tests.matrix import FORBIDDEN, outcomes
from tests.starts import same_start, whole_cast

pytestmark = [pytest.mark.django_db, pytest.mark.clause("[3.7]"), pytest.mark.clause("[5.3]")]


class Start(NamedTuple):
    cast: Cast
    cases: list[Case]


def make_start() -> Start:
    """Three of different enterprises."""
    cast, sitting = whole_cast(), make_sitting(DAY, published=True, opens_at=OPENS)
    bookings = [accept(confirm(take(sitting, serial)), cast.bureau_staff) for serial in (1, 2, 3)]
    return Start(cast, [hand_over(booking, cast.department_head) for booking in bookings])


SAME_START = True
kept_start = same_start(make_start)


@pytest.fixture
def cases(own_start: Start) -> list[Case]:
    return own_start.cases


def tied(kind: type, status: str, cases: list[Case], actor: Any) -> Any:
    """A row of that kind that came to its status through the verbs."""
    first, second, _third = cases
    row = MAKE[kind](first, second, actor)
    end = {CaseLink: "undo_link", Merger: "undo_merger", CommonDemand: "settle"}[kind]
    if status in (TieStatus.UNDONE, CommonStatus.SETTLED):
        VERBS[end](row, cases, actor)
    row.refresh_from_db()
    assert row.status == status
    return row


def common(title: str = "退税周期长") -> services.Common:
    return services.Common(title, (department(LEAD).pk,))


MAKE: dict[type, Callable[[Case, Case, Any], Any]] = {
    CaseLink: lambda first, second, actor: services.link_cases(
        case_id=first.pk, other_ids=[second.pk], reason="同一项目", actor=actor, now=SEEN
    )[0],
    Merger: lambda first, second, actor: services.merge_cases(
        main_id=first.pk, case_ids=[second.pk], reason="同一问题", actor=actor, now=SEEN
    ),
    CommonDemand: lambda first, second, actor: services.open_common(
        common=common(), case_ids=[first.pk, second.pk], actor=actor, now=SEEN
    ),
}
VERBS: dict[str, Callable[[Any, list[Case], Any], Any]] = {
    "link_again": lambda row, cases, actor: MAKE[CaseLink](cases[0], cases[1], actor),
    "undo_link": lambda row, cases, actor: services.undo_link(link_id=row.pk, reason="不同", actor=actor, now=SEEN),
    "merge_again": lambda row, cases, actor: MAKE[Merger](cases[2], cases[1], actor),
    "join": lambda row, cases, actor: MAKE[Merger](cases[0], cases[2], actor),
    "undo_merger": lambda row, cases, actor: services.undo_merger(
        merger_id=row.pk, reason="不同", actor=actor, now=SEEN
    ),
    "change": lambda row, cases, actor: services.change_common(
        item_id=row.pk, common=common("退税"), actor=actor, now=SEEN
    ),
    "add": lambda row, cases, actor: services.add_to_common(
        item_id=row.pk, case_ids=[cases[2].pk], actor=actor, now=SEEN
    ),
    "take_out": lambda row, cases, actor: services.take_out_of_common(
        item_id=row.pk, case_id=cases[0].pk, reason="不同", actor=actor, now=SEEN
    ),
    "settle": lambda row, cases, actor: services.settle_common(
        item_id=row.pk, settlement="已出台规定。", told="已出台规定", actor=actor, now=SEEN
    ),
    "reopen": lambda row, cases, actor: services.reopen_common(
        item_id=row.pk, reason="仍有反映", actor=actor, now=SEEN
    ),
}
STANDING, UNDONE, OPEN, SETTLED = TieStatus.STANDING, TieStatus.UNDONE, CommonStatus.OPEN, CommonStatus.SETTLED
AGAIN = "already_done"
# Kind -> verb -> from -> the status afterwards, or the code of the refusal. Made again after undoing is another row.
EXPECTED: dict[type, dict[str, dict[str, str]]] = {
    CaseLink: {"link_again": {STANDING: AGAIN, UNDONE: UNDONE}, "undo_link": {STANDING: UNDONE, UNDONE: AGAIN}},
    Merger: {
        "merge_again": {STANDING: "merged_already", UNDONE: UNDONE},
        "join": {STANDING: STANDING, UNDONE: UNDONE},
        "undo_merger": {STANDING: UNDONE, UNDONE: AGAIN},
    },
    CommonDemand: {
        "change": {OPEN: OPEN, SETTLED: "settled"},
        "add": {OPEN: OPEN, SETTLED: "settled"},
        "take_out": {OPEN: OPEN, SETTLED: "settled"},
        "settle": {OPEN: SETTLED, SETTLED: AGAIN},
        "reopen": {OPEN: AGAIN, SETTLED: OPEN},
    },
}
ROWS = [(kind, verb) for kind, verbs in EXPECTED.items() for verb in verbs]
STATUSES: dict[type, Any] = {CaseLink: TieStatus, Merger: TieStatus, CommonDemand: CommonStatus}


@pytest.mark.parametrize(("kind", "status"), [(kind, status) for kind in STATUSES for status in STATUSES[kind]])
def test_every_verb_in_a_status(kind: type, status: str, cases: list[Case], cast: Cast) -> None:
    row, actor = tied(kind, status, cases, cast.bureau_staff), cast.bureau_supervisor
    tried = outcomes(row, {verb: lambda row, verb=verb: VERBS[verb](row, cases, actor) for verb in EXPECTED[kind]})
    assert tried == {verb: EXPECTED[kind][verb][status] for verb in EXPECTED[kind]}


MAY = {Role.BUREAU_STAFF, Role.BUREAU_SUPERVISOR}
# A status in which the verb does something.
STARTS_FROM = {
    verb: next(
        status for status, result in EXPECTED[kind][verb].items() if result in (STANDING, UNDONE, OPEN, SETTLED)
    )
    for kind, verb in ROWS
}


@pytest.mark.parametrize(("kind", "verb"), ROWS)
def test_every_role_of_a_verb(kind: type, verb: str, cases: list[Case], cast: Cast) -> None:
    row = tied(kind, STARTS_FROM[verb], cases, cast.bureau_staff)
    tried = outcomes(row, {who: lambda row, who=who: VERBS[verb](row, cases, cast[who]) for who in CAST})
    done = EXPECTED[kind][verb][STARTS_FROM[verb]]
    assert tried == {who: done if CAST[who][0] in MAY else FORBIDDEN for who in CAST}


@pytest.mark.parametrize("kind", MAKE)
def test_every_role_of_a_making(kind: Any, cases: list[Case], cast: Cast) -> None:
    for who in CAST:
        with transaction.atomic():
            if CAST[who][0] in MAY:
                assert MAKE[kind](cases[0], cases[1], cast[who])
            else:
                with pytest.raises(PermissionDenied):
                    MAKE[kind](cases[0], cases[1], cast[who])
                assert not kind.objects.exists()
            transaction.set_rollback(True)


def test_a_common_demand_is_visible_to_whom_it_concerns(cases: list[Case], cast: Cast) -> None:
    item = MAKE[CommonDemand](cases[0], cases[1], cast.bureau_staff)
    sees = {who for who in CAST if cast[who].has_perm("cases.view_commondemand")} - {"other_department_staff"}
    assert {"department_staff", "department_head"} < sees
    for who in sees | {"other_department_staff"}:
        assert list(CommonDemand.objects.visible_to(cast[who])) == ([item] if who in sees else []), who


def test_the_tables_know_every_status_and_every_role() -> None:
    assert {verb for _kind, verb in ROWS} == set(VERBS)
    for kind, statuses in ((CaseLink, TieStatus), (Merger, TieStatus), (CommonDemand, CommonStatus)):
        assert all(set(row) == set(statuses) for row in EXPECTED[kind].values())
    for moves, statuses in ((LINK_MOVES, TieStatus), (MERGER_MOVES, TieStatus), (COMMON_MOVES, CommonStatus)):
        assert {status for move in moves for status in (*move.sources, move.target)} == set(statuses)
    assert {role for role, _department in CAST.values()} == set(Role)
