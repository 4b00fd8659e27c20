"""Mangled forms at the pages of a rating: an answer always, a server error never, and nothing rated by them. [3.8]"""

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from hypothesis import HealthCheck, given, settings

from cases.models import Case
from core.models import User
from evaluations.forms import RatingForm
from evaluations.services import Opinion
from tests.appointments.test_hostile_forms import EXAMPLES, FORM, MARK, ODD, assert_harmless, attacks
from tests.conftest import Cast
from tests.evaluations.rating_steps import invite, rate

pytestmark = [pytest.mark.django_db, pytest.mark.clause("[3.8]")]
SAME_START = True
PLACES = {
    "rate": ("{own}", tuple(RatingForm.base_fields)),
    "pressure": ("{own}pressure/", ("content", "contact")),
    "link": ("{slip}rating/", ("round",)),
    "sums": ("/console/evaluations/sums/", ("quarter",)),
}


class World:
    def __init__(self, closed: Case, inspector: User) -> None:
        self.invitation = invite(closed)
        self.public = Client(raise_request_exception=False)
        self.staff = Client(raise_request_exception=False)
        self.staff.force_login(inspector, backend="departments.backends.RoleBackend")

    def ask(
        self, address: str, method: str = "GET", kind: str = "", body: bytes = b"", query: str = ""
    ) -> HttpResponse:
        slip = f"/b/{self.invitation.case.booking.ticket_secret}/"
        path = address.format(own=f"/r/{self.invitation.secret}/", slip=slip)
        client = self.staff if path.startswith("/console/") else self.public
        return client.generic(method, path, body, content_type=kind, headers={}, QUERY_STRING=query)


@pytest.fixture
def world(closed: Case, cast: Cast) -> World:
    return World(closed, cast.inspector)


@pytest.mark.parametrize("name", PLACES)
def test_mangled_form_is_answered(world: World, name: str) -> None:
    address, fields = PLACES[name]

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.data_too_large, HealthCheck.too_slow],
    )
    @given(attacks(fields))
    def throw(attack: tuple[str, str, bytes]) -> None:
        cache.clear()
        assert_harmless(world.ask(address, *attack))

    throw()


@pytest.mark.parametrize("address", ["{own}", "{own}pressure/", "{slip}", "/console/evaluations/sums/"])
def test_mangled_query_is_answered(world: World, address: str) -> None:
    both = ("consultation=yes&handling=%00", "consultation=yes&consultation=no&handling=no", "handling=" + "no" * 5000)
    for query in (*ODD, *both, "consultation=%ed%a0%80", "quarter=%ff"):
        assert_harmless(world.ask(address, query=query))


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("address", ["/r/" + "A" * 26 + "/", "/r/%ff/", "/r/" + "a" * 25 + "/", "/r//"])
def test_mangled_address_is_answered(world: World, address: str, method: str) -> None:
    assert_harmless(world.ask(address, method, FORM))


def test_what_is_shown_is_escaped(world: World, closed: Case) -> None:
    rate(world.invitation, Opinion(False, False, comment=MARK))
    rating = closed.ratings.get()
    for place in ("{own}", f"/console/evaluations/rating/{rating.pk}/change/"):
        shown = world.ask(place)
        assert_harmless(shown)
        assert b"&lt;script&gt;" in shown.content, place
