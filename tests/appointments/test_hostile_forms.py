"""Mangled forms by the thousand at every place that takes one: an answer always, a server error never."""

from typing import Any
from urllib.parse import quote_from_bytes

import pytest
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appointments import services
from appointments.forms import ANSWER_FORMS
from appointments.models import Booking
from core import audit, secrets
from core.models import User
from portal.models import Feedback
from tests.appointments.conftest import answers, application, confirm, consent
from tests.conftest import Cast
from tests.factories import make_sitting

pytestmark = [pytest.mark.django_db, pytest.mark.clause("[3.3]")]
# PostgreSQL refuses more than SQLite does (NUL, what lies outside a column's range), so most are thrown there.
EXAMPLES = 50 if connection.vendor == "postgresql" else 20
MARK = "<script>alert('mark')</script>"
BOUNDARY = "xx"
FORM, MULTIPART = "application/x-www-form-urlencoded", f"multipart/form-data; boundary={BOUNDARY}"
CONTENT_TYPES = [
    *[FORM] * 6,
    *[MULTIPART] * 3,
    "multipart/form-data",
    "multipart/form-data; boundary=",
    "multipart/form-data; boundary=" + "x" * 300,
    "application/json",
    "text/plain",
    "image/png; \x7f",
    "",
    *(f"{kind}; charset={name}" for kind in (FORM, MULTIPART) for name in ("gbk", "utf-16", "utf-7", "nothing")),
    *(f"{MULTIPART}; charset={name}" for name in ("raw_unicode_escape", "utf-8-sig")),
]
# Python takes them for encodings; none of them decodes a form.
NO_CHARSETS = ["rot13", "base64", "idna", "punycode", "undefined", "zip"]
TAKE = ("enterprise_kind", "company_name", "credit_code", "mobile", "submission", "join", "claim")
WHOLE_FORM = tuple(name for form in ANSWER_FORMS.values() for name in form.base_fields)
NASTY = [
    b"",
    b"\x00",
    b"a\x00b",
    b"\xff\xfe\xfa",
    b"\xed\xa0\x80",  # a lone surrogate, as sent bytes
    b"\\ud800",
    b"+2AA-",
    b"\xe2\x80\xae\xd7\xa9\xd7\x9c",  # written from right to left
    "😀👨‍👩‍👧".encode(),
    "🏭".encode() * 40,
    b"x" * 100_000,
    b"9" * 30,
    b"-9223372036854775809",
    b"9" * 5000,
    b"1e309",
    b"NaN",
    b"0x10",
    b"None",
    b"[]",
    b'{"a": [1]}',
    b"' OR 1=1; DROP TABLE appointments_booking; --",
    MARK.encode(),
    b'"><img src=x onerror=alert(1)>',
    b"{{ settings.SECRET_KEY }}{% debug %}",
    b"../../etc/passwd",
    b"a\r\nSet-Cookie: x=1",
    b"\x0b\x1f",
    b"%",
    b"%zz",
    "１３８００００００００".encode(),
    b"+8613800000000",
    b"operating",
    b"investing",
    b"sms",
    b"on",
    b"1",
    b"0",
    b"-1",
]


def place_names() -> dict[str, tuple[str, tuple[str, ...]]]:
    """Each place, by its address with `{own}`, `{sitting}`, `{pk}`, and the fields that it asks."""
    steps = {
        f"step {name}": ("{own}form/" + name + "/", tuple(form.base_fields)) for name, form in ANSWER_FORMS.items()
    }
    kept = {f"keep {name}": ("{own}form/" + name + "/keep/", tuple(f.base_fields)) for name, f in ANSWER_FORMS.items()}
    return {
        "take": ("/sittings/{sitting}/number/", TAKE),
        **steps,
        **kept,
        "files": ("{own}form/files/", ("attachments", "next", "upload")),
        "review": ("{own}form/review/", ("consent", "submit")),
        "find": ("/find/", ("reference", "mobile")),
        "feedback": ("/feedback/", ("content", "contact")),
        "pressure": ("{own}pressure/", ("content", "contact")),
        "desk": ("/console/appointments/booking/desk/", ("sitting", *TAKE)),
        "desk answers": ("/console/appointments/booking/{pk}/answers/", (*WHOLE_FORM, "consent")),
        "reveal": ("/console/appointments/booking/{pk}/do/reveal/", ("reason",)),
    }


