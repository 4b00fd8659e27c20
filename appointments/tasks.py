from celery import shared_task
from django.utils import timezone

from appointments import services


@shared_task(name="appointments.release_due")
def release_due() -> int:
    now = timezone.now()
    return services.release_due(now) + services.offer_first_claims(now) + services.end_lines(now)


@shared_task(name="appointments.forget_abandoned")
def forget_abandoned() -> int:
    return services.forget_abandoned(timezone.now())
