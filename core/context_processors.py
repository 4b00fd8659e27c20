from django.http import HttpRequest
from django.utils import timezone

LARGE_VIEW_COOKIE = "view"


def wants_large_view(request: HttpRequest) -> bool:
    return request.COOKIES.get(LARGE_VIEW_COOKIE) == "large"


def page(request: HttpRequest) -> dict[str, object]:
    """What every page shows: the hour, and whether the visitor asked for the larger view."""
    return {"now": timezone.now(), "large_view": wants_large_view(request)}
