"""What publishing a sitting now would do, for the page that asks before it is done. [3.2] [3.3]"""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from core.errors import Refused
from sessions_app import guards
from sessions_app.models import Sitting
from sessions_app.selectors import sessions_of
from sessions_app.services import closing_of, default_opening


@dataclass(frozen=True)
class Outlook:
    """`problems` need a supervisor's reason, `warnings` are told only, `refusal` cannot be overridden."""

    opens_at: datetime | None
    closes_at: datetime | None
    problems: list[str]
    warnings: list[str]
    refusal: str


def outlook_of(sitting: Sitting, now: datetime) -> Outlook:
    """The booking window at its defaults, and all that stands against publishing. Changes nothing."""
    sessions = sessions_of(sitting.pk)
    try:
        guards.check_has_main_session(sessions)
        guards.check_before_first_session(sessions, now)
    except Refused as refusal:
        return Outlook(None, None, [], [], str(refusal.message))
    opens_at = default_opening(now)
    return Outlook(
        opens_at=opens_at,
        closes_at=closing_of(opens_at, min(session.day for session in sessions)),
        problems=guards.publication_problems(sitting, sessions, timezone.localdate(now)),
        warnings=guards.publication_warnings(sessions),
        refusal="",
    )
