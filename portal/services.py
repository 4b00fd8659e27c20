"""Verbs of the portal."""

from datetime import datetime

from portal.models import Feedback


def leave_feedback(*, content: str, contact: str, now: datetime) -> Feedback:
    """Keep what a visitor says about the site, for the bureau. A way to give feedback is owed on a government site."""
    return Feedback.objects.create(content=content, contact=contact, sent_at=now)
