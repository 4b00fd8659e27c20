from django.utils import timezone

from core.heartbeat import periodic
from sessions_app import services


@periodic("sessions_app.publish_due")
def publish_due() -> int:
    return len(services.publish_due(timezone.now()))
