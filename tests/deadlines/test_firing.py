"""The sweep: every step once, whatever crashes or runs twice; nothing after completion; nothing at night. [3.7]"""

from collections.abc import Iterable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from core import audit
from core.errors import AlreadyDone, Refused
from core.models import AuditEntry, User
from deadlines import services
from deadlines.enums import Cause, TimerKind
from deadlines.models import Escalation, Obligation, Timer
from deadlines.selectors import oldest_unfired
from tests.conftest import Cast
from tests.deadlines.conftest import NOON, Told, meet, owe, sweep, timers
from tests.factories import department, moment

pytestmark = [pytest.mark.django_db, pytest.mark.clause("[3.7]")]
K = TimerKind


def test_fire_due_tells_each_step_once_in_order(told: Told, cast: Cast) -> None:
    obligation = owe(department=department("市税务局"))
    for day in ("10", "11", "12", "13", "16", "17", "18"):
        for at in ("09:00", "09:01", "15:00"):
            sweep(told, f"2026-03-{day} {at}")
    assert [(kind, levels) for _owner, kind, levels in told.calls] == [(kind, [kind]) for kind in K]
    assert list(timers(obligation, "fired")) == list(K)
    reached = [escalation.recipients for escalation in Escalation.objects.order_by("pk")]
    assert [len(people) for people in reached] == sorted(len(people) for people in reached)
    assert cast.inspector.pk in reached[-1]
    assert cast.inspector.pk not in reached[-2]
    assert AuditEntry.objects.filter(action="escalate").count() == 4


def test_fire_due_before_the_moment_does_nothing(told: Told) -> None:
    owe()
    assert sweep(told, "2026-03-10 08:59") == 0
    assert sweep(told, "2026-03-09 12:00") == 0
    assert told.calls == []


@pytest.mark.parametrize("night", ["2026-03-12 17:30", "2026-03-13 00:00", "2026-03-13 08:59", "2026-03-14 10:00"])
def test_fire_due_outside_office_hours_waits_until_they_begin(night: str, told: Told) -> None:
    owe()
    assert sweep(told, night) == 0
    assert sweep(told, "2026-03-16 09:00") == 3
    assert len(told.calls) == 1


def test_fire_due_after_a_week_without_a_sweep_is_caught_up_oldest_first_with_one_message_each(told: Told) -> None:
    owe("b:2", working_days=5)  # due on the 10th
    owe("b:1")  # due on the 12th
    owe("b:3", working_days=9)  # due on the 16th: only its warning is due
    sweep(told, "2026-03-13 09:30")
    assert told.calls == [
        ("b:2", K.THREE_LATE, list(K)),
        ("b:1", K.ONE_LATE, [K.TWO_BEFORE, K.ON_DAY, K.ONE_LATE]),
        ("b:3", K.TWO_BEFORE, [K.TWO_BEFORE]),
    ]
    assert [row.levels for row in Escalation.objects.order_by("pk")] == [levels for *_rest, levels in told.calls]
    assert sweep(told, "2026-03-13 09:31") == 0


def test_fire_due_at_a_limit_goes_on_at_the_next_sweep(told: Told) -> None:
    for number in range(5):
        owe(f"b:{number}")
    assert [sweep(told, "2026-03-10 09:00", limit=2) for _round in range(4)] == [2, 2, 1, 0]
    assert [owner for owner, *_rest in told.calls] == [f"b:{number}" for number in range(5)]


def test_fire_due_leaves_other_kinds_to_their_own_app(told: Told) -> None:
    owe(kind="question")
    assert sweep(told, "2026-03-10 09:00") == 0
    assert sweep(told, "2026-03-10 09:00", kinds=["question"]) == 1


def test_fire_due_never_escalates_what_is_done(told: Told) -> None:
    owe()
    meet()
    assert sweep(told, "2026-03-30 09:00") == 0
    assert told.calls == []


