from django.utils import timezone

from appointments import services
from appointments.services import KINDS_OWED
from core.heartbeat import periodic
from deadlines.services import remind_of


@periodic("appointments.release_due")
def release_due() -> int:
    now = timezone.now()
    return services.release_due(now) + services.offer_first_claims(now) + services.end_lines(now)


@periodic("appointments.forget_abandoned")
def forget_abandoned() -> int:
    now = timezone.now()
    return services.forget_abandoned(now) + services.forget_codes(now)


@periodic("appointments.send_call_notices")
def send_call_notices() -> int:
    return services.send_call_notices(timezone.now())


@periodic("appointments.end_sessions")
def end_sessions() -> int:
    now = timezone.now()
    return services.end_sessions(now) + services.end_sittings(now)


@periodic("appointments.remind_of_deadlines")
def remind_of_deadlines() -> int:
    return remind_of(KINDS_OWED, timezone.now())
