from django.utils import timezone

from cases import services
from cases.services import KINDS_OWED
from core.heartbeat import periodic
from deadlines.services import remind_of


@periodic("cases.remind_of_deadlines")
def remind_of_deadlines() -> int:
    return remind_of(KINDS_OWED, timezone.now())


@periodic("cases.forget_unsent")
def forget_unsent() -> int:
    return services.forget_unsent(timezone.now())
