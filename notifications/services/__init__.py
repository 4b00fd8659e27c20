"""The verbs about messages."""

from notifications.kinds import Kind, Variable, register
from notifications.services.hints import nudge
from notifications.services.outbox import enqueue, link_placeholder, tell_group, tell_in_console, withhold
from notifications.services.people import give_up_call, record_call, reveal_recipient, send_again, settle_unknown
from notifications.services.receipts import ask_receipts
from notifications.services.relay import send_due
from notifications.services.texts import file_words, render, sample

__all__ = [
    "Kind",
    "Variable",
    "ask_receipts",
    "enqueue",
    "file_words",
    "give_up_call",
    "link_placeholder",
    "nudge",
    "record_call",
    "register",
    "render",
    "reveal_recipient",
    "sample",
    "send_again",
    "send_due",
    "settle_unknown",
    "tell_group",
    "tell_in_console",
    "withhold",
]
