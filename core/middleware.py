"""Who may reach staff pages, how long a sign-in lasts, and how a refusal reaches a person."""

import ipaddress
from collections.abc import Callable
from functools import cache
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import DisallowedHost, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound, JsonResponse
from django.http.request import split_domain_port
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from simple_history.models import HistoricalRecords

from core import audit
from core.errors import AlreadyDone, Refused
from core.passwords import password_is_old

GetResponse = Callable[[HttpRequest], HttpResponse]
CONSOLE_PREFIX = "/console/"
IDLE_SECONDS = 15 * 60
TABLET_IDLE_SECONDS = 30 * 60
ABSOLUTE_SECONDS = 8 * 3600
# A click must not write the session each second.
TOUCH_EVERY_SECONDS = 30
# Sent by pages that fetch themselves anew without anybody's hand.
REFRESH_HEADER = "X-Refreshes-Itself"


def client_ip(request: HttpRequest) -> str:
    """The visitor's address: as many hops back as there are trusted proxies, else the peer's own."""
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
    proxies = settings.TRUSTED_PROXIES
    found = hops[-proxies] if proxies and len(hops) >= proxies else request.META.get("REMOTE_ADDR", "")
    try:
        return str(ipaddress.ip_address(found))
    except ValueError:
        return "0.0.0.0"  # noqa: S104 - a peer without an address (a unix socket), not a bind


def staff_may_enter(request: HttpRequest) -> bool:
    """From where this request comes, and on which host: staff pages exist only on the staff host and networks."""
    try:
        host, _port = split_domain_port(request.get_host())
    except DisallowedHost:
        return False
    if settings.STAFF_HOSTS and host not in settings.STAFF_HOSTS:
        return False
    address = ipaddress.ip_address(client_ip(request))
    # A socket for both families gives 10.0.0.1 as ::ffff:10.0.0.1.
    address = getattr(address, "ipv4_mapped", None) or address
    networks = _networks(tuple(settings.STAFF_NETWORKS))
    return not networks or any(address in network for network in networks)


@cache
def _networks(texts: tuple[str, ...]) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    return [ipaddress.ip_network(text) for text in texts]


class StaffGate:
    """Staff pages exist only on the staff host and for the staff networks; elsewhere they are not found."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(CONSOLE_PREFIX) and not staff_may_enter(request):
            return HttpResponseNotFound()
        with audit.from_address(client_ip(request)):
            return self.get_response(request)


class PlainText:
    """Text arrives in UTF-8, as the pages are, and without the character that a database cannot hold.

    A request cannot choose a codec that decodes nothing. Forms refuse the character themselves, at their field.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.encoding = settings.DEFAULT_CHARSET
        if "%00" in request.META.get("QUERY_STRING", ""):
            raise SuspiciousOperation("NUL in an address")
        return self.get_response(request)


def at_tablet(request: HttpRequest) -> None:
    """This sign-in works at the tablet: people talk across the table, and it idles longer."""
    if not request.session.get("at_tablet"):
        request.session["at_tablet"] = True


def signed_out() -> JsonResponse:
    """For a page's script, which would take the sign-in page for its answer."""
    return JsonResponse({"signed_out": True}, status=401)


class SessionLimits:
    """15 idle minutes (30 at the tablet) and 8 hours end a sign-in; a first or an old password must be changed before
    anything else."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(CONSOLE_PREFIX) or not request.user.is_authenticated:
            return self.get_response(request)
        if self.has_ended(request):
            logout(request)
            if request.headers.get("Accept") == "application/json":
                return signed_out()
            return redirect(f"{reverse('console:login')}?{urlencode({'next': request.path, 'ended': 1})}")
        if self.needs_new_password(request):
            return redirect("console:password_change")
        return self.get_response(request)

    def has_ended(self, request: HttpRequest) -> bool:
        now = int(timezone.now().timestamp())
        session = request.session
        began = session.setdefault("signed_in_at", now)
        last = session.get("seen_at", now)
        idle = TABLET_IDLE_SECONDS if session.get("at_tablet") else IDLE_SECONDS
        if now - began > ABSOLUTE_SECONDS or now - last > idle:
            return True
        # A page that looks again by itself keeps nobody signed in at an empty desk.
        by_itself = REFRESH_HEADER in request.headers
        if "seen_at" not in session or (now - last >= TOUCH_EVERY_SECONDS and not by_itself):
            session["seen_at"] = now
        return False

    def needs_new_password(self, request: Any) -> bool:
        if request.path in {"/console/password_change/", "/console/logout/", "/console/jsi18n/"}:
            return False
        return request.user.must_change_password or password_is_old(request.user)


class HistoryActor:
    """Tells simple_history who is at work, and forgets it again even after an error."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        HistoricalRecords.context.request = request
        try:
            return self.get_response(request)
        finally:
            del HistoricalRecords.context.request


class Refusals:
    """A refusal that no view turned into its own page still ends in a sentence, never in a server error."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refused):
            return None
        if request.path.startswith(CONSOLE_PREFIX):
            level = messages.SUCCESS if isinstance(exception, AlreadyDone) else messages.ERROR
            messages.add_message(request, level, exception.message)
            return redirect(self.page_before(request))
        return render(request, "public/refused.html", {"refusal": exception}, status=409)

    def page_before(self, request: HttpRequest) -> str:
        """The page the visitor came from, if it is ours and not the one that was just refused."""
        before = request.META.get("HTTP_REFERER", "")
        ours = url_has_allowed_host_and_scheme(before, {request.get_host()}, require_https=request.is_secure())
        if not ours or (request.method == "GET" and urlsplit(before).path == request.path):
            return reverse("console:index")
        return before
