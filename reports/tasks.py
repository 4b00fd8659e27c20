from django.utils import timezone

from core.heartbeat import periodic
from reports import services


@periodic("reports.run_exports")
def run_exports() -> int:
    return services.run_exports(timezone.now())


@periodic("reports.find_common")
def find_common() -> int:
    return services.run_findings(timezone.now())


@periodic("reports.forget_exports")
def forget_exports() -> int:
    return services.forget_exports(timezone.now())


@periodic("reports.tell_typical_news")
def tell_typical_news() -> int:
    return services.typical.tell_news(timezone.now())
