"""An audited look at who rated how. [5.2]"""

from collections.abc import Iterable

from core import audit
from core.models import User
from evaluations import permissions_ratings as permissions
from evaluations.models import Rating


def look_at_ratings(*, rating_ids: Iterable[int], actor: User) -> list[Rating]:
    """The ratings with their authors, for the inspection office; each one shown is a row of the trail. [5.2]"""
    permissions.check_can_see_ratings(actor)
    shown = list(Rating.objects.select_related("case__booking").filter(pk__in=rating_ids))
    audit.record_each("look_at_ratings", shown, actor=actor, clause="[5.2]")
    return shown
