"""The browser that the journeys share: one that answers no more ends no run."""

import os
import signal
from pathlib import Path

import pytest

from tests.journeys import conftest
from tests.journeys.conftest import Chromium

pytestmark = pytest.mark.journey


def test_browser_that_never_closes_is_killed_and_started_anew(
    chromium: Chromium, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conftest, "CLOSE_SECONDS", 1)
    context = chromium.new_context()
    context.new_page().set_content("x")
    for found in Path("/proc").glob("[0-9]*/cmdline"):
        if chromium.mark.encode() in found.read_bytes().split(b"\0"):
            os.kill(int(found.parent.name), signal.SIGSTOP)
    chromium.close(context)
    fresh = chromium.new_context()
    assert fresh.new_page().evaluate("1 + 1") == 2
    chromium.close(fresh)
