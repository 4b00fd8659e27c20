from django.utils import timezone

from consultations import services
from core.heartbeat import periodic


@periodic("consultations.forget_draft_keys")
def forget_draft_keys() -> int:
    return services.forget_draft_keys(timezone.now())
