"""The closed rounds on the enterprise's page: what each ended with, and how it is rated. [3.8] [3.9]"""

from datetime import datetime
from typing import Any

from appointments.views.common import ticket_url
from cases.enums import CaseStatus
from cases.models import Case
from core.masks import mask_contact
from evaluations.selectors_ratings import rounds_of, ways_to_ask


def rounds_context(case: Case, now: datetime, *, just_sent: bool) -> dict[str, Any]:
    """That a rating is open, until when, and where its link was sent; never the link, nor what was said."""
    if case.round == 1 and case.status != CaseStatus.CLOSED:
        return {}
    rounds = rounds_of(case, now)
    return {
        "closed_rounds": rounds,
        "former_rounds": [done for done in rounds if done.number < case.round],
        "contacts": [mask_contact(recipient) for _channel, recipient in ways_to_ask(case.booking)],
        "link_url": ticket_url(case.booking, "portal:rating_link"),
        "just_sent": just_sent,
    }
