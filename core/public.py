"""Public pages that take a form: no cookie, no session, nothing cached."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from core.limits import TooOften

View = Callable[..., HttpResponse]


def public_form(view: View) -> View:
    """A page that takes a form from anybody. Without a session there is nothing that a forged request could borrow."""
    return csrf_exempt(never_cache(view))


def too_often(request: HttpRequest, refusal: TooOften) -> HttpResponse:
    """How long to wait, for the person and for the browser."""
    response = render(request, "429.html", {"retry_after_minutes": refusal.minutes}, status=429)
    response.headers["Retry-After"] = str(refusal.minutes * 60)
    return response
