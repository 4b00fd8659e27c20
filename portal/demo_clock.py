"""The demonstration's past is written down at its own time, and not at the moment in which it is made up."""

import io
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from datetime import datetime, timedelta
from typing import Any
from unittest import mock

from django.apps import apps
from django.conf import settings
from django.utils import timezone

from notifications.services import send_due

REAL_NOW = timezone.now
A_BATCH_LATER = timedelta(seconds=1)


class Clock:
    """`at(moment)` sets it; whatever asks for the time, or is stored with it by default, gets that moment."""

    def __init__(self) -> None:
        self.moment = REAL_NOW()
        self.latest: datetime | None = None

    def now(self) -> datetime:
        return self.moment

    def at(self, moment: datetime) -> datetime:
        """Never in the future: what has not come yet is done now."""
        self.moment = min(moment, REAL_NOW())
        self.latest = max(self.moment, self.latest or self.moment)
        return self.moment

    def deliver(self) -> None:
        """What was said until the latest moment went out; here nobody needs to read it."""
        self.moment = self.latest or self.moment
        with redirect_stdout(io.StringIO()), mock.patch.object(settings, "MESSAGES_TO_TERMINAL", True):
            while send_due(self.moment):
                self.moment += A_BATCH_LATER


@contextmanager
def past() -> Iterator[Clock]:
    clock = Clock()
    columns = [field for model in apps.get_models() for field in model._meta.concrete_fields]
    dated: list[Any] = [field for field in columns if field.default is timezone.now]
    with mock.patch.object(timezone, "now", clock.now):
        _default_of(dated, clock.now)
        try:
            yield clock
        finally:
            _default_of(dated, REAL_NOW)


def _default_of(fields: list[Any], now: Any) -> None:
    for field in fields:
        field.default = now
        # Django keeps what it once made of the default.
        field.__dict__.pop("_get_default", None)
