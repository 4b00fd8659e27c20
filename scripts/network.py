"""This machine's addresses, and whether a port is free."""

import contextlib
import errno
import fcntl
import socket
import struct

from scripts.shell import fail

SIOCGIFADDR = 0x8915
# Reserved for documentation: nothing is sent, the kernel only says which way it would go.
SOMEWHERE = ("192.0.2.1", 9)


def primary_address() -> str | None:
    """The address others on the network most likely reach us by."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(SOMEWHERE)
        return str(probe.getsockname()[0])
    return None


def lan_addresses() -> list[str]:
    """Every IPv4 address of this machine but loopback, the likeliest first."""
    found = [primary_address()]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        for _, name in socket.if_nameindex():
            request = struct.pack("256s", name.encode()[:15])
            with contextlib.suppress(OSError):  # an interface without an IPv4 address
                found.append(socket.inet_ntoa(fcntl.ioctl(asked, SIOCGIFADDR, request)[20:24]))
    return list(dict.fromkeys(address for address in found if address and not address.startswith("127.")))


def require_free(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        # Connections of a run that just ended linger on the port and are no obstacle; a listener is.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                fail(f"Port {port} is in use. Choose another: make run PORT={port + 1}")
            fail(f"Cannot listen on {host} port {port}: {error.strerror}. Choose others: make run HOST=... PORT=...")
