"""What a broken line means: whether a request can have reached the other side."""

import ssl
from collections.abc import Iterator

# By name: the packages that raise them are optional.
BEFORE_SENDING = {"ConnectTimeout", "ConnectTimeoutError", "NewConnectionError", "NameResolutionError", "ProxyError"}


def broke_before_sending(failure: BaseException | None) -> bool:
    """True when the connection itself did not come about, so that nothing was handed over."""
    return any(
        isinstance(cause, ConnectionRefusedError | ssl.SSLCertVerificationError)
        or type(cause).__name__ in BEFORE_SENDING
        for cause in _causes(failure)
    )


def _causes(failure: BaseException | None) -> Iterator[BaseException]:
    """The failure and all that it came from, as chained or wrapped."""
    waiting, seen = [failure], set()
    while waiting:
        cause = waiting.pop()
        if not isinstance(cause, BaseException) or id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        waiting += [cause.__cause__, cause.__context__, getattr(cause, "reason", None), *cause.args]
