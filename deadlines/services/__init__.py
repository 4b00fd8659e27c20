"""The verbs of deadlines."""

from deadlines.notices import deadline_moved, deadline_step
from deadlines.services.calendar import decide_earlier, recompute_after_calendar
from deadlines.services.firing import acknowledge, fire_due
from deadlines.services.obligations import meet_obligation, open_obligation, reopen_obligation, void_obligations
from deadlines.services.reminding import remind_of
from deadlines.services.revisions import revise_obligation, tell_revisions

__all__ = [
    "acknowledge",
    "deadline_moved",
    "deadline_step",
    "decide_earlier",
    "fire_due",
    "meet_obligation",
    "open_obligation",
    "recompute_after_calendar",
    "remind_of",
    "reopen_obligation",
    "revise_obligation",
    "tell_revisions",
    "void_obligations",
]
