"""The steps of a follow-up in the fewest words, on the case that the fixtures of cases make. [3.9]"""

from datetime import datetime
from typing import Any

from cases.models import Case
from core import audit
from evaluations import services
from evaluations.models import FollowUp
from tests.cases.conftest import working_day

RATED = audit.HOLDER
RULE = audit.SYSTEM


def follow(case: Case, origin: str = "unsatisfied", actor: Any = RATED, **options: Any) -> FollowUp:
    return services.open_follow_up(
        case_id=case.pk, origin=origin, actor=actor, now=options.pop("now", opened_on()), **options
    )


def opened_on() -> datetime:
    """The day after the case was closed."""
    return working_day(11)
