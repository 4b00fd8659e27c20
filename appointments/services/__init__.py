"""The verbs of booking. Each takes ids, locks, looks again, and tells whom it concerns in the same transaction."""

from appointments.services.absence import end_sessions, end_sittings, join_after_absence
from appointments.services.boards import board_seen, make_board, revoke_board
from appointments.services.booking import (
    Application,
    cancel_booking,
    confirm_booking,
    retake_number,
    take_number,
)
from appointments.services.carry_over import offer_first_claims
from appointments.services.clocks import KINDS_OWED
from appointments.services.day import (
    bring_back,
    call,
    call_again,
    call_next,
    check_in,
    finish_consultation,
    mark_absent,
    pass_over,
    start_consultation,
)
from appointments.services.drafts import (
    forget_abandoned,
    keep_answers,
    keep_attachment,
    keep_unsent_facts,
    remove_attachment,
    unsent_facts,
)
from appointments.services.indexing import index_booking
from appointments.services.lookups import find_booking, report_pressure, resend_link, reveal_contact
from appointments.services.mobile import (
    ask_call_back,
    check_code,
    confirm_mobile,
    forget_codes,
    may_verify,
    send_code,
    verify_mobile,
)
from appointments.services.placing import place_as_proposed, place_booking, place_text, send_call_notices
from appointments.services.sittings import (
    add_extra_number,
    call_off_session,
    cancel_sitting,
    move_session,
    move_sitting,
)
from appointments.services.triage import (
    Assignment,
    accept_booking,
    add_facts,
    assign_departments,
    refuse_booking,
    send_back_booking,
)
from appointments.services.verification import (
    confirm_solved,
    decline_solved,
    lead_of,
    propose_solved,
    record_verification,
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
    "KINDS_OWED",
    "Application",
    "Assignment",
    "accept_booking",
    "add_extra_number",
    "add_facts",
    "ask_call_back",
    "assign_departments",
    "board_seen",
    "bring_back",
    "call",
    "call_again",
    "call_next",
    "call_off_session",
    "cancel_booking",
    "cancel_sitting",
    "check_code",
    "check_in",
    "claim_booking",
    "confirm_booking",
    "confirm_mobile",
    "confirm_solved",
    "decline_solved",
    "end_lines",
    "end_sessions",
    "end_sittings",
    "find_booking",
    "finish_consultation",
    "forget_abandoned",
    "forget_codes",
    "index_booking",
    "join_after_absence",
    "join_waiting_list",
    "keep_answers",
    "keep_attachment",
    "keep_unsent_facts",
    "lead_of",
    "make_board",
    "mark_absent",
    "may_verify",
    "move_session",
    "move_sitting",
    "offer_first_claims",
    "pass_over",
    "place_as_proposed",
    "place_booking",
    "place_text",
    "propose_solved",
    "record_verification",
    "refuse_booking",
    "release_due",
    "release_if_due",
    "remove_attachment",
    "report_pressure",
    "resend_link",
    "retake_number",
    "reveal_contact",
    "revoke_board",
    "send_back_booking",
    "send_call_notices",
    "send_code",
    "settle_claim",
    "start_consultation",
    "take_number",
    "unsent_facts",
    "verify_mobile",
]
