"""The sweep of what is owed in cases: moved days first, then the steps of the ladder. [3.7]"""

from datetime import datetime

from cases.notices import moved
from cases.services.clocks import KINDS_OWED
from deadlines.services import remind_of


def remind(now: datetime) -> int:
    """Returns how many were told and settled."""
    return remind_of(KINDS_OWED, now, on_move=moved)
