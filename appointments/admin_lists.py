"""The lists that the bureau keeps for the form: grounds of refusal, choices, consent texts. [4.2]"""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from appointments.models import Choice, ConsentText, RefusalGround
from core.console import ConsoleAdmin, NavGroup


@admin.register(RefusalGround)
class RefusalGroundAdmin(ConsoleAdmin):
    nav_group = NavGroup.SETTINGS
    nav_order = 30
    list_display = ["clause", "text", "turn_to"]
    readonly_fields = ["clause", "text"]
    fields = ["clause", "text", "turn_to"]


@admin.register(Choice)
class ChoiceAdmin(ConsoleAdmin):
    nav_group = NavGroup.SETTINGS
    nav_order = 31
    list_display = ["name", "kind", "position", "is_active"]
    list_filter = ["kind", "is_active"]
    search_fields = ["name"]


@admin.register(ConsentText)
class ConsentTextAdmin(ConsoleAdmin):
    """A version that was shown is never changed: a new text is a new version."""

    nav_group = NavGroup.SETTINGS
    nav_order = 32
    list_display = ["__str__", "in_force_from", "text"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
