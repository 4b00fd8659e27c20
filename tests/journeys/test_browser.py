"""The browser that the journeys share: one that answers no more ends no run, and nothing that goes wrong is missed."""

import os
import signal
from pathlib import Path

import pytest
from playwright.sync_api import Route

from tests.journeys import conftest
from tests.journeys.conftest import Chromium
from tests.journeys.watch import Watch

pytestmark = [pytest.mark.journey, pytest.mark.browser]


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


ADDRESS = "http://watched.test/"


def test_what_goes_wrong_on_a_page_is_seen(chromium: Chromium) -> None:
    """Parts that are missing and servers that fail, on the page and in a frame; not a missing page, nor a refusal."""
    wrong = """
        <img src="fine.png"><img src="404.png"><iframe src="500.html"></iframe>
        <script>fetch("503.json"); fetch("404.json"); fetch("422.json"); console.warn("deprecated")</script>
        <script>missing()</script>"""

    def answer(route: Route) -> None:
        name = route.request.url.removeprefix(ADDRESS)
        status = int(name[:3]) if name[:3].isdigit() else 200
        route.fulfill(status=status, content_type="text/html", body=wrong if name == "page" else "<p>")

    context = chromium.new_context()
    watch = Watch(context)
    context.route("**/*", answer)
    opened = context.new_page()
    opened.goto(f"{ADDRESS}404")
    opened.goto(f"{ADDRESS}page", wait_until="networkidle")
    opened.goto(f"{ADDRESS}502")
    chromium.close(context)
    said = sorted(watch.seen)
    assert said[:2] == [f"404: {ADDRESS}404.json", f"404: {ADDRESS}404.png"]
    for part in ("500.html", "502", "503.json", "console warning: deprecated", "missing is not defined"):
        assert sum(part in line for line in said) == 1, (part, said)
    assert len(said) == 7, said
