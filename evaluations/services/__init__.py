"""The verbs of evaluations. Each takes ids, locks the case first, looks again, and tells whom it concerns."""

from evaluations.services.calls import look_at_author, record_call, reveal_for_follow_up
from evaluations.services.deciding import confirm_follow_up, find_unrectified, send_case_back
from evaluations.services.followups import assign_follow_up, open_follow_up
from evaluations.services.inviting import invite_closed, remind_unrated
from evaluations.services.looks import look_at_ratings
from evaluations.services.ratings import Opinion, rate, send_link_again
from evaluations.services.referrals import approve_referral, propose_referral, reject_referral
from evaluations.services.reminding import remind_of_follow_ups
from evaluations.services.reporting import report_problem
from evaluations.services.sampling import draw_silent

__all__ = [
    "Opinion",
    "approve_referral",
    "assign_follow_up",
    "confirm_follow_up",
    "draw_silent",
    "find_unrectified",
    "invite_closed",
    "look_at_author",
    "look_at_ratings",
    "open_follow_up",
    "propose_referral",
    "rate",
    "record_call",
    "reject_referral",
    "remind_of_follow_ups",
    "remind_unrated",
    "report_problem",
    "reveal_for_follow_up",
    "send_case_back",
    "send_link_again",
]
