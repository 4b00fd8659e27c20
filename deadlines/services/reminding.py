"""What most sweeps do: tell moved days, then the ladder's steps, in the console and the group. [3.7]"""

from collections.abc import Iterable
from datetime import datetime

from deadlines.notices import deadline_moved, deadline_step
from deadlines.services.firing import fire_due
from deadlines.services.revisions import TellRevisions, tell_revisions


def remind_of(kinds: Iterable[str], now: datetime, on_move: TellRevisions = deadline_moved) -> int:
    """Returns how many were told and settled. `on_move`: for an app that tells others too of a moved day."""
    wanted = list(kinds)
    told = tell_revisions(kinds=wanted, on_tell=on_move, now=now)
    return told + fire_due(kinds=wanted, on_fire=deadline_step, now=now)
