"""What a list of cases shows and asks: its units, its most urgent due date, its light. [3.7]"""

from collections.abc import Iterable
from datetime import date

from django.db.models import CharField, Exists, F, OuterRef, Prefetch, Subquery, Value
from django.db.models.functions import Cast, Concat

from cases.enums import CaseStatus
from cases.models import Assignment, Case
from cases.models.case import CaseQuerySet
from core.models import User
from deadlines.enums import Light
from deadlines.models import Obligation, ObligationQuerySet
from deadlines.selectors import in_light, with_lights

# The key under which the clocks know a case, as a column.
WHOLE = Concat(Value(f"{Case._meta.label_lower}:"), Cast(OuterRef("pk"), CharField()))
# A worse light hides the better ones: a case is shown in the worst that anything in it has.
WORST_FIRST = (Light.LATE, Light.NEAR, Light.ON_TRACK)


def owed_in_each(user: User) -> ObligationQuerySet:
    """What is open in the case of the outer query, as far as this person sees it; the most urgent first."""
    return Obligation.objects.open().visible_to(user).filter(belongs_to=WHOLE).order_by("last_day", "pk")


def present_parts() -> Prefetch:
    """The units of the present round of each case, as its `parts`."""
    parts = Assignment.objects.taking_part().filter(round=F("case__round")).select_related("department")
    return Prefetch("assignments", parts.order_by("-is_lead", "department__position", "pk"), to_attr="parts")


def for_list(cases: CaseQuerySet, user: User) -> CaseQuerySet:
    """With what the list shows in each line: enterprise, units of the current round, and what is due next."""
    owed = owed_in_each(user)
    return (
        cases.select_related("booking")
        .prefetch_related(present_parts())
        .alias(next_day=Subquery(owed.values("last_day")[:1]))
        .annotate(next_key=Subquery(owed.values("pk")[:1]))
    )


def next_obligations(cases: Iterable[Case], today: date) -> dict[int, Obligation]:
    """Case -> the most urgent thing owed in it, of cases read by `for_list`."""
    keys = {case.pk: case.__dict__.get("next_key") for case in cases}
    wanted = Obligation.objects.filter(pk__in=[key for key in keys.values() if key])
    found = with_lights(wanted.select_related("department"), today).in_bulk()
    return {case: found[key] for case, key in keys.items() if key in found}


def cases_in_light(cases: CaseQuerySet, light: Light, user: User, today: date) -> CaseQuerySet:
    """Those that stand in that light: something in them does, and nothing in a worse one."""
    cases = cases.filter(status=CaseStatus.HANDLING)
    for worse in WORST_FIRST[: WORST_FIRST.index(light)]:
        cases = cases.exclude(Exists(in_light(owed_in_each(user), worse, today)))
    return cases.filter(Exists(in_light(owed_in_each(user), light, today)))
