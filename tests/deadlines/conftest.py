"""An obligation as tests need it, on days whose calendar is published."""

import threading
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.db import connections

from core import audit
from core.models import User
from deadlines import services
from deadlines.enums import TimerKind
from deadlines.models import Obligation, Timer
from deadlines.selectors import recipients_of
from tests.factories import moment

# A Tuesday; seven working days later is Thursday the 12th of March 2026, with no holiday between.
START = date(2026, 3, 3)
NOON = moment("2026-03-03 12:00")
OWNER = "appointments.booking:412"


def owe(owner: str = OWNER, **columns: Any) -> Obligation:
    """A verification due on 2026-03-12 unless said otherwise."""
    given = {
        "kind": "verification",
        "start": START,
        "working_days": 7,
        "clause": "[3.4]",
        "title": "对接核实挂号 26-05-1 的诉求",
        "actor": audit.SYSTEM,
        "now": NOON,
        "url": "/console/appointments/booking/412/change/",
    } | columns
    return services.open_obligation(owner=owner, **given)


def meet(owner: str = OWNER, now: datetime = NOON, **columns: Any) -> Obligation | None:
    given = {"kind": "verification", "actor": audit.SYSTEM} | columns
    return services.meet_obligation(owner=owner, now=now, **given)


def timers(obligation: Obligation, *statuses: str) -> dict[str, str]:
    """Kind -> local moment of the timers in these statuses (pending unless said)."""
    found = Timer.objects.filter(obligation=obligation, status__in=statuses or ("pending",)).order_by("id")
    return {timer.kind: f"{timer.fire_at.astimezone(NOON.tzinfo):%m-%d %H:%M}" for timer in found}


class Told:
    """An owning app's answer to due timers: it notes what it was handed, and tells whom the ladder names."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, TimerKind, list[TimerKind]]] = []

    def __call__(self, obligation: Obligation, kind: TimerKind, levels: list[TimerKind]) -> list[User]:
        self.calls.append((obligation.owner, kind, levels))
        return recipients_of(obligation, kind)


def sweep(told: Told, now: str, **columns: Any) -> int:
    given = {"kinds": ["verification", "triage"]} | columns
    return services.fire_due(on_fire=told, now=moment(now), **given)


@pytest.fixture
def told() -> Told:
    return Told()


def together(count: int, attempt: Callable[[int], Any]) -> list[Any]:
    """Attempts 0…count-1 in threads that start at once; the result or the exception of each."""
    results: list[Any] = [None] * count
    barrier = threading.Barrier(count)

    def work(place: int) -> None:
        barrier.wait()
        try:
            results[place] = attempt(place)
        except Exception as error:
            results[place] = error
        connections.close_all()

    threads = [threading.Thread(target=work, args=(place,)) for place in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
