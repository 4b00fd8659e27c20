"""Who may, about ratings. Nobody on the staff rates; who rated how is the inspection office's to see. [3.8] [5.2]

The bureau's staff see it of a follow-up that is assigned to them: `permissions.check_can_see_author`.
"""

from django.core.exceptions import PermissionDenied

from core import audit
from core.models import User
from core.permissions import require

# Granted by `permissions.GRANTS`.
SUMS = {"evaluations.view_sums"}
AUTHORS = {"evaluations.view_rating"}


def check_can_rate(actor: audit.Actor) -> None:
    """The enterprise itself, through its own link, which the page has checked; never staff, never a job. [5.2]"""
    if actor != audit.HOLDER:
        raise PermissionDenied


def check_can_see_ratings(actor: User) -> None:
    require(actor, "evaluations.view_rating")


def check_can_see_sums(actor: User) -> None:
    require(actor, "evaluations.view_sums")
