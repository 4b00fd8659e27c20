"""Where the system listens and how people reach it, from PORT, HOST, HTTPS and what this machine is called."""

import os
import socket
from dataclasses import dataclass

from scripts.network import lan_addresses
from scripts.shell import fail

LOOPBACK = ("127.0.0.1", "localhost", "::1")
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - compared with, and listened on only when asked for


def port_from(value: str) -> int:
    if not value.isdigit() or not 0 < int(value) < 65536:
        fail(f"PORT={value} is not a port number. For example: make run PORT=8001")
    return int(value)


@dataclass(frozen=True)
class Address:
    host: str
    port: int
    https: bool
    lan: tuple[str, ...]

    @classmethod
    def from_environment(cls) -> "Address":
        https = os.environ.get("HTTPS", "").lower() in ("1", "true", "yes", "on")
        # Personal data over a network only encrypted, unless somebody names a HOST.
        host = os.environ.get("HOST") or (EVERYWHERE[0] if https else LOOPBACK[0])
        return cls(host, port_from(os.environ.get("PORT") or "8000"), https, tuple(lan_addresses()))

    @property
    def names(self) -> list[str]:
        """What a browser may call us by."""
        names = ["localhost", "127.0.0.1"]
        if self.host not in LOOPBACK:
            names += [socket.gethostname(), *self.lan]
        if self.host not in EVERYWHERE:
            names.append(self.host)
        return list(dict.fromkeys(names))

    @property
    def public_url(self) -> str:
        if self.host in EVERYWHERE:
            name = self.lan[0] if self.lan else "localhost"
        else:
            name = "localhost" if self.host in LOOPBACK else self.host
        return f"{'https' if self.https else 'http'}://{name}:{self.port}"

    @property
    def connect_to(self) -> str:
        """Where this machine itself reaches the server."""
        return LOOPBACK[0] if self.host in (*EVERYWHERE, "localhost") else self.host
