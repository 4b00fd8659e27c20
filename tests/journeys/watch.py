"""What must never happen on any page: an error in a script, a thing the security policy blocked, a server error."""

import re

from playwright.sync_api import BrowserContext, ConsoleMessage, Frame, Page, expect

# The browser says this of every answer from 400 on. Asking it for each answer would cost a tenth of a journey.
ANSWERED = re.compile(r"Failed to load resource: the server responded with a status of (\d+)")
UNANSWERED = "Failed to load resource: net::"


class Watch:
    """Collects what went wrong in a browser's pages."""

    def __init__(self, context: BrowserContext) -> None:
        self.context = context
        self.said: list[str] = []
        self.missing: set[str] = set()
        self.pages: set[str] = set()
        context.on("page", lambda page: page.on("framenavigated", self._shown))
        context.on("console", self._told)
        context.on("weberror", lambda error: self.said.append(f"script error: {error.error}"))

    @property
    def seen(self) -> list[str]:
        """That there is no such page may be meant, that there is no such part of a page is not."""
        return self.said + [f"404: {address}" for address in self.missing - self.pages]

    def _shown(self, frame: Frame) -> None:
        self.pages.add(frame.url)

    def _told(self, message: ConsoleMessage) -> None:
        answered = ANSWERED.match(message.text)
        if answered and answered[1] == "404":
            self.missing.add(message.location["url"])
        elif (answered and int(answered[1]) < 500) or message.text.startswith(UNANSWERED):
            return
        elif message.type in ("error", "warning"):
            self.said.append(f"console {message.type}: {message.text} {message.location['url']}")


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than its window."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def assert_fits(page: Page) -> None:
    """Asked again until it holds: what was pressed before may still be leading to the next page."""
    assert page.viewport_size
    expect(page.locator("html")).to_have_js_property("scrollWidth", page.viewport_size["width"])
