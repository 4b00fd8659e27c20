"""What was said about an object, for the object's own page: {% load outbox %}{% messages_about original %}.

Of a whole and its parts: {% messages_about case booking %}
"""

from typing import Any

from django import template
from django.db.models import Model

from core.audit import subject_of
from core.masks import mask_contact
from notifications import selectors
from notifications.console import state_badge

register = template.Library()
register.filter("message_state", state_badge)
register.filter("mask_contact", mask_contact)


@register.inclusion_tag("console/messages_about.html", takes_context=True)
def messages_about(context: dict[str, Any], *rows: Model) -> dict[str, Any]:
    """Newest first, at most 100, of those that this member of staff may see."""
    user = context["request"].user
    may = user.has_perm("notifications.view_message")
    return {
        "may": may,
        "messages_about": selectors.messages_about(user, *map(subject_of, rows)) if may else [],
        "shown_at_most": selectors.SHOWN_AT_MOST,
    }
