"""One pool of Redis connections for all threads of a test run."""

from functools import cache
from typing import Any

from redis import ConnectionPool


class SharedPool(ConnectionPool):
    """Django gives each thread a pool of its own. A live server starts a thread for each visitor, and what that leaves
    open is found, and warned of, whenever the collector comes by.
    """

    @classmethod
    @cache
    def from_url(cls, url: str, **options: Any) -> "SharedPool":
        return super().from_url(url, **options)
