"""A process that sweeps timers, meets obligations, or closes cases, until it is killed or nothing is left. [3.7]"""

import os
import sys

import django

django.setup()

from datetime import datetime  # noqa: E402

from django.db import OperationalError  # noqa: E402

from cases.models import Case  # noqa: E402
from cases.services import close_case  # noqa: E402
from core import audit  # noqa: E402
from core.models import User  # noqa: E402
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
        services.fire_due(kinds=["verification", "division"], on_fire=tell, now=NOW)


def meet(first: int, last: int) -> None:
    for number in range(first, last):
        services.meet_obligation(owner=f"b:{number}", kind="verification", actor=audit.SYSTEM, now=NOW)


def close() -> None:
    """Every case: what it still owes is owed no longer."""
    supervisor = User.objects.get(username="bureau_supervisor")
    for key in Case.objects.order_by("pk").values_list("pk", flat=True):
        close_case(case_id=key, result="solved", answer="x", actor=supervisor, now=NOW)


if __name__ == "__main__":
    try:
        match sys.argv[1:]:
            case ["meet", first, last]:
                meet(int(first), int(last))
            case ["close"]:
                close()
            case _:
                sweep()
    except OperationalError:  # the test is over, and its database gone
        sys.exit(1)
