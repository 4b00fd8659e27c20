"""That a periodic job ran: one row for each, written by the one wrapper that all of them have."""

from collections.abc import Callable, Sized
from datetime import datetime
from functools import wraps
from typing import Any

from celery import shared_task
from django.utils import timezone

from core.models import Heartbeat


def beat(job: str, now: datetime, count: int, *, error: str = "") -> None:
    """The job ran, and did so much; `error` names what it ended with."""
    columns = {"last_at": now, "last_count": count, "last_error": error}
    Heartbeat.objects.update_or_create(job=job, defaults=columns)


def periodic(job: str) -> Callable[[Callable[[], Any]], Any]:
    """A task of the schedule that says when it ran. Its result is a number, or a list of what was done."""

    def wrap(work: Callable[[], Any]) -> Any:
        @wraps(work)
        def run() -> Any:
            try:
                done = work()
            except Exception as error:
                # The kind of error only: its words may hold what a person typed.
                beat(job, timezone.now(), 0, error=type(error).__name__)
                raise
            beat(job, timezone.now(), len(done) if isinstance(done, Sized) else int(done or 0))
            return done

        return shared_task(name=job)(run)

    return wrap
