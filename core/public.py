"""Public pages that take a form: no cookie, no session, nothing cached."""

from collections.abc import Callable

from django.http import HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

View = Callable[..., HttpResponse]


def public_form(view: View) -> View:
    """A page that takes a form from anybody. Without a session there is nothing that a forged request could borrow."""
    return csrf_exempt(never_cache(view))