PLACES = place_names()
Pairs = list[tuple[str, bytes]]


def values() -> st.SearchStrategy[bytes]:
    return st.one_of(
        st.sampled_from(NASTY),
        st.binary(max_size=60),
        st.text(max_size=60).map(lambda text: text.encode("utf8", "surrogatepass")),
        st.integers().map(lambda number: str(number).encode()),
    )


def pairs_of(fields: tuple[str, ...]) -> st.SearchStrategy[Pairs]:
    """Fields of the form in any order, any number of times, some as arrays, some that nobody asked for."""
    name = st.sampled_from([*fields, *fields, *(f"{field}[]" for field in fields[:2]), "csrfmiddlewaretoken", "pk"])
    return st.lists(st.tuples(name, values()), max_size=2 * len(fields) + 2)


def urlencoded(pairs: Pairs, raw: bool) -> bytes:
    """Percent-encoded as a browser would, or as it comes."""
    ended = ((name.encode(), value if raw else quote_from_bytes(value).encode()) for name, value in pairs)
    return b"&".join(name + b"=" + value for name, value in ended)


def multipart(pairs: Pairs, files: bool) -> bytes:
    parts = []
    for name, value in pairs:
        filename = f'; filename="{name}.pdf\x01"' if files else ""
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{filename}\r\n\r\n'
        parts.append(head.encode() + value + b"\r\n")
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


