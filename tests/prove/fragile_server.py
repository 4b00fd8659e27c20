"""A web process that dies between the commit of a booking and its answer, once for each marker file."""

import os
import signal
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from wsgiref.simple_server import make_server

from anning_clinic.wsgi import application

MARKER = Path(os.environ["DIE_ONCE"])


def dies_before_answering(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The work is done and committed; the answer never leaves."""
    body = application(environ, start_response)
    if environ["REQUEST_METHOD"] == "POST" and MARKER.exists():
        MARKER.unlink()
        os.kill(os.getpid(), signal.SIGKILL)
    return body


if __name__ == "__main__":
    with make_server("127.0.0.1", int(sys.argv[1]), dies_before_answering) as server:
        server.serve_forever()
