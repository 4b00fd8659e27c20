from celery import shared_task
from django.utils import timezone

from sessions_app import services


@shared_task(name="sessions_app.publish_due")
def publish_due() -> int:
    return len(services.publish_due(timezone.now()))
