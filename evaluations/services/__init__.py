"""The verbs of evaluations. Each takes ids, locks the case first, looks again, and tells whom it concerns."""

from evaluations.services.followups import open_follow_up
from evaluations.services.inviting import invite_closed, remind_unrated
from evaluations.services.looks import look_at_ratings
from evaluations.services.ratings import Opinion, rate, send_link_again
from evaluations.services.sampling import draw_silent

__all__ = [
    "Opinion",
    "draw_silent",
    "invite_closed",
    "look_at_ratings",
    "open_follow_up",
    "rate",
    "remind_unrated",
    "send_link_again",
]
