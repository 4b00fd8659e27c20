"""What every channel gets and how it answers. A channel knows nothing of rows, statuses or retries."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum


@dataclass(frozen=True)
class Outgoing:
    """One message, links filled in. `key` is the same at every try: the provider's idempotency key or out id."""

    key: str
    recipient: str
    heading: str
    text: str
    template_code: str = ""
    signature: str = ""
    variables: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Inquiry:
    """What a provider needs to find one SMS again."""

    key: str
    recipient: str
    receipt_id: str
    handed_over_at: datetime


class Fate(Enum):
    """What a provider says about an SMS it was asked for."""

    DELIVERED = "delivered"
    NOT_DELIVERED = "not_delivered"
    UNDER_WAY = "under_way"
    NOT_KNOWN = "not_known"


@dataclass(frozen=True)
class Report:
    fate: Fate
    receipt_id: str = ""
    reason: str = ""
    at: datetime | None = None


class NotTaken(Exception):
    """The channel did not take the message, that is certain."""


class Refused(NotTaken):
    """It never will: bad number, template or signature not approved, wrong keys. No further try."""


class TryLater(NotTaken):
    """It may, later; `pause` when the provider says how long to wait."""

    def __init__(self, reason: str, pause: timedelta | None = None) -> None:
        super().__init__(reason)
        self.pause = pause


class OutcomeUnknown(Exception):
    """The channel may have taken it: it was handed over, and no answer came back."""
