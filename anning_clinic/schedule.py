"""The one list of periodic work. Each task asks for what is due and not yet done, so a missed run is caught up."""

from typing import Any


def every(seconds: int, task: str) -> dict[str, Any]:
    # A run that found no worker for a whole period is worthless: the next one does its work.
    return {"task": task, "schedule": seconds, "options": {"expires": seconds}}


SCHEDULE = {
    "publish sittings whose time has come": every(30, "sessions_app.publish_due"),
    "pass on numbers whose hold or offer ran out": every(30, "appointments.release_due"),
    "send queued messages": every(30, "notifications.send_due"),
    "keep two years of estimated calendar ahead": every(24 * 3600, "core.ensure_calendar"),
    "seal the audit trail": every(300, "core.seal_audit"),
    "remove drafts of abandoned bookings": every(3600, "appointments.forget_abandoned"),
}
