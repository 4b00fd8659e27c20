"""The verbs of booking. Each takes ids, locks, looks again, and tells whom it concerns in the same transaction."""

from appointments.services.booking import (
    Application,
    cancel_booking,
    confirm_booking,
    retake_number,
    take_number,
)
from appointments.services.carry_over import offer_first_claims
from appointments.services.drafts import forget_abandoned, keep_answers, keep_attachment, remove_attachment
from appointments.services.lookups import find_booking, report_pressure, resend_link, reveal_contact
from appointments.services.sittings import (
    add_extra_number,
    call_off_session,
    cancel_sitting,
    move_session,
    move_sitting,
)
from appointments.services.waiting import (
    claim_booking,
    end_lines,
    join_waiting_list,
    release_due,
    release_if_due,
    settle_claim,
)

__all__ = [
    "Application",
    "add_extra_number",
    "call_off_session",
    "cancel_booking",
    "cancel_sitting",
    "claim_booking",
    "confirm_booking",
    "end_lines",
    "find_booking",
    "forget_abandoned",
    "join_waiting_list",
    "keep_answers",
    "keep_attachment",
    "move_session",
    "move_sitting",
    "offer_first_claims",
    "release_due",
    "release_if_due",
    "remove_attachment",
    "report_pressure",
    "resend_link",
    "retake_number",
    "reveal_contact",
    "settle_claim",
    "take_number",
]
