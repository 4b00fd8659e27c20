"""What came of it, by quarter, for everybody. [5.4]"""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import conditional_page

from core.context_processors import wants_large_view
from core.moments import Page, kept
from reports.selectors_published import published_page, published_results, withdrawn_results


@conditional_page
def results(request: HttpRequest) -> HttpResponse:
    """The quarters whose results are published, the latest first."""
    return render(request, "portal/results.html", {"published": published_results()})


@conditional_page
def results_of(request: HttpRequest, year: int, quarter: int) -> HttpResponse:
    """A quarter's results; at the address of withdrawn ones stands that they are. The page is made once a moment."""

    def make() -> Page | None:
        found = published_page(year, quarter)
        return Page.of(render_to_string("portal/results_of.html", {"page": found}, request)) if found else None

    page = kept(("results", year, quarter, wants_large_view(request)), make)
    if page is not None:
        return HttpResponse(page.fill({}))
    gone = withdrawn_results(year, quarter)
    if gone is None:
        raise Http404
    return render(request, "portal/results_gone.html", {"gone": gone}, status=410)
