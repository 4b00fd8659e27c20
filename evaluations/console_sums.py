"""满意度汇总: what departments may know of how they were rated, and nobody else is shown more of. [3.8] [5.2]"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import policy
from core.console import actor_of
from core.console_nav import NavGroup, NavPage, nav_pages
from core.console_page import console_page
from departments.enums import ROLES_OF_DEPARTMENT
from departments.selectors import department_of, membership_of
from evaluations.models import Rating
from evaluations.permissions_ratings import check_can_see_sums
from evaluations.selectors_sums import Quarter, Sum, lines_of, quarters_to_show, table_of


def sums(request: HttpRequest) -> HttpResponse:
    """A department sees its own quarters; the bureau, the inspection office and the leadership one quarter by unit."""
    actor = actor_of(request)
    check_can_see_sums(actor)
    membership = membership_of(actor)
    of_department = membership is not None and membership.role in ROLES_OF_DEPARTMENT
    context = _of_department(request) if of_department else _of_quarter(request)
    context |= {"least": policy.RATINGS_IN_A_SUM_MIN}
    return console_page(request, "console/rating_sums.html", context, title=gettext_lazy("满意度汇总"), model=Rating)


def _of_department(request: HttpRequest) -> dict[str, Any]:
    own = department_of(actor_of(request))
    assert own is not None
    lines = lines_of(own, timezone.localdate())
    return {
        "heading": own.name,
        "rows": [(_name(line.quarter), _figures(line.own), _figures(line.city)) for line in lines],
        "first_column": _("季度"),
        "with_city": True,
    }


def _of_quarter(request: HttpRequest) -> dict[str, Any]:
    quarters = quarters_to_show(timezone.localdate())
    asked = request.GET.get("quarter", "")
    chosen = next((quarter for quarter in quarters if _key(quarter) == asked), quarters[0])
    rows, city = table_of(chosen)
    return {
        "heading": _name(chosen),
        "rows": [(unit.name, _figures(cell), None) for unit, cell in rows],
        "city": _figures(city),
        "first_column": _("责任单位"),
        "quarters": [(_key(quarter), _name(quarter), quarter == chosen) for quarter in quarters],
    }


def _key(quarter: Quarter) -> str:
    return f"{quarter.year}-{quarter.number}"


def _name(quarter: Quarter) -> str:
    return _("%(year)s年第%(number)s季度") % {"year": quarter.year, "number": quarter.number}


def _figures(cell: Sum | None) -> dict[str, Any] | None:
    """Each share with its numerator and denominator."""
    if cell is None:
        return None
    shares = [(done, f"{100 * done / cell.given:.1f}%") for done in (cell.consultation, cell.handling)]
    return {"given": cell.given, "shares": shares}


nav_pages.append(
    NavPage(
        route="evaluations/sums/",
        name="evaluations_sums",
        view=sums,
        group=NavGroup.EVALUATION,
        label=gettext_lazy("满意度汇总"),
        order=5,
        open_to=lambda user: user.has_perm("evaluations.view_sums"),
    )
)
