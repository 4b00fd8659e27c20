"""How often an address may ask. A counter in the cache: cheap, shared by all processes, forgotten when it is over."""

from datetime import datetime

from django.core.cache import cache
from django.utils.translation import gettext as _

from core.errors import Refused

HOUR = 3600


class TooOften(Refused):
    """Refused with `too_often`; `minutes` is how long to wait."""

    def __init__(self, minutes: int) -> None:
        super().__init__("too_often", _("操作过于频繁，请 %s 分钟后再试。") % minutes)
        self.minutes = minutes


def check_alone(scope: str, who: str, *, within: int, now: datetime) -> None:
    """Of what `who` asks at the same moment one may go on; the others are refused with `too_often`.

    `within` seconds, counted by the clock: beside the edge of such a span two may pass, for whom the caller looks at
    what it wrote down.
    """
    span = int(now.timestamp()) // within
    if not cache.add(f"alone:{scope}:{who}:{span}", 1, within):
        raise TooOften(minutes=within // 60 or 1)


def check_rate(scope: str, who: str, *, per_hour: int, now: datetime) -> None:
    """Count one try of `who` in this clock hour; refuses `too_often` beyond `per_hour`."""
    hour, passed = divmod(int(now.timestamp()), HOUR)
    key = f"rate:{scope}:{who}:{hour}"
    cache.add(key, 0, HOUR)
    try:
        tries = cache.incr(key)
    except ValueError:  # it ran out between the two calls
        return
    cache.touch(key, HOUR)  # a cache of files forgets an increment's time limit
    if tries > per_hour:
        raise TooOften(minutes=(HOUR - passed) // 60 + 1)
