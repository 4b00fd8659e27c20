"""The verbs of cases. Each takes ids, locks the case first, looks again, and tells whom it concerns."""

from cases.services.clocks import KINDS_OWED
from cases.services.closing import close_case, urge
from cases.services.feedback import Answer, accept_feedback, give_feedback, return_feedback
from cases.services.opening import Parts, close_at_once, feedback_day, hand_over, make_joint, override_limit
from cases.services.indexing import index_again
from cases.services.planning import Plan, change_plan, divide, make_plan
from cases.services.rulings import (
    ask_extension,
    dismiss_objection,
    grant_extension,
    object_to_assignment,
    refuse_extension,
    uphold_objection,
)
from cases.services.supplements import add_to_case, forget_unsent, keep_unsent, remove_file

__all__ = [
    "KINDS_OWED",
    "Answer",
    "Parts",
    "Plan",
    "accept_feedback",
    "add_to_case",
    "ask_extension",
    "change_plan",
    "close_at_once",
    "close_case",
    "dismiss_objection",
    "divide",
    "feedback_day",
    "forget_unsent",
    "give_feedback",
    "grant_extension",
    "hand_over",
    "keep_unsent",
    "index_again",
    "make_joint",
    "make_plan",
    "object_to_assignment",
    "override_limit",
    "refuse_extension",
    "remove_file",
    "return_feedback",
    "uphold_objection",
    "urge",
]
