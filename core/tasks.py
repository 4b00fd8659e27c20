from celery import shared_task
from django.utils import timezone

from core import audit, services_calendar


@shared_task(name="core.seal_audit")
def seal_audit() -> int:
    return audit.seal()


@shared_task(name="core.ensure_calendar")
def ensure_calendar() -> list[int]:
    return services_calendar.ensure_estimates(timezone.localdate())
