"""Mangled forms at every place of the window that takes one: an answer always, a server error never. [3.1]"""

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from hypothesis import HealthCheck, given, settings

from inquiries.forms import DeskQuestionForm, SiteQuestionForm
from inquiries.models import FrequentAnswer, Inquiry
from tests.appointments.conftest import answers, consent
from tests.appointments.test_hostile_forms import EXAMPLES, FORM, MARK, ODD, assert_harmless, attacks
from tests.conftest import Cast
from tests.inquiries.conftest import answer, ask, follow_up, question
from tests.inquiries.test_frequent import area

pytestmark = [pytest.mark.django_db, pytest.mark.clause("[3.1]")]
CONSOLE = "/console/inquiries/inquiry/"
PLACES = {
    "ask": ("/questions/ask/", tuple(SiteQuestionForm.base_fields)),
    "more": ("{own}more/", ("text",)),
    "helped": ("{own}helped/", ("helped",)),
    "desk": (f"{CONSOLE}desk/", tuple(DeskQuestionForm.base_fields)),
    "book": (f"{CONSOLE}{{pk}}/book/", ("sitting", "company_name", "credit_code", "mobile", "join", "submission")),
    "answer": (f"{CONSOLE}{{pk}}/do/answer/", ("text",)),
    "point on": (f"{CONSOLE}{{pk}}/do/point-on/", ("department", "place", "text")),
    "pass": (f"{CONSOLE}{{pk}}/do/pass/", ("department", "note")),
    "frequent": (
        "/console/inquiries/frequentanswer/add/?from={pk}",
        ("question", "answer", "area", "position", "is_published", "names_nobody"),
    ),
}


class World:
    def __init__(self, cast: Cast) -> None:
        consent()
        answers()
        self.inquiry = ask()
        self.public = Client(raise_request_exception=False)
        self.staff = Client(raise_request_exception=False)
        self.staff.force_login(cast.bureau_staff, backend="departments.backends.RoleBackend")

    def ask(
        self, address: str, method: str = "GET", kind: str = "", body: bytes = b"", query: str = ""
    ) -> HttpResponse:
        path, _mark, own_query = address.format(own=f"/q/{self.inquiry.secret}/", pk=self.inquiry.pk).partition("?")
        client = self.staff if path.startswith("/console/") else self.public
        return client.generic(method, path, body, content_type=kind, headers={}, QUERY_STRING=query or own_query)


@pytest.fixture
def world(cast: Cast) -> World:
    return World(cast)


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


@pytest.mark.parametrize("address", ["/questions/", "/questions/ask/", "{own}", CONSOLE])
def test_mangled_query_is_answered(world: World, address: str) -> None:
    for query in (*ODD, "page=%ff", "q=%ed%a0%80%ed%a0%80", "q=" + "%25" * 60, "from=%00"):
        assert_harmless(world.ask(address, query=query))


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("address", ["/q/" + "A" * 26 + "/", "/q/%ff/", CONSOLE + "9" * 30 + "/book/"])
def test_mangled_address_is_answered(world: World, address: str, method: str) -> None:
    assert_harmless(world.ask(address, method, FORM))


def test_what_is_shown_to_others_is_escaped(world: World, cast: Cast) -> None:
    inquiry = ask(question=question(text=MARK, company_name=MARK[:50], contact_name=MARK))
    follow_up(inquiry, text=MARK)
    answer(inquiry, cast.window_clerk, text=MARK)
    FrequentAnswer.objects.create(question=MARK, answer=MARK, area=area(), is_published=True)
    world.inquiry = Inquiry.objects.get(pk=inquiry.pk)
    own = ("{own}", "/questions/", f"/questions/?q={MARK}", "/console/inquiries/frequentanswer/add/?from={pk}")
    for place in (*own, CONSOLE, CONSOLE + "{pk}/change/", "/console/inquiries/frequentanswer/"):
        shown = world.ask(place)
        assert_harmless(shown)
        assert b"&lt;script&gt;" in shown.content, place
