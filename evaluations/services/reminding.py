"""The sweep of what is owed about follow-ups. [3.9]"""

from datetime import datetime

from deadlines.services import remind_of
from evaluations.services.clocks import KINDS_OWED


def remind_of_follow_ups(now: datetime) -> int:
    """Returns how many were told and settled."""
    return remind_of(KINDS_OWED, now)
