"""Named reads of the kernel."""

import time as clock
from datetime import time

from core.models import Setting
from core.policy import Ours

# A change in the console reaches every process within these seconds, and a rush reads no settings table.
SETTINGS_CACHE_SECONDS = 5
_cache: dict[str, str] = {}
_read_at = float("-inf")


def forget_settings() -> None:
    """Read the table again at the next question."""
    global _read_at
    _read_at = float("-inf")


def _values() -> dict[str, str]:
    global _cache, _read_at
    if clock.monotonic() - _read_at > SETTINGS_CACHE_SECONDS:
        _cache = dict(Setting.objects.values_list("key", "value"))
        _read_at = clock.monotonic()
    return _cache


def parse(figure: Ours, text: str) -> int | time | str:
    if figure.is_words:
        return text.strip()
    return time.fromisoformat(text) if isinstance(figure.default, time) else int(text)


def ours(figure: Ours) -> int:
    """The number in force: the bureau's, or the default."""
    text = _values().get(figure.key)
    value = figure.default if text is None else parse(figure, text)
    assert isinstance(value, int)
    return value


def ours_time(figure: Ours) -> time:
    """The time of day in force, Asia/Shanghai."""
    text = _values().get(figure.key)
    value = figure.default if text is None else parse(figure, text)
    assert isinstance(value, time)
    return value


def ours_words(figure: Ours) -> str:
    """The words in force, plain text; "" says nothing."""
    return _values().get(figure.key, str(figure.default))
