"""The browser that the journeys share: one that answers no more ends no run, and nothing that goes wrong is missed."""

import os
import signal
from pathlib import Path

import pytest
from playwright.sync_api import Route

from tests.journeys import conftest
from tests.journeys.conftest import Chromium
from tests.journeys.watch import Watch

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


ADDRESS = "http://watched.test/"


@pytest.mark.parametrize(
    ("page", "seen"),
    [
        ("<img src=fine.png>", []),
        ("<img src=404.png>", ["404: http://watched.test/404.png"]),
        ("<script>fetch('500.json')</script>", ["500"]),
        ("<script>fetch('404.json')</script>", ["404: http://watched.test/404.json"]),
        ("<script>fetch('422.json')</script>", []),
        ("<script>console.warn('deprecated')</script>", ["console warning: deprecated"]),
        ("<script>missing()</script>", ["missing is not defined"]),
        ("<iframe src=500></iframe>", ["500"]),
    ],
)
def test_what_goes_wrong_on_a_page_is_seen(chromium: Chromium, page: str, seen: list[str]) -> None:
    def answer(route: Route) -> None:
        name = route.request.url.removeprefix(ADDRESS)
        status = int(name[:3]) if name[:3].isdigit() else 200
        route.fulfill(status=status, content_type="text/html", body=page if name == "page" else "<p>")

    context = chromium.new_context()
    watch = Watch(context)
    context.route("**/*", answer)
    opened = context.new_page()
    opened.goto(f"{ADDRESS}404")  # that there is no such page may be meant
    opened.goto(f"{ADDRESS}page", wait_until="networkidle")
    chromium.close(context)
    assert len(watch.seen) == len(seen), watch.seen
    assert all(part in said for part, said in zip(seen, watch.seen, strict=True)), watch.seen


def test_a_page_that_is_a_server_error_is_seen(chromium: Chromium) -> None:
    context = chromium.new_context()
    watch = Watch(context)
    context.route("**/*", lambda route: route.fulfill(status=503, content_type="text/html", body="<p>"))
    context.new_page().goto(ADDRESS)
    chromium.close(context)
    assert "503" in watch.seen[0]
