"""From what the clients saw to lines of JSON, ratios, and a verdict."""

import math
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

FLOORS = ("memory", "claim")
OURS = "ours"
KINDS = ("announcement", "form", "yes", "no", "step")
TARGET = 1.2
Line = dict[str, Any]


@dataclass
class Measured:
    """One round of one of the three, as it is printed."""

    system: str
    clients: int
    round: int
    visits: list[dict[str, Any]]
    seconds: float
    web_seconds: float
    database_seconds: float | None
    held: list[int]
    problems: list[str] = field(default_factory=list)

    def answers(self, kind: str) -> list[dict[str, Any]]:
        return [answer for visit in self.visits for answer in visit["answers"] if answer["kind"] == kind]

    def line(self) -> Line:
        every = sum(len(visit["answers"]) for visit in self.visits)
        decided = [visit["decided_ms"] for visit in self.visits if visit["answers"] and said_yes(visit)]
        per_client = {"web": self.web_seconds, "database": self.database_seconds}
        return {
            "system": self.system,
            "clients": self.clients,
            "round": self.round,
            "numbers_given": len(decided),
            "numbers_held": self.held,
            "fifth_ms": rounded(sorted(decided)[4]) if len(decided) >= 5 else None,
            "requests_per_second": rounded(every / self.seconds),
            "processor_ms_per_client": {
                name: rounded(used * 1000 / self.clients) if used is not None else None
                for name, used in per_client.items()
            },
            "client_ms": spread([visit["done_ms"] for visit in self.visits]),
            **{kind: of_kind(self.answers(kind)) for kind in KINDS},
            "errors": sum(1 for visit in self.visits if visit["error"]),
            "problems": self.problems,
        }


def said_yes(visit: dict[str, Any]) -> bool:
    return any(answer["kind"] == "yes" for answer in visit["answers"])


def rounded(value: float) -> float:
    return round(value, 3 if value < 10 else 1)


def percentile(values: Sequence[float], part: float) -> float:
    """The smallest value that at least this part does not exceed."""
    ordered = sorted(values)
    return ordered[math.ceil(len(ordered) * part) - 1]


def spread(values: Sequence[float]) -> Line | None:
    if not values:
        return None
    return {"median": rounded(statistics.median(values)), "p99": rounded(percentile(values, 0.99))}


def of_kind(answers: Sequence[dict[str, Any]]) -> Line | None:
    if not answers:
        return None
    processor = statistics.mean(answer["processor_us"] for answer in answers) / 1000
    times = spread([answer["milliseconds"] for answer in answers]) or {}
    return {"count": len(answers), "ms": times, "processor_ms": rounded(processor)}


# What is held against the second floor, and how it is read from a line.
COMPARED: dict[str, Callable[[Line], float | None]] = {
    "yes, time": lambda line: line["yes"] and line["yes"]["ms"]["median"],
    "yes, processor": lambda line: line["yes"] and line["yes"]["processor_ms"],
    "no, time": lambda line: line["no"] and line["no"]["ms"]["median"],
    "no, processor": lambda line: line["no"] and line["no"]["processor_ms"],
    "client, time": lambda line: line["client_ms"] and line["client_ms"]["median"],
    "client, processor": lambda line: line["processor_ms_per_client"]["web"],
    "client, processor with database": lambda line: sum(
        used or 0.0 for used in line["processor_ms_per_client"].values()
    ),
}


def ratios(lines: Sequence[Line], clients: int, floor: str) -> dict[str, float]:
    """The median over the rounds of ours against the floor of the same round: what disturbs one disturbs both."""
    by_round = {(line["system"], line["round"]): line for line in lines if line["clients"] == clients}
    numbers = sorted({number for _system, number in by_round})
    found = {}
    for name, read in COMPARED.items():
        pairs = [
            (read(by_round[OURS, number]), read(by_round[floor, number]))
            for number in numbers
            if (OURS, number) in by_round and (floor, number) in by_round
        ]
        each = [ours / floor_value for ours, floor_value in pairs if ours and floor_value]
        if each:
            found[name] = rounded(statistics.median(each))
    return found


def summary(lines: Sequence[Line], clients: int) -> Line:
    against = {floor: ratios(lines, clients, floor) for floor in FLOORS}
    missed = sorted(name for name, ratio in against["claim"].items() if ratio > TARGET)
    return {"summary": True, "clients": clients, "ratio_to": against, "target": TARGET, "missed": missed}


def table(lines: Sequence[Line], sizes: Sequence[int]) -> str:
    head = ["clients", "system", "given", "fifth ms", "yes ms", "p99", "no ms", "p99", "req/s", "cpu ms", "db ms"]
    rows = [head]
    for clients in sizes:
        for system in (OURS, *FLOORS):
            rounds = [line for line in lines if line["clients"] == clients and line["system"] == system]
            rows.append([str(clients), system, *cells(rounds)])
    widths = [max(len(row[place]) for row in rows) for place in range(len(head))]
    return "\n".join("  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)


def cells(rounds: Sequence[Line]) -> list[str]:
    """The middle one of the rounds, column by column."""

    def middle(read: Callable[[Line], float | None]) -> str:
        values = [value for line in rounds if (value := read(line)) is not None]
        return f"{statistics.median(values):.4g}" if values else "-"

    def of(kind: str, part: str) -> Callable[[Line], float | None]:
        return lambda line: line[kind] and line[kind]["ms"][part]

    columns = [lambda line: line["numbers_given"], lambda line: line["fifth_ms"]]
    columns += [of(kind, part) for kind in ("yes", "no") for part in ("median", "p99")]
    columns += [lambda line: line["requests_per_second"]]
    columns += [lambda line, name=name: line["processor_ms_per_client"][name] for name in ("web", "database")]
    return [middle(read) for read in columns]
