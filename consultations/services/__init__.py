"""The verbs of the record. Each takes ids, locks session, booking and record in this order, and looks again."""

from consultations.services.clocks import remind
from consultations.services.correcting import correct_record
from consultations.services.drafts import discard_draft, draft_key, forget_draft_keys
from consultations.services.keeping import keep_draft, sign_by_hand
from consultations.services.opening import open_record
from consultations.services.signing import sign_off

__all__ = [
    "correct_record",
    "discard_draft",
    "draft_key",
    "forget_draft_keys",
    "keep_draft",
    "open_record",
    "remind",
    "sign_by_hand",
    "sign_off",
]
