"""Every address, asked by every role and by nobody, answers as `addresses.py` says."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.contrib import admin
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from core.context_processors import LARGE_VIEW_COOKIE
from tests.conftest import CAST, Cast
from tests.portal.addresses import MODELS, PUBLIC, ROWS, SECRET, Row
from tests.portal.world import World, all_addresses, make_world

pytestmark = pytest.mark.django_db
VISITORS = ["nobody", *CAST]
ARGUMENT = re.compile(r"<\w+:(\w+)>")
# The one public address that sets a cookie, and only because the visitor asks for the larger view.
SETS_A_COOKIE = "view/"
# Where nobody who is not signed in is led to the sign-in page.
OPEN_OF_THE_CONSOLE = {"console/login/", "console/logout/"}


@pytest.fixture
def world(cast: Cast) -> World:
    return make_world(cast)


def address_of(row: Row, world: World) -> str:
    if "path" in row.arguments:
        return f"/{row.arguments['path']}"
    return "/" + ARGUMENT.sub(lambda match: world.argument(row.arguments[match[1]]), row.route)


def visitor(who: str, cast: Cast) -> Client:
    client = Client(raise_request_exception=False)
    if who != "nobody":
        client.force_login(cast[who])
    return client


def ask(client: Client, method: str, address: str) -> HttpResponse:
    """One request that leaves nothing behind, neither rows nor a session that ended."""
    cookies = client.cookies.output()
    with transaction.atomic():
        response = getattr(client, method)(address)
        if response.streaming:
            list(response)  # a file is closed when it was read to its end
        transaction.set_rollback(True)
    client.cookies.clear()
    client.cookies.load(cookies.replace("Set-Cookie: ", ""))
    return response


def answers(
    rows: list[Row], world: World, client: Client, methods: tuple[str, ...] = ("get", "post")
) -> Iterator[tuple[Row, str, HttpResponse]]:
    for row in rows:
        for method in methods:
            yield row, method, ask(client, method, address_of(row, world))


def test_every_address_is_in_the_table_and_the_other_way_round() -> None:
    listed, there = {row.route for row in ROWS}, set(all_addresses())
    assert sorted(there - listed) == [], "Enter these in tests/portal/addresses.py."
    assert sorted(listed - there) == [], "These are gone."


def test_every_button_of_the_console_is_in_the_table_and_the_other_way_round() -> None:
    there = {
        (f"console/{model._meta.app_label}/{model._meta.model_name}/", button.name)
        for model, page in admin.site._registry.items()
        for button in getattr(page, "all_buttons", list)()
    }
    rows = [row for row in MODELS if row.arguments.get("verb", "nothing") != "nothing"]
    assert {(row.route.partition("<")[0], row.arguments["verb"]) for row in rows} == there


@pytest.mark.parametrize("who", VISITORS)
def test_every_address_answers_as_the_table_says(who: str, world: World, cast: Cast) -> None:
    wrong = [
        f"{method} {row.route} {row.arguments}: {response.status_code}, not {row.expected(who, method)}"
        for row, method, response in answers(ROWS, world, visitor(who, cast))
        if response.status_code != row.expected(who, method)
    ]
    assert not wrong, "\n".join(wrong)


def test_staff_pages_lead_nobody_to_the_sign_in_page(world: World) -> None:
    rows = [row for row in ROWS if row.route.startswith("console/") and row.route not in OPEN_OF_THE_CONSOLE]
    astray = [
        f"{method} {row.route}: {response.status_code} {response.get('Location')}"
        for row, method, response in answers(rows, world, Client(raise_request_exception=False))
        if response.status_code != 302 or urlsplit(response["Location"]).path != "/console/login/"
    ]
    assert not astray, "\n".join(astray)


def test_public_pages_set_no_cookie(world: World) -> None:
    rows = [row for row in (*PUBLIC, *SECRET) if row.route != SETS_A_COOKIE]
    found = [
        f"{method} {row.route}: {response.cookies.output()}"
        for row, method, response in answers(rows, world, Client(raise_request_exception=False))
        if response.cookies
    ]
    assert not found, "\n".join(found)


def test_the_larger_view_sets_its_own_cookie_and_no_other(client: Client) -> None:
    response = client.get("/view/?large=1&next=/")
    assert list(response.cookies) == [LARGE_VIEW_COOKIE]
    assert response.cookies[LARGE_VIEW_COOKIE]["httponly"]


@pytest.mark.parametrize("who", ["nobody", "bureau_supervisor"])
def test_every_answer_carries_a_strict_content_policy(who: str, world: World, cast: Cast) -> None:
    found = []
    for row, method, response in answers(ROWS, world, visitor(who, cast), ("get",)):
        policy = response.get("Content-Security-Policy", "")
        if "default-src 'self'" not in policy or "unsafe" in policy:
            found.append(f"{method} {row.route}: {policy!r}")
    assert not found, "\n".join(found)


def test_pages_behind_a_secret_are_never_stored(world: World) -> None:
    found = [
        f"{method} {row.route}: {response.get('Cache-Control')!r}"
        for row, method, response in answers(SECRET, world, Client(raise_request_exception=False))
        if response.status_code != 404 and "no-store" not in response.get("Cache-Control", "")
    ]
    assert not found, "\n".join(found)


def test_staff_pages_are_never_stored(world: World, cast: Cast) -> None:
    client = visitor("bureau_supervisor", cast)
    rows = [row for row in MODELS if row.expected("bureau_supervisor", "get") == 200]
    found = [
        f"{method} {row.route}: {response.get('Cache-Control')!r}"
        for row, method, response in answers(rows, world, client, ("get",))
        if "no-store" not in response.get("Cache-Control", "")
    ]
    assert rows
    assert not found, "\n".join(found)
