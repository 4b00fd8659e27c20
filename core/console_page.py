"""A page of the console that is neither a list nor an object's own: framed like them, with a way back to the list."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.template.response import TemplateResponse


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
