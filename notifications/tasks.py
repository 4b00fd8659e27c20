from django.utils import timezone

from core.heartbeat import periodic
from notifications import services


@periodic("notifications.send_due")
def send_due() -> int:
    return services.send_due(timezone.now())


@periodic("notifications.ask_receipts")
def ask_receipts() -> int:
    return services.ask_receipts(timezone.now())
