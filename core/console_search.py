"""A list of the console whose search field asks the index of character pairs."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest

from core import search
from core.console import ConsoleAdmin
from core.errors import Refused


class SearchedAdmin(ConsoleAdmin):
    """`search_parts(request)` names what this person may search in; `search_key` the column that is the index's key.

    `search_fields` only has to name something, for the field to be shown.
    """

    search_key = "pk"

    def search_parts(self, request: HttpRequest) -> tuple[str, ...]:
        raise NotImplementedError

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Every word of what was typed; what is too short or too long is answered with a sentence and no rows."""
        if not search_term.strip():
            return queryset, False
        try:
            keys = search.find(search_term, self.search_parts(request))
        except Refused as refusal:
            messages.warning(request, refusal.message)
            return queryset.none(), False
        return queryset.filter(**{f"{self.search_key}__in": keys}), False
