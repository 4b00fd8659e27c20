"""Real browsers against a real server: phones and desks, each with an eye on what must never happen on a page."""

import contextlib
import os
import signal
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Error, Page, Playwright, sync_playwright

from appointments import services
from appointments.models import Booking
from scripts.debian import browser
from sessions_app.models import Session, Sitting
from tests.appointments.day_steps import placed
from tests.conftest import Cast
from tests.factories import make_sitting
from tests.journeys.watch import Watch

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}
TABLET = {"viewport": {"width": 1024, "height": 768}, "has_touch": True}
DESK = {"viewport": {"width": 1440, "height": 900}}
WAIT_MILLISECONDS = 8000
# Of several such lists the browser heeds the last, so what Playwright turns off is repeated. The last two make a frame
# and a process anew for every page: a third of what the browser costs, and nothing that a journey looks at.
TURNED_OFF = (
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable",
    "MediaRouter",
    "PaintHolding",
    "ThirdPartyStoragePartitioning",
    "OptimizationHints",
    "NetworkTimeServiceQuerying",
    "RenderDocument",
    "SpareRendererForSitePerProcess",
)
CLOSE_SECONDS = 20

Open = Callable[..., Page]


class Chromium:
    """One browser for all journeys, started anew when it had to be killed.

    A context that is closed while the page still asks for something was seen to wait for ever, once in some runs: the
    browser is then killed, which ends the wait, and the journeys after it get another.
    """

    def __init__(self, playwright: Playwright) -> None:
        self.playwright = playwright
        self.started: Browser | None = None
        # Chromium passes over what it does not know; it is how the process is found again.
        self.mark = f"--started-by={os.getpid()}"

    def new_context(self, **options: Any) -> BrowserContext:
        if self.started is None or not self.started.is_connected():
            args = ["--no-sandbox", "--disable-gpu", self.mark, f"--disable-features={','.join(TURNED_OFF)}"]
            self.started = self.playwright.chromium.launch(executable_path=browser(), args=args)
        return self.started.new_context(**options)

    def close(self, context: BrowserContext) -> None:
        watchdog = threading.Timer(CLOSE_SECONDS, self.kill)
        watchdog.start()
        try:
            context.close()
        except Error:
            if self.started and self.started.is_connected():
                raise
        finally:
            watchdog.cancel()

    def kill(self) -> None:
        for found in Path("/proc").glob("[0-9]*/cmdline"):
            with contextlib.suppress(OSError):
                if self.mark.encode() in found.read_bytes().split(b"\0"):
                    os.kill(int(found.parent.name), signal.SIGKILL)


@pytest.fixture(scope="package")
def chromium() -> Iterator[Chromium]:
    # It ends with the last journey: while the driver's event loop runs in this thread, Django keeps connections apart
    # from those of before, and one that a later test opened would hold the test database when it is to be dropped.
    with sync_playwright() as playwright:
        ours = Chromium(playwright)
        yield ours
        if ours.started and ours.started.is_connected():
            ours.started.close()


@pytest.fixture
def reference_data(transactional_db: None) -> None:
    """As the migrations filled it, and nothing of it remembered from the test before."""
    cache.clear()


@pytest.fixture
def opened(reference_data: None, live_server: Any, chromium: Chromium) -> Iterator[Open]:
    """Opens a visitor's own browser, watched until the end of the test."""
    watches: list[Watch] = []

    def open_one(**options: Any) -> Page:
        context = chromium.new_context(
            base_url=live_server.url, locale="zh-CN", timezone_id="Asia/Shanghai", accept_downloads=True, **options
        )
        context.set_default_timeout(WAIT_MILLISECONDS)
        watches.append(Watch(context))
        return context.new_page()

    yield open_one
    for watch in watches:
        chromium.close(watch.context)
    seen = sorted({said[:200] for watch in watches for said in watch.seen})
    assert not seen, "\n".join(seen)


@pytest.fixture
def phone(opened: Open) -> Page:
    return opened(**PHONE)


@pytest.fixture
def desk(opened: Open) -> Page:
    return opened(**DESK)


@pytest.fixture
def sitting(reference_data: None) -> Sitting:
    """Open for booking now, with three sessions."""
    return make_sitting(published=True, sessions=("main", "special"))


@pytest.fixture
def today(sitting: Sitting, cast: Cast) -> Session:
    """The open sitting, with three accepted bookings placed in a session that is held now."""
    now = timezone.now()
    session = sitting.sessions.order_by("starts_at", "pk")[0]
    for serial in (1, 2, 3):
        placed(sitting, serial, cast.bureau_staff, now=now, session=session)
    starts = now - timedelta(minutes=5)
    shift = starts - session.starts_at
    Sitting.objects.filter(pk=sitting.pk).update(day=timezone.localdate(now))
    for row in Session.objects.filter(sitting=sitting):
        row.starts_at, row.ends_at = row.starts_at + shift, last_minute(row.ends_at + shift, starts)
        row.save()
    for booking in Booking.objects.filter(session=session):
        booking.meet_at = (booking.meet_at or now) + shift
        booking.told_place = booking.place_key
        booking.save()
    session.refresh_from_db()
    return session


@pytest.fixture
def waiting(today: Session, cast: Cast) -> Session:
    """All three sit in the hall."""
    for booking in Booking.objects.filter(session=today):
        services.check_in(booking_id=booking.pk, actor=cast.window_clerk, now=timezone.now())
    return today


def last_minute(ends: datetime, starts: datetime) -> datetime:
    """On the day on which the session starts, also for who runs the tests at night."""
    night = timezone.localtime(starts).replace(hour=23, minute=59, second=59)
    return min(ends, night) if ends > night else ends
