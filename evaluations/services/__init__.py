"""The verbs of evaluations. Each takes ids, locks the case first, looks again, and tells whom it concerns."""

from evaluations.services.followups import open_follow_up

__all__ = [
    "open_follow_up",
]
