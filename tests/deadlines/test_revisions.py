"""Another date for what is open, and telling of it. [3.7]"""

from datetime import date
from typing import Any

import pytest

from core import audit
from core.errors import Refused
from deadlines import services
from deadlines.enums import Cause, TimerKind
from deadlines.models import Obligation, Revision
from deadlines.selectors import explanation_of
from tests.deadlines.conftest import NOON, OWNER, Told, meet, owe, sweep, timers
from tests.factories import moment

pytestmark = [pytest.mark.django_db, pytest.mark.clause("[3.7]")]


def revise(obligation: Obligation, now: str = "2026-03-04 10:00", **columns: Any) -> Revision:
    given = {"cause": Cause.EXTENDED, "reason": "等待检测报告", "actor": audit.SYSTEM} | columns
    return services.revise_obligation(obligation_id=obligation.pk, now=moment(now), **given)


def test_revise_obligation_by_length_counts_from_the_same_start() -> None:
    obligation = owe()
    revision = revise(obligation, cause=Cause.JOINT, working_days=20)
    obligation.refresh_from_db()
    assert (revision.number, revision.before, revision.after) == (2, date(2026, 3, 12), date(2026, 3, 31))
    assert (obligation.last_day, obligation.working_days, obligation.revision) == (date(2026, 3, 31), 20, 2)
    assert obligation.original_day == date(2026, 3, 12)


def test_revise_obligation_by_day_explains_the_day() -> None:
    obligation = owe()
    revise(obligation, due=date(2026, 3, 20))
    obligation.refresh_from_db()
    assert obligation.due_at == moment("2026-03-20 17:30")
    assert "2026年3月20日" in explanation_of(obligation).sentences[0]


def test_revise_obligation_of_the_outer_limit_alone_leaves_the_rest() -> None:
    obligation = owe(no_later_than=date(2026, 3, 9))
    assert revise(obligation, no_later_than=date(2026, 3, 11)).after == date(2026, 3, 11)
    assert revise(obligation, no_later_than=None).after == date(2026, 3, 12)
    obligation.refresh_from_db()
    assert (obligation.no_later_than, obligation.due) == (None, date(2026, 3, 12))


def test_revise_obligation_puts_new_timers_in_place_of_the_old() -> None:
    obligation = owe()
    revise(obligation, due=date(2026, 3, 20))
    assert timers(obligation) == {
        "two_before": "03-18 09:00",
        "on_day": "03-20 09:00",
        "one_late": "03-23 09:00",
        "three_late": "03-25 09:00",
    }
    assert len(timers(obligation, "superseded")) == 4


def test_revise_obligation_to_the_same_day_repeats_no_step(told: Told) -> None:
    obligation = owe(no_later_than=date(2026, 3, 12))
    sweep(told, "2026-03-10 09:00")
    revise(obligation, "2026-03-10 10:00", no_later_than=None)
    sweep(told, "2026-03-10 10:05")
    sweep(told, "2026-03-12 09:00")
    assert [kind for _owner, kind, _levels in told.calls] == [TimerKind.TWO_BEFORE, TimerKind.ON_DAY]


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        ({"due": date(2026, 3, 14)}, "rest_day"),
        ({"due": date(2026, 3, 3)}, "not_after_start"),
        ({"working_days": 0}, "bad_length"),
        ({"working_days": 1999}, "calendar_missing"),
    ],
)
def test_revise_obligation_to_what_cannot_be_is_refused_and_leaves_nothing(columns: Any, code: str) -> None:
    obligation = owe()
    with pytest.raises(Refused, match=code):
        revise(obligation, **columns)
    obligation.refresh_from_db()
    assert (obligation.revision, len(timers(obligation))) == (1, 4)


@pytest.mark.parametrize("over", ["met", "void"])
def test_revise_obligation_that_is_over_is_refused(over: str) -> None:
    obligation = owe()
    if over == "met":
        meet()
    else:
        services.void_obligations(owner=OWNER, actor=audit.SYSTEM, now=NOON)
    with pytest.raises(Refused, match="not_open"):
        revise(obligation, working_days=20)


def tell(now: str = "2026-03-05 09:00", **columns: Any) -> tuple[int, list[Any]]:
    calls: list[Any] = []

    def on_tell(obligation: Obligation, revisions: list[Revision]) -> None:
        calls.append((obligation.owner, [revision.number for revision in revisions]))

    given = {"kinds": ["verification"]} | columns
    return services.tell_revisions(on_tell=on_tell, now=moment(now), **given), calls


def test_tell_revisions_hands_out_each_change_once_and_several_together() -> None:
    owe("b:0")
    one = owe("b:1")
    revise(one, working_days=8)
    revise(one, working_days=9)
    assert tell(kinds=["triage"]) == (0, [])
    assert tell() == (1, [("b:1", [2, 3])])
    assert tell() == (0, [])


def test_tell_revisions_says_nothing_of_what_is_over_or_ended_where_it_began() -> None:
    done, back = owe("b:1"), owe("b:2")
    revise(done, working_days=8)
    meet("b:1")
    revise(back, working_days=8)
    revise(back, working_days=7)
    assert tell() == (0, [])


def test_tell_revisions_that_fails_is_told_at_the_next_try() -> None:
    revise(owe(), working_days=8)

    def on_tell(obligation: Obligation, revisions: list[Revision]) -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        services.tell_revisions(kinds=["verification"], on_tell=on_tell, now=NOON)
    assert tell() == (1, [(OWNER, [2])])
