"""What many visitors are shown alike in one moment is made once, and filled in for each."""

import re
import threading
import time
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, TypeVar

from django.conf import settings
from django.utils.html import escape

T = TypeVar("T")
KEPT_AT_MOST = 500
# Who needs what is being made for another waits for it, unless the making takes far longer than it should.
WAIT_SECONDS = 2.0
_kept: dict[Hashable, tuple[float, object]] = {}
# Making a page may make what several pages share.
_making = threading.RLock()

# Characters that no keyboard types stand around the name of what is each visitor's own.
_BLANK = re.compile("\ue000(\\w+)\ue001")


def kept(key: Hashable, make: Callable[[], T]) -> T:
    """What `make` gave in this process a moment ago (`PAGES_KEPT_SECONDS`), or gives now; None is not kept.

    While one visitor's request makes it anew, the others get the one before, or wait when there is none: a rush costs
    one making a moment, and what is shown is at most as long again out of date. Whatever decides a rule must not come
    from here.
    """
    moment = settings.PAGES_KEPT_SECONDS
    if not moment:
        return make()
    found: Any = _not_older_than(moment, key)
    if found is not None:
        return found
    older: Any = _not_older_than(2 * moment, key)
    mine = _making.acquire(blocking=False) if older is not None else _making.acquire(timeout=WAIT_SECONDS)
    try:
        if not mine and older is not None:
            return older
        return _not_older_than(moment, key) or _make_and_keep(key, make)  # type: ignore[return-value]
    finally:
        if mine:
            _making.release()


def _not_older_than(seconds: float, key: Hashable) -> object | None:
    found = _kept.get(key)
    return found[1] if found and time.monotonic() - found[0] < seconds else None


def _make_and_keep(key: Hashable, make: Callable[[], T]) -> T:
    made = make()
    if made is not None:  # else anybody could fill it, with what does not exist
        _keep(key, made)
    return made


def _keep(key: Hashable, made: object) -> None:
    if len(_kept) >= KEPT_AT_MOST:
        _kept.clear()
    _kept[key] = (time.monotonic(), made)


def blank(name: str) -> str:
    """Where the visitor's own value of that name goes in a page that is kept."""
    return f"\ue000{name}\ue001"


@dataclass(frozen=True)
class Page:
    """A page made once, cut at its blanks, ready to be sent: in a rush it is neither encoded nor searched again."""

    pieces: tuple[bytes, ...]
    names: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> "Page":
        cut = _BLANK.split(text)
        return cls(tuple(piece.encode() for piece in cut[::2]), tuple(cut[1::2]))

    def fill(self, values: Mapping[str, str]) -> bytes:
        """The page as one visitor's, escaped. A value is not looked into: a blank inside one stays as it is."""
        own = [escape(values.get(name, "")).encode() for name in self.names]
        return b"".join(part for pair in zip_longest(self.pieces, own, fillvalue=b"") for part in pair)
