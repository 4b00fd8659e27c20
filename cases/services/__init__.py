"""The verbs of cases. Each takes ids, locks the case first, looks again, and tells whom it concerns."""

from cases.notices import tell as tell_enterprise
from cases.notices import tell_unit
from cases.services.clocks import KINDS_OWED
from cases.services.closing import close_case, take_up_closing
from cases.services.common import (
    Common,
    add_to_common,
    change_common,
    open_common,
    reopen_common,
    settle_common,
    take_out_of_common,
)
from cases.services.feedback import Answer, accept_feedback, give_feedback, return_feedback
from cases.services.handling_together import accept_together, answer_together, close_together
from cases.services.indexing import index_again
from cases.services.looks import reveal_contact
from cases.services.opening import Parts, close_at_once, feedback_day, hand_over, make_joint, override_limit
from cases.services.planning import Plan, change_plan, divide, make_plan
from cases.services.reminding import remind
from cases.services.reopening import reopen_case
from cases.services.rulings import (
    ask_extension,
    dismiss_objection,
    grant_extension,
    object_to_assignment,
    refuse_extension,
    uphold_objection,
)
from cases.services.saving import remove_filter, save_filter
from cases.services.supplements import (
    add_to_case,
    forget_unsent,
    keep_unsent,
    remove_file,
    write_down_for_enterprise,
)
from cases.services.together import link_cases, merge_cases, undo_link, undo_merger
from cases.services.urging import urge

__all__ = [
    "KINDS_OWED",
    "Answer",
    "Common",
    "Parts",
    "Plan",
    "accept_feedback",
    "accept_together",
    "add_to_case",
    "add_to_common",
    "answer_together",
    "ask_extension",
    "change_common",
    "change_plan",
    "close_at_once",
    "close_case",
    "close_together",
    "dismiss_objection",
    "divide",
    "feedback_day",
    "forget_unsent",
    "give_feedback",
    "grant_extension",
    "hand_over",
    "index_again",
    "keep_unsent",
    "link_cases",
    "make_joint",
    "make_plan",
    "merge_cases",
    "object_to_assignment",
    "open_common",
    "override_limit",
    "refuse_extension",
    "remind",
    "remove_file",
    "remove_filter",
    "reopen_case",
    "reopen_common",
    "return_feedback",
    "reveal_contact",
    "save_filter",
    "settle_common",
    "take_out_of_common",
    "take_up_closing",
    "tell_enterprise",
    "tell_unit",
    "undo_link",
    "undo_merger",
    "uphold_objection",
    "urge",
    "write_down_for_enterprise",
]
