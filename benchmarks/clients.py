"""Many enterprises at once, in a process of their own. Reads one round from a file, writes what each was
answered to another.

Raw connections, because the clients share the processors with what they measure.
"""

import asyncio
import json
import re
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from stdnum.cn import uscc

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
LOCATION = re.compile(rb"\r\nlocation: *([^\r]+)", re.IGNORECASE)
PROCESSOR = re.compile(rb"\r\nx-processor-microseconds: *(\d+)", re.IGNORECASE)
SUBMISSION = re.compile(rb'name="submission" value="([^"]+)"')
SECONDS_TO_ANSWER = 120


@dataclass
class Round:
    """Where to go, who goes, and how many connections stand open at a time.

    `tokens`: one for each client, of a form that it opened earlier; sent when the form it asked for now was not shown,
    because all numbers were gone.
    """

    port: int
    announcement: str
    number: str
    first_serial: int
    connections: int
    tokens: list[str]


@dataclass
class Answer:
    kind: str
    status: int
    milliseconds: float
    processor_us: int


@dataclass
class Visit:
    """What one client saw. `done_ms` counts from the moment the rush began, for all of them."""

    answers: list[Answer] = field(default_factory=list)
    decided_ms: float = 0.0
    done_ms: float = 0.0
    error: str = ""


class Connection(asyncio.Protocol):
    """One kept-alive connection, one request at a time."""

    def __init__(self) -> None:
        self.received = b""
        self.expected = 0
        self.waiting: asyncio.Future[bytes] | None = None

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.received += data
        if not self.expected:
            end = self.received.find(b"\r\n\r\n")
            if end < 0:
                return
            length = LENGTH.search(self.received, 0, end)
            self.expected = end + 4 + (int(length[1]) if length else 0)
        if len(self.received) >= self.expected and self.waiting and not self.waiting.done():
            self.waiting.set_result(self.received)
            self.received, self.expected = b"", 0

    def connection_lost(self, error: Exception | None) -> None:
        if self.waiting and not self.waiting.done():
            self.waiting.set_exception(error or ConnectionResetError("closed before the answer"))

    async def ask(self, request: bytes) -> bytes:
        self.waiting = asyncio.get_running_loop().create_future()
        self.transport.write(request)
        return await self.waiting


def credit_code(serial: int) -> str:
    """Another enterprise for each serial, with the right check character."""
    body = f"91530181{serial:09d}"
    return body + uscc.calc_check_digit(body)


def fields_of(serial: int) -> str:
    name = quote(f"安宁第{serial}企业有限公司")
    mobile = f"139{serial:08d}"
    return f"enterprise_kind=operating&company_name={name}&credit_code={credit_code(serial)}&mobile={mobile}"


def get(path: str, port: int) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: text/html\r\n\r\n".encode()


def post(path: str, port: int, body: str) -> bytes:
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: {len(body)}\r\n"
    return f"{head}Content-Type: application/x-www-form-urlencoded\r\n\r\n{body}".encode()


class Client:
    """The way of one enterprise: announcement, form, number, and with a number the first step."""

    def __init__(self, plan: Round, place: int) -> None:
        self.plan = plan
        self.fields = fields_of(plan.first_serial + place)
        self.token = plan.tokens[place]
        self.visit = Visit()

    async def ask(self, connection: Connection, kind: str, request: bytes, expected: set[int]) -> bytes:
        began = time.perf_counter()
        answer = await connection.ask(request)
        took = (time.perf_counter() - began) * 1000
        status = int(answer[9:12])
        if kind == "post":
            kind = "yes" if status == 302 else "no"
        processor = PROCESSOR.search(answer)
        self.visit.answers.append(Answer(kind, status, took, int(processor[1]) if processor else 0))
        if status not in expected:
            raise ValueError(f"{kind}: {answer[:120]!r}")
        return answer

    async def go(self, connection: Connection, rush_began: float) -> None:
        plan = self.plan
        await self.ask(connection, "announcement", get(plan.announcement, plan.port), {200})
        form = await self.ask(connection, "form", get(plan.number, plan.port), {200})
        shown = SUBMISSION.search(form)
        body = f"{self.fields}&submission={quote(shown[1].decode() if shown else self.token)}"
        answer = await self.ask(connection, "post", post(plan.number, plan.port, body), {302, 409})
        self.visit.decided_ms = (time.perf_counter() - rush_began) * 1000
        if location := LOCATION.search(answer):
            await self.ask(connection, "step", get(location[1].decode(), plan.port), {200})

    async def run(self, room: asyncio.Semaphore, rush_began: float) -> Visit:
        async with room:
            try:
                async with asyncio.timeout(SECONDS_TO_ANSWER):
                    loop = asyncio.get_running_loop()
                    transport, connection = await loop.create_connection(Connection, "127.0.0.1", self.plan.port)
                    try:
                        await self.go(connection, rush_began)
                    finally:
                        transport.abort()
            except (OSError, ValueError, TimeoutError) as error:
                self.visit.error = f"{type(error).__name__} {error}"
        self.visit.done_ms = (time.perf_counter() - rush_began) * 1000
        return self.visit


async def rush(plan: Round) -> list[Visit]:
    """All set out at the same moment; who finds every connection in use waits, as behind a proxy."""
    clients = [Client(plan, place) for place in range(len(plan.tokens))]
    room = asyncio.Semaphore(plan.connections)
    began = time.perf_counter()
    return await asyncio.gather(*(client.run(room, began) for client in clients))


def main() -> int:
    source, target = (Path(name) for name in sys.argv[1:])
    visits = asyncio.run(rush(Round(**json.loads(source.read_text()))))
    target.write_text(json.dumps([asdict(visit) for visit in visits]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