@st.composite
def attacks(draw: st.DrawFn, fields: tuple[str, ...]) -> tuple[str, str, bytes]:
    """Method, content type and body of one request."""
    method = draw(st.sampled_from(["POST"] * 8 + ["GET", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"]))
    kind = draw(st.sampled_from(CONTENT_TYPES))
    pairs, odd = draw(pairs_of(fields)), draw(st.booleans())
    body = multipart(pairs, odd) if kind.startswith("multipart") else urlencoded(pairs, odd)
    return method, kind, body[: draw(st.sampled_from([None, None, None, 40]))]


def assert_harmless(answer: HttpResponse) -> None:
    assert answer.status_code < 500, answer.status_code
    if not answer.streaming:
        assert MARK.encode() not in answer.content
        assert b"<img src=x" not in answer.content
    assert not answer.cookies.get("x")


class World:
    """One enterprise with a number, and a clerk; both clients answer 500 instead of raising."""

    def __init__(self, cast: Cast) -> None:
        consent()
        answers()
        self.sitting = make_sitting(published=True)
        # At the desk, so that the desk's page of it is open too; its own link is like any other's.
        self.booking = self.hold(1, actor=cast.window_clerk)
        self.public = Client(raise_request_exception=False)
        self.sign_in(cast.window_clerk)

    def sign_in(self, user: User) -> None:
        self.staff = Client(raise_request_exception=False)
        self.staff.force_login(user, backend="departments.backends.RoleBackend")

    def hold(self, serial: int, actor: audit.Actor = audit.ANYONE) -> Booking:
        return services.take_number(
            sitting_id=self.sitting.pk,
            application=application(serial),
            submission=secrets.new_submission(),
            actor=actor,
            now=self.sitting.opens_at,
        )

    def ask(
        self, address: str, method: str = "GET", kind: str = "", body: bytes = b"", query: str = ""
    ) -> HttpResponse:
        own = f"/b/{self.booking.ticket_secret}/"
        path = address.format(own=own, sitting=self.sitting.pk, pk=self.booking.pk)
        client = self.staff if path.startswith("/console/") else self.public
        return client.generic(method, path, body, content_type=kind, headers={}, QUERY_STRING=query)


@pytest.fixture
def world(cast: Cast) -> World:
    made = World(cast)
    # Held long enough for whatever is thrown at it.
    Booking.objects.filter(pk=made.booking.pk).update(held_until=made.sitting.closes_at)
    return made


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
    if address.startswith("/console/"):
        assert world.ask(address).status_code == 200, "the clerk was not signed in"
    assert Booking.objects.filter(pk=world.booking.pk).exists()


ODD = [
    *(
        "",
        "%",
        "%ff",
        "a=%ed%a0%80",
        "join=%00",
        "next=%00",
        "next=http://[",
        "next=/%0d%0aSet-Cookie:x=1",
        "full=%00",
    ),
    *("p=99999999999999999999", "p=-1", "o=9.9.9", "q=%00", "q=" + "%27" * 50, "status__exact=%00", "e=1"),
    *("sitting__year=99999999999999999999", "sitting__year=x", "departments__id__exact=99999999999999999999"),
]
ADDRESSES = [
    *("/", "/sittings/", "/view/", "/find/", "/feedback/", "/announcements.atom", "/sittings/{sitting}/number/"),
    *(
        "{own}",
        "{own}form/demand/",
        "/console/appointments/booking/",
        "/console/appointments/booking/export/{sitting}/",
    ),
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_mangled_query_is_answered(world: World, address: str) -> None:
    for query in ODD:
        assert_harmless(world.ask(address, query=query))


@pytest.mark.parametrize(
    "address",
    [
        *(f"/sittings/{number}/number/" for number in ("9" * 30, "9" * 5000, "-1", "1e3", "%00", "１")),
        *(f"/sittings/{'9' * 30}/{page}" for page in ("", "poster/", "calendar.ics")),
        "{own}files/" + "9" * 30 + "/",
        "{own}files/" + "9" * 30 + "/remove/",
        "{own}form/%00/",
        "{own}form/DEMAND/",
        "/b/" + "A" * 26 + "/",
        "/b/%ff%fe/",
        "/console/appointments/booking/" + "9" * 30 + "/change/",
        "/console/appointments/booking/%00/change/",
        "/console/appointments/booking/" + "9" * 30 + "/answers/",
        "/console/appointments/booking/export/" + "9" * 30 + "/",
        "/console/appointments/booking/files/" + "9" * 30 + "/",
        "/console/appointments/booking/{pk}/do/nothing/",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_mangled_address_is_answered(world: World, address: str, method: str) -> None:
    assert_harmless(world.ask(address, method, FORM))


@pytest.mark.parametrize("charset", NO_CHARSETS)
@pytest.mark.parametrize("address", ["/find/", "{own}form/facts/keep/", "/console/appointments/booking/desk/"])
def test_charset_that_decodes_nothing_is_answered(world: World, address: str, charset: str) -> None:
    for kind in (FORM, MULTIPART):
        body = multipart([("facts", b"x")], files=False) if kind == MULTIPART else b"facts=x"
        assert_harmless(world.ask(address, "POST", f"{kind}; charset={charset}", body))


def test_one_key_too_many_is_refused(world: World) -> None:
    for place in ("/find/", "/sittings/{sitting}/number/"):
        assert world.ask(place, "POST", FORM, b"&".join(b"mobile=1" for _key in range(500))).status_code == 400


def test_form_that_is_too_large_is_refused(world: World) -> None:
    for place in ("/find/", "{own}form/facts/keep/"):
        assert world.ask(place, "POST", FORM, b"facts=" + b"x" * 3_000_000).status_code in (400, 413)


def test_what_is_shown_to_others_is_escaped(world: World, cast: Cast) -> None:
    """Kept as typed, and shown as text: on the slip, in the console's pages and its history."""
    said: dict[str, Any] = dict.fromkeys(("facts", "request", "representative_name", "elsewhere_reference"), MARK)
    confirm(world.booking, answers=answers(title=MARK[:30], **said), now=world.sitting.opens_at)
    Booking.objects.filter(pk=world.booking.pk).update(company_name=MARK)
    services.report_pressure(booking_id=world.booking.pk, content=MARK, contact=MARK, now=world.sitting.opens_at)
    Feedback.objects.create(content=MARK, contact=MARK)
    console = "/console/appointments/booking/"
    pages = {
        "window_clerk": ["{own}", "{own}cancel/", console, console + "{pk}/change/", console + "{pk}/history/"],
        "inspector": ["/console/appointments/pressurereport/"],
        "bureau_staff": ["/console/portal/feedback/"],
    }
    for name, places in pages.items():
        world.sign_in(cast[name])
        for place in places:
            answer = world.ask(place)
            assert_harmless(answer)
            assert b"&lt;script&gt;" in answer.content, place
