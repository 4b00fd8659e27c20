"""A department's inbox: what is due, what is mine, what came back. [3.7]"""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.models import Case
from cases.selectors_work import SHOWN_AT_MOST, inbox_of
from core.console import actor_of
from core.console_page import console_page
from departments.selectors import department_of

HANDLES = "cases.handle_assignment"


def inbox(request: HttpRequest) -> HttpResponse:
    """Of the department one works in; the bureau has one like the others, with what it rules on and checks."""
    actor = actor_of(request)
    department = department_of(actor)
    if department is None or not actor.has_perm(HANDLES):
        raise PermissionDenied
    found = inbox_of(actor, department, timezone.localdate())
    context = {"inbox": found, "department": department, "full": len(found.due) >= SHOWN_AT_MOST}
    return console_page(request, "console/cases_inbox.html", context, title=_("办理收件箱"), model=Case)
