from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from core.console import ConsoleAdmin, NavGroup
from portal.models import Feedback


@admin.register(Feedback)
class FeedbackAdmin(ConsoleAdmin):
    """What visitors say about the site; the bureau notes what was done about it."""

    nav_group = NavGroup.SETTINGS
    nav_order = 60
    list_display = ["sent_at", "content", "handled_note"]
    readonly_fields = ["sent_at", "content", "contact"]
    fields = ["sent_at", "content", "contact", "handled_note"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_search_fields(self, request: HttpRequest) -> list[Any]:
        return ["content"]
