"""Who reaches staff pages, how long a sign-in lasts, and how a refusal reaches a person."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpResponse
from django.test import Client, RequestFactory

from core.errors import AlreadyDone, Refused
from core.middleware import Refusals, client_ip
from tests.conftest import CAST_PASSWORD

pytestmark = pytest.mark.django_db
INDEX = "/console/"
LOGIN = "/console/login/"
MORNING = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)


def sign_in(client: Client, name: str) -> None:
    client.post(LOGIN, {"username": name, "password": CAST_PASSWORD})


# Where staff pages exist.


def test_staff_host_elsewhere_is_not_found(settings):
    settings.STAFF_HOSTS = ["staff.anning.test"]
    settings.ALLOWED_HOSTS = ["staff.anning.test", "www.anning.test"]
    assert Client(headers={"host": "staff.anning.test:8443"}).get(LOGIN).status_code == 200
    assert Client(headers={"host": "www.anning.test"}).get(LOGIN).status_code == 404


def test_staff_host_may_be_an_ipv6_address(settings):
    settings.STAFF_HOSTS = settings.ALLOWED_HOSTS = ["[::1]"]
    assert Client(headers={"host": "[::1]"}).get(LOGIN).status_code == 200
    assert Client(headers={"host": "[::1]:8000"}).get(LOGIN).status_code == 200


@pytest.mark.parametrize(
    ("address", "status"), [("10.20.3.4", 200), ("::ffff:10.20.3.4", 200), ("10.21.0.1", 404), ("", 404)]
)
def test_staff_networks_let_in_only_their_own(settings, address, status):
    settings.STAFF_NETWORKS = ["10.20.0.0/16"]
    assert Client(REMOTE_ADDR=address).get(LOGIN).status_code == status


def test_public_pages_are_outside_the_gate(settings):
    settings.STAFF_NETWORKS = ["10.20.0.0/16"]
    assert Client(REMOTE_ADDR="203.0.113.9").get("/").status_code != 404


def test_forwarded_header_without_trusted_proxy_is_ignored(settings):
    settings.STAFF_NETWORKS = ["10.20.0.0/16"]
    spoofed = Client(REMOTE_ADDR="203.0.113.9", HTTP_X_FORWARDED_FOR="10.20.3.4")
    assert spoofed.get(LOGIN).status_code == 404


def test_forwarded_header_counts_hops_from_the_trusted_end(settings):
    settings.TRUSTED_PROXIES = 1
    settings.STAFF_NETWORKS = ["10.20.0.0/16"]
    spoofed = Client(REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR="10.20.3.4, 203.0.113.9")
    assert spoofed.get(LOGIN).status_code == 404
    honest = Client(REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR="1.2.3.4, 10.20.3.4")
    assert honest.get(LOGIN).status_code == 200


def test_client_ip_of_nonsense_is_no_address(settings):
    settings.TRUSTED_PROXIES = 1
    request = RequestFactory().get("/", HTTP_X_FORWARDED_FOR="<script>")
    assert client_ip(request) == "0.0.0.0"  # noqa: S104 - the address of nobody


# How long a sign-in lasts.


@pytest.mark.parametrize(("idle", "stays"), [(timedelta(minutes=14), True), (timedelta(minutes=16), False)])
def test_fifteen_idle_minutes_end_the_sign_in(cast, client, idle, stays):
    with time_machine.travel(MORNING, tick=False) as clock:
        sign_in(client, "leader")
        assert client.get(INDEX).status_code == 200
        clock.shift(idle)
        answer = client.get(INDEX)
        assert (answer.status_code == 200) is stays
        if not stays:
            assert answer["Location"] == "/console/login/?next=%2Fconsole%2F&ended=1"
            assert "_auth_user_id" not in client.session
            assert "已自动退出" in client.get(answer["Location"]).content.decode()


def test_eight_hours_end_the_sign_in_of_whoever_is_busy(cast, client):
    with time_machine.travel(MORNING, tick=False) as clock:
        sign_in(client, "leader")
        for _step in range(48):  # every ten minutes for eight hours
            assert client.get(INDEX).status_code == 200
            clock.shift(timedelta(minutes=10))
        clock.shift(timedelta(seconds=1))
        assert client.get(INDEX).status_code == 302
        assert "_auth_user_id" not in client.session


def test_session_is_not_written_at_each_click(cast, client):
    with time_machine.travel(MORNING, tick=False) as clock:
        sign_in(client, "leader")
        client.get(INDEX)
        seen = client.session["seen_at"]
        clock.shift(timedelta(seconds=10))
        client.get(INDEX)
        assert client.session["seen_at"] == seen
        clock.shift(timedelta(seconds=30))
        client.get(INDEX)
        assert client.session["seen_at"] == seen + 40


# A new password before anything else.


def test_first_sign_in_leads_to_the_password_page_and_out_of_it(cast, client):
    cast.leader.must_change_password = True
    cast.leader.save()
    sign_in(client, "leader")
    assert client.get(INDEX)["Location"] == "/console/password_change/"
    assert "首次登录" in client.get("/console/password_change/").content.decode()
    new = {"old_password": CAST_PASSWORD, "new_password1": "Anning-New-2026", "new_password2": "Anning-New-2026"}
    answer = client.post("/console/password_change/", new, follow=True)
    assert answer.redirect_chain == [(INDEX, 302)]
    assert "密码已修改" in answer.content.decode()


@pytest.mark.parametrize(("days", "status"), [(89, 200), (90, 302)])
def test_ninety_days_lead_to_the_password_page(cast, client, days, status):
    with time_machine.travel(MORNING, tick=False):
        cast.leader.password_changed_at = MORNING - timedelta(days=days)
        cast.leader.save()
        sign_in(client, "leader")
        assert client.get(INDEX).status_code == status


# How a refusal reaches a person.


def refused_request(method: str, path: str, error: Refused, **headers: str):
    request = getattr(RequestFactory(), method)(path, **headers)
    for middleware in (SessionMiddleware, MessageMiddleware):
        middleware(lambda _request: HttpResponse()).process_request(request)
    return request, Refusals(lambda _request: HttpResponse()).process_exception(request, error)


@pytest.mark.parametrize(
    ("method", "referer", "target"),
    [
        ("post", "http://testserver/console/core/user/", "http://testserver/console/core/user/"),
        ("post", "http://evil.test/console/", INDEX),
        ("post", "javascript:alert(1)", INDEX),
        ("post", "", INDEX),
        # A page that is refused when opened would lead to itself for ever.
        ("get", "http://testserver/console/x/", INDEX),
    ],
)
def test_refusal_in_the_console_returns_to_a_page_of_ours(method, referer, target):
    refusal = Refused("wrong_status", "不能办理。")
    request, answer = refused_request(method, "/console/x/", refusal, HTTP_REFERER=referer)
    assert answer["Location"] == target
    assert [(m.level_tag, str(m)) for m in get_messages(request)] == [("error", "不能办理。")]


def test_second_click_is_told_as_good_news():
    request, _answer = refused_request("post", "/console/x/", AlreadyDone("already_done", "已办理。"))
    assert [m.level_tag for m in get_messages(request)] == ["success"]


def test_other_exceptions_are_left_alone():
    _request, answer = refused_request("post", "/console/x/", ValueError("x"))  # type: ignore[arg-type]
    assert answer is None
