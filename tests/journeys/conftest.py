"""Real browsers against a real server: phones and desks, each with an eye on what must never happen on a page."""

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.core.cache import cache
from playwright.sync_api import Browser, Page, sync_playwright

from departments.models import Department
from scripts.debian import browser
from sessions_app.models import Sitting
from tests.factories import make_sitting
from tests.journeys.watch import Watch

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}
DESK = {"viewport": {"width": 1440, "height": 900}}
FILLED_BY = (
    ("core.migrations.0002_fill_calendar", "fill"),
    ("departments.migrations.0002_units_of_the_notice", "add_units"),
    ("appointments.migrations.0002_reference_data", "fill"),
)
WAIT_MILLISECONDS = 8000

Open = Callable[..., Page]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for the whole run: the distribution's where there is one."""
    args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=browser(), args=args)
        yield started
        started.close()


@pytest.fixture
def reference_data(transactional_db: None) -> None:
    """What migrations filled, and the flush after the transactional test before emptied."""
    cache.clear()
    if not Department.objects.exists():
        for module, function in FILLED_BY:
            getattr(import_module(module), function)(apps, None)


@pytest.fixture
def opened(reference_data: None, live_server: Any, chromium: Browser) -> Iterator[Open]:
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
        watch.context.close()
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