@pytest.mark.parametrize("over", ["met", "revised"])
def test_fire_due_supersedes_a_timer_that_a_slip_left_pending(over: str, told: Told) -> None:
    """The verbs supersede them; should one ever be left, it is looked at again and tells nobody."""
    obligation = owe()
    if over == "met":
        meet()
    else:
        services.revise_obligation(
            obligation_id=obligation.pk, cause=Cause.EXTENDED, actor=audit.SYSTEM, now=NOON, reason="x",
            working_days=20,
        )  # fmt: skip
    left = Timer.objects.filter(revision__number=1, kind=K.TWO_BEFORE)
    assert left.update(status="pending") == 1
    assert sweep(told, "2026-03-10 09:00") == 1
    assert told.calls == []
    assert left.get().status == "superseded"


def test_fire_due_whose_telling_fails_leaves_nothing_and_holds_up_nobody(cast: Cast) -> None:
    owe("b:1")
    owe("b:2")
    calls = []

    def on_fire(obligation: Obligation, kind: TimerKind, levels: list[TimerKind]) -> Iterable[User]:
        calls.append(obligation.owner)
        if obligation.owner == "b:1" and len(calls) == 1:
            raise RuntimeError("no template")
        return [cast.bureau_staff]

    def run() -> int:
        return services.fire_due(kinds=["verification"], on_fire=on_fire, now=moment("2026-03-10 09:00"))

    with pytest.raises(RuntimeError, match="no template"):
        run()
    assert [row.obligation.owner for row in Escalation.objects.all()] == ["b:2"]
    assert run() == 1
    assert calls == ["b:1", "b:2", "b:1"]
    assert Escalation.objects.count() == 2


def test_oldest_unfired_is_the_one_that_waits_longest(told: Told) -> None:
    assert oldest_unfired() is None
    owe("b:1")
    owe("b:2", kind="triage", working_days=3)
    assert oldest_unfired() == Timer.objects.get(obligation__owner="b:2", kind=K.TWO_BEFORE)
    found = oldest_unfired(["verification"])
    assert found is not None
    assert found.obligation.owner == "b:1"


def escalated(told: Told, at: str = "2026-03-10 09:00", **columns: Any) -> Escalation:
    owe(**columns)
    sweep(told, at)
    return Escalation.objects.get()


def acknowledge(escalation: Escalation, actor: User, note: str = "已催办") -> Escalation:
    return services.acknowledge(escalation_id=escalation.pk, actor=actor, note=note, now=NOON)


def test_acknowledge_keeps_who_when_and_what_is_done(told: Told, cast: Cast) -> None:
    escalation = escalated(told)
    taken = acknowledge(escalation, cast.bureau_staff)
    assert (taken.acknowledged_by, taken.acknowledged_at, taken.note) == (cast.bureau_staff, NOON, "已催办")
    with pytest.raises(AlreadyDone):
        acknowledge(escalation, cast.bureau_staff, "又催了一次")
    assert Escalation.objects.get().acknowledged_by == cast.bureau_staff


def test_acknowledge_without_a_note_is_refused(told: Told, cast: Cast) -> None:
    with pytest.raises(Refused, match="no_note"):
        acknowledge(escalated(told), cast.bureau_staff, " ")


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("bureau_staff", True),
        ("bureau_supervisor", True),
        ("window_clerk", False),
        ("department_staff", True),
        ("department_head", True),
        ("other_department_staff", False),
        ("inspector", True),
        ("inspection_approver", True),
        ("leader", False),
        ("system_administrator", False),
        ("security_officer", False),
        ("auditor", False),
    ],
)
def test_acknowledge_is_for_whom_the_last_step_told(who: str, may: bool, told: Told, cast: Cast) -> None:
    escalation = escalated(told, "2026-03-17 09:00", department=department("市税务局"))
    if may:
        acknowledge(escalation, cast[who])
        return
    with pytest.raises(PermissionDenied):
        acknowledge(escalation, cast[who])


@pytest.mark.parametrize("who", ["department_head", "bureau_supervisor", "inspector"])
def test_acknowledge_by_who_was_not_told_is_refused(who: str, told: Told, cast: Cast) -> None:
    escalation = escalated(told, department=department("市税务局"))
    assert escalation.recipients == [cast.department_staff.pk]
    with pytest.raises(PermissionDenied):
        acknowledge(escalation, cast[who])
    acknowledge(escalation, cast.department_staff)
