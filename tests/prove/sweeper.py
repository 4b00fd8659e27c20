"""A process that sweeps timers, or meets obligations, until it is killed or nothing is left. [3.7]"""

import os
import sys

import django

django.setup()

from datetime import datetime  # noqa: E402

from django.db import OperationalError  # noqa: E402

from core import audit  # noqa: E402
from deadlines import services  # noqa: E402
from deadlines.enums import TimerKind, TimerStatus  # noqa: E402
from deadlines.models import Obligation, Timer  # noqa: E402
from notifications.enums import Channel  # noqa: E402
from notifications.services import enqueue  # noqa: E402

NOW = datetime.fromisoformat(os.environ["SWEPT_AT"])


def tell(obligation: Obligation, kind: TimerKind, levels: list[TimerKind]) -> list[int]:
    """One message, as an owning app writes it."""
    enqueue(
        kind="deadline", channel=Channel.CONSOLE, recipient="handler", subject=obligation.owner, heading="x", text="x",
        dedup_key=f"{obligation.owner}:{obligation.revision}:{kind}",
    )  # fmt: skip
    return []


def sweep() -> None:
    """Until nothing is due, not only until others hold the rest."""
    while Timer.objects.filter(status=TimerStatus.PENDING, fire_at__lte=NOW).exists():
        services.fire_due(kinds=["verification"], on_fire=tell, now=NOW)


def meet(first: int, last: int) -> None:
    for number in range(first, last):
        services.meet_obligation(owner=f"b:{number}", kind="verification", actor=audit.SYSTEM, now=NOW)


if __name__ == "__main__":
    try:
        meet(int(sys.argv[2]), int(sys.argv[3])) if sys.argv[1] == "meet" else sweep()
    except OperationalError:  # the test is over, and its database gone
        sys.exit(1)
