from django.utils import timezone

from core import audit, services_calendar
from core.heartbeat import periodic


@periodic("core.seal_audit")
def seal_audit() -> int:
    return audit.seal()


@periodic("core.ensure_calendar")
def ensure_calendar() -> list[int]:
    return services_calendar.ensure_estimates(timezone.localdate())
