from django.utils import timezone

from core import audit
from core.heartbeat import periodic
from deadlines import services


@periodic("deadlines.watch_calendar")
def watch_calendar() -> int:
    return services.recompute_after_calendar(now=timezone.now(), actor=audit.SYSTEM)
