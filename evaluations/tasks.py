from django.utils import timezone

from core.heartbeat import periodic
from evaluations import services


@periodic("evaluations.invite")
def invite() -> int:
    return services.invite_closed(timezone.now())


@periodic("evaluations.remind")
def remind() -> int:
    return services.remind_unrated(timezone.now())


@periodic("evaluations.draw")
def draw() -> int:
    return services.draw_silent(timezone.now())


@periodic("evaluations.remind_of_follow_ups")
def remind_of_follow_ups() -> int:
    return services.remind_of_follow_ups(timezone.now())
