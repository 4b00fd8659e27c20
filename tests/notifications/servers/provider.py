"""A provider on this machine: takes requests, counts what it accepted, and fails in the ways providers fail."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

OK, SILENT, BROKEN = "ok", "silent", "broken"


class Provider(ThreadingHTTPServer):
    """`mode`: OK, SILENT (accepts and never answers), BROKEN (HTTP 500), or a code of the provider's own."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.mode = OK
        self.accepted: list[dict[str, Any]] = []
        # What it says became of a text, by its key; without an entry it knows nothing of it.
        self.fates: dict[str, str] = {}
        self.released = threading.Event()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def answer(self, request: "Request") -> tuple[int, Any]:
        """Status and JSON of the answer; each provider speaks its own."""
        raise NotImplementedError

    def accept(self, what: dict[str, Any]) -> None:
        self.accepted.append(what)
        if self.mode == SILENT:
            self.released.wait(5)


class Request:
    """What came in, as the signature rules need it."""

    def __init__(self, handler: BaseHTTPRequestHandler) -> None:
        self.method = handler.command
        self.path = urlsplit(handler.path).path
        self.query_text = urlsplit(handler.path).query
        self.query = {name: values[0] for name, values in parse_qs(self.query_text, keep_blank_values=True).items()}
        self.headers = {name.lower(): value for name, value in handler.headers.items()}
        self.body = handler.rfile.read(int(self.headers.get("content-length", 0)))

    @property
    def json(self) -> dict[str, Any]:
        return json.loads(self.body)


class Handler(BaseHTTPRequestHandler):
    server: Provider

    def do_POST(self) -> None:
        request = Request(self)
        status, content = self.server.answer(request)
        if self.server.mode == SILENT:
            self.close_connection = True
            return
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        for name, value in self.extra_headers(status):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def extra_headers(self, status: int) -> list[tuple[str, str]]:
        return [("x-acs-retry-after", "7000")] if status == 429 else []

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""


@contextmanager
def running(server: Provider) -> Iterator[Provider]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.released.set()
        server.shutdown()
        thread.join()
        server.server_close()
