"""Every address, asked by every role and by nobody, answers as `addresses.py` says."""

import logging
import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest
from django.contrib import admin
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client

from core.context_processors import LARGE_VIEW_COOKIE
from tests.conftest import CAST, Cast
from tests.portal.addresses import MODELS, PUBLIC, ROWS, SCRIPTS, SECRET
from tests.portal.visitors import Row
from tests.portal.world import World, all_addresses, make_world
from tests.starts import same_start, whole_cast

pytestmark = pytest.mark.django_db
SAME_START = True
# Who may is decided in the code, not by the database, and asking everything is dear: nobody and one of each side ask
# on PostgreSQL, all the others on SQLite.
ONE_OF_EACH_SIDE = ["bureau_supervisor", "department_head", "other_department_staff", "leader"]
OTHERS = [name for name in CAST if name not in ONE_OF_EACH_SIDE]
VISITORS = ["nobody", *ONE_OF_EACH_SIDE] if connection.vendor == "postgresql" else OTHERS
ARGUMENT = re.compile(r"<\w+:(\w+)>")
# The one public address that sets a cookie, and only because the visitor asks for the larger view.
SETS_A_COOKIE = "view/"
# Where nobody who is not signed in is led to the sign-in page.
OPEN_OF_THE_CONSOLE = {"console/login/", "console/logout/"}
ASKED_BY_SCRIPTS = {row.route for row in SCRIPTS}
STAFF_ONLY = {row.route for row in ROWS if row.route.startswith("console/")} - OPEN_OF_THE_CONSOLE
OPEN_TO_ALL = {row.route for row in (*PUBLIC, *SECRET)} - {SETS_A_COOKIE}
OF_MODELS = {row.route for row in MODELS}
BEHIND_A_SECRET = {row.route for row in SECRET}


@pytest.fixture(autouse=True)
def refusals_unlogged() -> Iterator[None]:
    """Half of the answers are refusals that are meant, each of them a line and a traceback to be written."""
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


class Start(NamedTuple):
    cast: Cast
    world: World


def make_start() -> Start:
    cast = whole_cast()
    return Start(cast, make_world(cast))


# Asked by everybody, and changed by nobody: whatever a request does is taken back.
start = same_start(make_start)


@pytest.fixture
def cast(start: Start, db: None) -> Cast:
    return start.cast


@pytest.fixture
def world(start: Start, db: None) -> World:
    return start.world


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
    """One pass, because asking is what costs: the status, and all that must hold of any answer."""
    client, astray = visitor(who, cast), []
    for row in ROWS:
        for method in ("get", "post"):
            response = ask(client, method, address_of(row, world))
            for fault in faults(row, who, method, response):
                astray.append(f"{method} {row.route} {row.arguments}: {fault}")
    assert not astray, "\n".join(astray)


def faults(row: Row, who: str, method: str, response: HttpResponse) -> Iterator[str]:
    if response.status_code != row.expected(who, method):
        yield f"{response.status_code}, not {row.expected(who, method)}"
    policy = response.get("Content-Security-Policy", "")
    if "default-src 'self'" not in policy or "unsafe" in policy:
        yield f"content policy {policy!r}"
    if must_not_be_stored(row, response) and "no-store" not in response.get("Cache-Control", ""):
        yield f"may be stored: {response.get('Cache-Control')!r}"
    if who == "nobody" and row.route in OPEN_TO_ALL and response.cookies:
        yield f"sets a cookie: {response.cookies.output()}"
    if who == "nobody" and row.route in STAFF_ONLY - ASKED_BY_SCRIPTS and not leads_to_sign_in(response):
        yield f"leads to {response.status_code} {response.get('Location')}"


def must_not_be_stored(row: Row, response: HttpResponse) -> bool:
    if row.route in BEHIND_A_SECRET:
        return response.status_code != 404
    return row.route in OF_MODELS | ASKED_BY_SCRIPTS and response.status_code == 200


def leads_to_sign_in(response: HttpResponse) -> bool:
    return response.status_code == 302 and urlsplit(response["Location"]).path == "/console/login/"


def test_the_larger_view_sets_its_own_cookie_and_no_other(client: Client) -> None:
    response = client.get("/view/?large=1&next=/")
    assert list(response.cookies) == [LARGE_VIEW_COOKIE]
    assert response.cookies[LARGE_VIEW_COOKIE]["httponly"]
