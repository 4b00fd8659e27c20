"""Named reads of what is published of the quarters. [5.4]"""

from django.db.models import QuerySet

from reports.enums import ResultsStatus
from reports.models import PublishedFigures, PublishedResults
from reports.public_page import ResultsPage, page_from


def published_results() -> QuerySet[PublishedResults]:
    """What stands on the public pages, the latest quarter first."""
    return PublishedResults.objects.filter(status=ResultsStatus.PUBLISHED).defer("content")


def published_page(year: int, quarter: int) -> ResultsPage | None:
    kept = PublishedFigures.objects.filter(
        results__status=ResultsStatus.PUBLISHED, results__year=year, results__quarter=quarter
    )
    found = kept.select_related("results").first()
    return page_from(found.results, found) if found else None


def withdrawn_results(year: int, quarter: int) -> PublishedResults | None:
    """The last that was published and is no more."""
    gone = PublishedResults.objects.filter(
        status=ResultsStatus.WITHDRAWN, published_at__isnull=False, year=year, quarter=quarter
    )
    return gone.defer("content").order_by("-version").first()
