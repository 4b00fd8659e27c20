"""A page of the console that is neither a list nor an object's own: framed like them, with a way back to the list."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest
from django.template.response import TemplateResponse

from core.errors import AlreadyDone, Refused


def console_page(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    status: int = 200,
    *,
    title: Any,
    model: type[models.Model],
) -> TemplateResponse:
    """`model`: the kind of object whose list stands above the page."""
    frame = admin.site.each_context(request) | {"title": title, "opts": model._meta}
    return TemplateResponse(request, template, frame | context, status=status)


@contextmanager
def refusal_said(request: HttpRequest) -> Iterator[None]:
    """What a press without a form is told above the page that follows."""
    try:
        yield
    except AlreadyDone as refusal:
        messages.info(request, refusal.message)
    except Refused as refusal:
        messages.error(request, refusal.message)
