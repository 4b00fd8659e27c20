"""The verbs of cases. Each takes ids, locks the case first, looks again, and tells whom it concerns."""

from cases.services.clocks import KINDS_OWED
from cases.services.closing import close_case, urge
from cases.services.feedback import Answer, accept_feedback, give_feedback, return_feedback
from cases.services.opening import Parts, close_at_once, feedback_day, hand_over, make_joint, override_limit
from cases.services.planning import Plan, change_plan, divide, make_plan
from cases.services.rulings import (
    ask_extension,
    dismiss_objection,
    grant_extension,
    object_to_assignment,
    refuse_extension,
    uphold_objection,
)

__all__ = [
    "KINDS_OWED",
    "Answer",
    "Parts",
    "Plan",
    "accept_feedback",
    "ask_extension",
    "change_plan",
    "close_at_once",
    "close_case",
    "dismiss_objection",
    "divide",
    "feedback_day",
    "give_feedback",
    "grant_extension",
    "hand_over",
    "make_joint",
    "make_plan",
    "object_to_assignment",
    "override_limit",
    "refuse_extension",
    "return_feedback",
    "uphold_objection",
    "urge",
]
