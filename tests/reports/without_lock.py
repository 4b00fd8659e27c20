"""Positive controls of the races: the same verbs with their row lock taken away."""

import threading
from contextlib import suppress
from types import ModuleType
from typing import Any

import pytest
from django.db.models import Model

from core import transitions


def take_lock_away(monkeypatch: pytest.MonkeyPatch, verbs: ModuleType, *read_together: type[Model]) -> None:
    """Rows are read instead of locked. Two who run at once have both read before either goes on, and both looked at
    all that refuses before either begins an object.

    Called when everything is set up: whoever comes alone waits three seconds, and nobody waits for anybody after.
    """
    barrier, begin = threading.Barrier(2, timeout=3), transitions.start

    def wait_for_the_other() -> None:
        with suppress(threading.BrokenBarrierError):
            barrier.wait()

    def careless(model: type[Model], pk: Any) -> Any:
        row = model._default_manager.get(pk=pk)
        if model in read_together:
            wait_for_the_other()
        return row

    def begun(*args: Any, **options: Any) -> Any:
        wait_for_the_other()
        return begin(*args, **options)

    monkeypatch.setattr(transitions, "lock", careless)
    monkeypatch.setattr(verbs, "lock", careless)
    monkeypatch.setattr(verbs, "start", begun)
