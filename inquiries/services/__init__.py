"""The verbs of the window. Each takes ids, locks, looks again, and tells whom it concerns in the same transaction."""

from inquiries.services.asking import Question, ask, follow_up, judge_reply, withdraw
from inquiries.services.booking import end_booked, start_booking
from inquiries.services.clock import remind
from inquiries.services.handling import (
    answer,
    correct_reply,
    hand_back,
    pass_to_department,
    point_on,
    reveal_asker,
    send_link_again,
)

__all__ = [
    "Question",
    "answer",
    "ask",
    "correct_reply",
    "end_booked",
    "follow_up",
    "hand_back",
    "judge_reply",
    "pass_to_department",
    "point_on",
    "remind",
    "reveal_asker",
    "send_link_again",
    "start_booking",
    "withdraw",
]
