"""A person's own filters on a page of cases: {% load work %}{% saved_filters "cases" %}"""

from typing import Any

from django import template

from cases.enums import FilterPage
from cases.models import SavedFilter

register = template.Library()
# Where one is in a list is no way to look at it.
NO_FILTERS = ("p", "o", "e", "_changelist_filters")


@register.inclusion_tag("console/cases_saved_filters.html", takes_context=True)
def saved_filters(context: dict[str, Any], page: str) -> dict[str, Any]:
    """A person's own filters of this page, and a field to keep the present one under a name. One query."""
    request = context["request"]
    query = request.GET.copy()
    for name in NO_FILTERS:
        query.pop(name, None)
    return {
        "page": FilterPage(page),
        "query": query.urlencode(),
        "filters": list(SavedFilter.objects.filter(owner=request.user, page=page)),
        "csrf_token": context.get("csrf_token"),
    }
