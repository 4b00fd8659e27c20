"""WCAG A and AA as far as a machine can judge it, on every page; and the larger view."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import connection
from django.utils import timezone
from playwright.sync_api import Page, expect

from sessions_app.models import Sitting
from tests.appointments.conftest import accept, confirm, take, wait
from tests.cases.conftest import OTHER, close_at_once, hand_over
from tests.conftest import Cast
from tests.journeys import steps
from tests.journeys.conftest import PHONE, Open
from tests.journeys.test_booking import FINGER_PIXELS
from tests.journeys.test_bureau import sign_in
from tests.journeys.watch import assert_fits, overflow

pytestmark = [pytest.mark.journey, pytest.mark.browser]
AXE = Axe().axe_script
WIDTHS = (390, 1024, 1440)
# Judged where least is shown at once and where most is: the width between only moves things, and must fit. And pages
# look the same on both databases: on SQLite each is only opened, on a phone.
JUDGED_AT = (390, 1440)
ON_SQLITE = connection.vendor == "sqlite"
# The judge fetches no style sheets a second time, and stands in the page past its security policy.
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "preload": False,
    "resultTypes": ["violations"],
}
JUDGED = {"bypass_csp": True}
CONSOLE_PAGES = [
    "",
    "appointments/booking/",
    "appointments/booking/{booking}/change/",
    "appointments/booking/{booking}/do/reveal/",
    "appointments/booking/desk/",
    "appointments/booking/triage/{booking}/",
    "appointments/booking/placing/{sitting}/",
    "appointments/verification/",
    "reports/serviceitemslist/",
    "reports/serviceitemslist/make/",
    "sessions_app/sitting/",
    "sessions_app/sitting/{sitting}/change/",
    "sessions_app/sitting/{sitting}/do/add-session/",
    "sessions_app/sitting/import/",
    "appointments/choice/",
    "password_change/",
]

FIELDS = ".form-row :is(select, textarea, input:not([type=hidden], [type=checkbox], [type=radio], [type=file]))"


def violations(page: Page) -> list[str]:
    """Brings the judge into the page, where it stays until the next page is opened."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found = page.evaluate("rules => axe.run(rules)", RULES)["violations"]
    return [
        f"{page.url} {v['id']}: {node['target']} {node['failureSummary'][:160]}"
        for v in found
        for node in v["nodes"][:3]
    ]


def judge(page: Page, addresses: list[str], also: Callable[[Page], None] = lambda page: None) -> None:
    """Each page is opened once and then made narrower and wider."""
    bad: list[str] = []
    for address in addresses:
        page.goto(address)
        for width in WIDTHS[:1] if ON_SQLITE else WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            also(page)
            if width in JUDGED_AT and not ON_SQLITE:
                bad += [f"{width} px: {found}" for found in violations(page)]
    assert not bad, "\n".join(bad)


@pytest.fixture
def public_addresses(sitting: Sitting, cast: Cast) -> list[str]:
    """Every public page, with a slip in three states and a case in two."""
    now = timezone.now()
    held, confirmed = take(sitting, 1, now=now), take(sitting, 2, now=now)
    confirm(confirmed, now=now)
    take(sitting, 3, now=now)
    cases = case_pages(sitting, cast)
    own, number = f"/b/{held.ticket_secret}/", f"/sittings/{sitting.pk}/number/"
    slips = [own, f"/b/{confirmed.ticket_secret}/", f"/b/{wait(sitting, 6, now=now).ticket_secret}/"]
    forms = [f"{own}form/{step}/" for step in steps.STEPS] + [f"{own}cancel/", f"{own}pressure/"]
    general = [
        "/",
        "/sittings/",
        f"/sittings/{sitting.pk}/",
        f"/sittings/{sitting.pk}/poster/",
        "/find/",
        "/feedback/",
    ]
    return [
        *general,
        number,
        f"{number}?join=1",
        "/nothing/",
        *slips,
        *forms,
        *cases,
        f"/c/{confirmed.checkin_secret}/",
    ]


def case_pages(sitting: Sitting, cast: Cast) -> list[str]:
    """One that two departments handle, and one that was solved on the spot; adding to each."""
    now = timezone.now()
    handled, solved = (accept(confirm(take(sitting, n, now=now), now=now), cast.bureau_staff, now=now) for n in (4, 5))
    hand_over(handled, cast.department_head, assisting=(OTHER,), now=now)
    close_at_once(solved, cast.department_head)
    own = [f"/b/{booking.ticket_secret}/" for booking in (handled, solved)]
    return [*own, *[f"{address}case/add/" for address in own]]


def test_public_pages_have_no_barrier_and_fit(opened: Open, public_addresses: list[str]) -> None:
    judge(opened(**JUDGED), public_addresses, also=assert_fits)


def assert_a_finger_meets_what_is_filled(page: Page) -> None:
    if page.viewport_size == {"width": PHONE["viewport"]["width"], "height": 900}:
        shown = page.locator(f"{FIELDS}, .submit-row :is(input, a)").filter(visible=True)
        heights = shown.evaluate_all("all => all.map(e => [e.name || e.text, e.getBoundingClientRect().height])")
        assert not [row for row in heights if row[1] < FINGER_PIXELS], page.url


def test_console_pages_have_no_barrier(opened: Open, sitting: Sitting, cast: Cast) -> None:
    booking = confirm(take(sitting, 1, now=timezone.now()), now=timezone.now())
    page = opened(**JUDGED)
    judge(page, ["/console/login/"])
    sign_in(page, "bureau_supervisor")
    addresses = [f"/console/{place.format(booking=booking.pk, sitting=sitting.pk)}" for place in CONSOLE_PAGES]
    judge(page, addresses, also=assert_a_finger_meets_what_is_filled)


def test_wrong_form_has_no_barrier(opened: Open, sitting: Sitting) -> None:
    phone = opened(**PHONE, **JUDGED)
    steps.open_take_page(phone, sitting)
    phone.fill("#id_credit_code", "123")
    steps.press(phone, "取号")
    expect(phone.locator(".error-summary")).to_be_focused()
    assert not violations(phone)


def test_larger_view_is_kept_and_loses_nothing(opened: Open, public_addresses: list[str]) -> None:
    page = opened(**PHONE)
    page.goto("/find/")
    before = page.evaluate("getComputedStyle(document.querySelector('main')).fontSize")
    page.get_by_role("link", name="大字版").click()
    assert page.url.endswith("/find/")
    after = page.evaluate("getComputedStyle(document.querySelector('main')).fontSize")
    assert float(after.removesuffix("px")) >= 1.2 * float(before.removesuffix("px"))
    wide = {}
    for address in public_addresses:
        page.goto(address)
        if overflow(page) > 0:
            wide[address] = overflow(page)
    assert not wide, wide
    page.goto("/find/")
    page.get_by_role("link", name="标准版").click()
    assert page.evaluate("getComputedStyle(document.querySelector('main')).fontSize") == before
