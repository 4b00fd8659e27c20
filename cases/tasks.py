from django.utils import timezone

from cases import services
from core.heartbeat import periodic


@periodic("cases.remind_of_deadlines")
def remind_of_deadlines() -> int:
    return services.remind(timezone.now())


@periodic("cases.forget_unsent")
def forget_unsent() -> int:
    return services.forget_unsent(timezone.now())
