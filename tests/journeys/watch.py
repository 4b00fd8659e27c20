"""What must never happen on any page: an error in a script, a thing the security policy blocked, a server error."""

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Response, expect

# The browser says this of every answer from 400 on, also of one that is meant: an answer is judged by its status.
SAID_OF_ANSWERS = "Failed to load resource"


class Watch:
    """Collects what went wrong in a browser's pages."""

    def __init__(self, context: BrowserContext) -> None:
        self.context = context
        self.seen: list[str] = []
        context.on("console", self._said)
        context.on("response", self._answered)
        context.on("weberror", lambda error: self.seen.append(f"script error: {error.error}"))

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(SAID_OF_ANSWERS):
            self.seen.append(f"console {message.type}: {message.text}")

    def _answered(self, answer: Response) -> None:
        if answer.status >= 500 or (answer.status == 404 and not answer.request.is_navigation_request()):
            self.seen.append(f"{answer.status}: {answer.url}")


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than its window."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def assert_fits(page: Page) -> None:
    """Asked again until it holds: what was pressed before may still be leading to the next page."""
    assert page.viewport_size
    expect(page.locator("html")).to_have_js_property("scrollWidth", page.viewport_size["width"])
