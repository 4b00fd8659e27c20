from celery import shared_task
from django.utils import timezone

from notifications import services


@shared_task(name="notifications.send_due")
def send_due() -> int:
    return services.send_due(timezone.now())
