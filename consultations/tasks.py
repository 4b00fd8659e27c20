from django.utils import timezone

from consultations import services
from core.heartbeat import periodic


@periodic("consultations.remind_of_signing")
def remind_of_signing() -> int:
    return services.remind(timezone.now())


@periodic("consultations.forget_draft_keys")
def forget_draft_keys() -> int:
    return services.forget_draft_keys(timezone.now())
