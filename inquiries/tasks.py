from django.utils import timezone

from core.heartbeat import periodic
from inquiries import services


@periodic("inquiries.end_booked")
def end_booked() -> int:
    return services.end_booked(timezone.now())


@periodic("inquiries.remind")
def remind() -> int:
    return services.remind(timezone.now())
