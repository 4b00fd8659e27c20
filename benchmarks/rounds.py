"""The rounds of the rush, ours and the floors in turn, each checked in the database. Started by benchmarks/rush.py."""

import http.client
import json
import subprocess
import sys
import time
from argparse import Namespace
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import django

django.setup()

from benchmarks import report  # noqa: E402
from benchmarks.clients import Round  # noqa: E402
from benchmarks.database import Held, Seeds, held_in_sitting, held_on_floor, postmaster  # noqa: E402
from benchmarks.floors import NUMBERS  # noqa: E402
from benchmarks.report import FLOORS, OURS, Line, Measured  # noqa: E402
from benchmarks.rush import parser  # noqa: E402
from benchmarks.server import processor_seconds  # noqa: E402
from core import secrets  # noqa: E402
from scripts.shell import end, fail, start  # noqa: E402

WARM_UP_CLIENTS = 200
SECONDS_FOR_A_ROUND = 300


class Rush:
    def __init__(self, port: int, web: int, pages: Path, connections: int) -> None:
        self.port, self.web, self.pages, self.connections = port, web, pages, connections
        self.seeds = Seeds()
        self.database = postmaster()
        self.serial = self.run = 0

    def prepare(self, system: str) -> tuple[int, Round]:
        """A fresh sitting, or five fresh rows, and the addresses to go to."""
        self.run += 1
        if system == OURS:
            key = self.seeds.sitting()
            announcement = f"/sittings/{key}/"
        else:
            key = self.seeds.floor_run(self.run)
            announcement = f"/floors/{system}/{key}/"
        return key, Round(self.port, announcement, f"{announcement}number/", self.serial, self.connections, [])

    def measure(self, system: str, clients: int, number: int) -> Measured:
        key, plan = self.prepare(system)
        plan.tokens = [secrets.new_submission() for _client in range(clients)]
        self.serial += clients
        web, database = processor_seconds(self.web), self.database_seconds()
        visits = self.send(plan)
        web_used = processor_seconds(self.web) - web
        database_used = self.database_seconds() - database if self.database else None
        seconds = max(visit["done_ms"] for visit in visits) / 1000
        measured = Measured(system, clients, number, visits, seconds, web_used, database_used, [])
        measured.problems = list(self.problems(measured, key))
        return measured

    def database_seconds(self) -> float:
        return processor_seconds(self.database) if self.database else 0.0

    def send(self, plan: Round) -> list[dict]:
        """The clients, in a process of their own that ends with ours."""
        source, target = self.pages / "round.json", self.pages / "visits.json"
        source.write_text(json.dumps(asdict(plan)))
        process = start([sys.executable, "-m", "benchmarks.clients", source, target])
        try:
            code = process.wait(SECONDS_FOR_A_ROUND)
        except subprocess.TimeoutExpired:
            code = None
        finally:
            end([process], seconds=5)
        if code != 0:
            fail(f"The clients did not finish ({code}).")
        return json.loads(target.read_text())

    def problems(self, measured: Measured, key: int) -> Iterator[str]:
        yield from sorted({visit["error"] for visit in measured.visits if visit["error"]})[:5]
        given = len(measured.answers("yes"))
        if measured.system == "memory":
            return  # it keeps no record
        held: Held = held_in_sitting(key) if measured.system == OURS else held_on_floor(key)
        measured.held = held.numbers
        if not held.once_each:
            yield f"numbers held: {held}"
        if given != NUMBERS:
            yield f"{given} clients were told that they have a number"

    def keep_pages(self) -> None:
        """The system's own pages, for the floors to answer with: as they are read in a rush."""
        key, plan = self.prepare(OURS)
        self.keep("announcement", plan.announcement)
        self.keep("form", plan.number)
        plan.tokens = [secrets.new_submission() for _client in range(NUMBERS)]
        self.send(plan)
        self.serial += NUMBERS
        step = self.seeds.first_step(key)
        self.keep("step", step)
        self.keep("full", plan.number)

    def keep(self, name: str, path: str) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        if answer.status != 200:
            fail(f"{path} was answered with {answer.status}.")
        (self.pages / name).write_bytes(body)


def in_turn(rush: Rush, sizes: list[int], rounds: int) -> Iterator[Line]:
    """Every round all three, and each round another one first: what slows the machine slows them alike."""
    systems = [OURS, *FLOORS]
    for clients in sizes:
        for number in range(1, rounds + 1):
            shift = number % len(systems)
            for system in systems[shift:] + systems[:shift]:
                yield rush.measure(system, clients, number).line()


def verdict(lines: list[Line], summaries: list[Line], strict: bool) -> int:
    wrong = [f"{line['system']}, {line['clients']} clients: {line['problems']}" for line in lines if line["problems"]]
    for problem in wrong:
        print(f"FAILED {problem}", file=sys.stderr)
    missed = [f"{line['clients']} clients: {', '.join(line['missed'])}" for line in summaries if line["missed"]]
    for target in missed:
        print(f"missed the target of {report.TARGET} times the second floor, {target}", file=sys.stderr)
    return 1 if wrong else 2 if strict and missed else 0


def options() -> Namespace:
    reader = parser()
    reader.add_argument("--port", type=int, required=True)
    reader.add_argument("--web", type=int, required=True)
    reader.add_argument("--pages", type=Path, required=True)
    return reader.parse_args()


def main() -> int:
    given = options()
    began = time.monotonic()
    rush = Rush(given.port, given.web, given.pages, given.connections)
    rush.keep_pages()
    for system in (OURS, *FLOORS):
        rush.measure(system, WARM_UP_CLIENTS, 0)
    lines = []
    for line in in_turn(rush, given.sizes, given.rounds):
        lines.append(line)
        print(json.dumps(line), flush=True)
    summaries = [report.summary(lines, clients) for clients in given.sizes]
    for line in summaries:
        print(json.dumps(line), flush=True)
    print(f"\n{report.table(lines, given.sizes)}\n{time.monotonic() - began:.0f} s", file=sys.stderr)
    return verdict(lines, summaries, given.strict)


if __name__ == "__main__":
    sys.exit(main())
