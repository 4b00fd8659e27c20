"""The library of typical cases: searched, filtered, read by everybody. [5.3] [5.4]"""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from core.errors import Refused
from reports.models import TypicalCase
from reports.selectors_typical import Wanted, facets, library, listed, of_the_same_area, published_of

PER_PAGE, SHOWN_BESIDE = 10, 3
QUERY_CHARACTERS_MAX = 50


def wanted_in(request: HttpRequest) -> Wanted:
    """What the address asks for; what is no key is left out."""
    query = " ".join(request.GET.get("q", "").split())[:QUERY_CHARACTERS_MAX]
    return Wanted(query, _key(request.GET.get("area", "")), _key(request.GET.get("department", "")))


def _key(text: str) -> int | None:
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 10 else None


def typical_cases(request: HttpRequest) -> HttpResponse:
    wanted, refusal = wanted_in(request), ""
    try:
        rows = library(wanted.query)
    except Refused as refused:
        # Said above the whole library, which the other filters still narrow.
        rows, refusal = library(""), refused.message
    context = {
        "wanted": wanted,
        "refusal": refusal,
        "is_narrowed": any((wanted.query, wanted.area, wanted.department)),
        "page": Paginator(listed(rows, wanted), PER_PAGE).get_page(request.GET.get("page")),
        "filters": [(name, facets(rows, wanted, name), _without(request, name)) for name in ("area", "department")],
        "rest": _without(request, "page"),
    }
    return render(request, "portal/typical_cases.html", context)


def _without(request: HttpRequest, name: str) -> str:
    """The address's other questions, to which a link adds its own."""
    asked = {key: request.GET.get(key, "") for key in ("q", "area", "department") if key != name}
    return urlencode({key: value for key, value in asked.items() if value})


def typical_case(request: HttpRequest, pk: int) -> HttpResponse:
    """One to read. What was taken down says so, or leads to the version that took its place; the rest is not found."""
    once_published = TypicalCase.objects.filter(published_at__isnull=False).select_related("area", "department")
    typical = once_published.filter(pk=pk).first()
    if typical is None:
        raise Http404
    if typical.withdrawn_at:
        return _taken_down(request, typical)
    beside = of_the_same_area(typical, SHOWN_BESIDE)
    return render(request, "portal/typical_case.html", {"typical": typical, "beside": beside})


def _taken_down(request: HttpRequest, typical: TypicalCase) -> HttpResponse:
    present = published_of(typical.case_id)
    if present:
        return redirect(present)
    return render(request, "portal/typical_gone.html", {}, status=410)
