"""One run of pytest, judged more strictly than by its exit code: it must run tests, and skip none."""

import os
import re
import shlex
import subprocess
import sys
import threading
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from signal import SIGINT

from scripts.environment import PYTHON
from scripts.scratch import scratch
from scripts.shell import end, say, start

# A file that gathers the closing lines of several runs, for whoever started them all.
CLOSING_LINES = "CLOSING_LINES"
CLOSING = re.compile(r"=+ .*\b(passed|failed|errors?|skipped|no tests ran|deselected)\b.* in [\d.]+s.*=+")


@dataclass
class Part:
    """A part that ran: what went wrong with it, how long it took, and the line pytest closed with."""

    name: str
    seconds: float = 0.0
    closing: str = "pytest did not get as far as its summary"
    problems: list[str] = field(default_factory=list)


def read_report(report: Path) -> list[str]:
    """What the exit code does not say: that nothing ran, or that something was left out."""
    if not report.exists():
        return ["pytest wrote no report"]
    # Our own pytest wrote it a moment ago.
    cases = list(ElementTree.parse(report).getroot().iter("testcase"))  # noqa: S314
    skipped = [case for case in cases if case.find("skipped") is not None]
    problems = [f"skipped: {case.get('classname')}::{case.get('name')}" for case in skipped]
    return problems if cases else ["no test ran"]


def show(process: subprocess.Popen[str], part: Part) -> None:
    """Pass pytest's output on as it comes, and keep its closing line."""
    assert process.stdout
    for line in process.stdout:
        sys.stdout.write(line)
        sys.stdout.flush()
        if CLOSING.search(re.sub(r"\x1b\[[\d;]*m", "", line)):
            part.closing = line.rstrip()


def run_part(name: str, arguments: Sequence[str], env: Mapping[str, str]) -> Part:
    part, began = Part(name), time.monotonic()
    extra = shlex.split(env.get("ARGS", ""))
    say(f"\n--- {name}: pytest {shlex.join([*arguments, *extra])}")
    with scratch() as folder:
        report = folder / "report.xml"
        colour = ["--color=yes"] if sys.stdout.isatty() else []
        command: list[str | Path] = [PYTHON, "-m", "pytest", *arguments, *colour, f"--junitxml={report}", *extra]
        # The tests keep their files there too: a folder of ours goes away even when pytest is killed.
        env = {**env, "ANNING_TEST_FOLDER": str(folder)}
        env.pop(CLOSING_LINES, None)
        # What one process made of the sources, hundreds of others need: the next part, workers, servers.
        env.pop("PYTHONDONTWRITEBYTECODE", None)
        # SIGINT, here and below: pytest then tears its fixtures down, servers and browsers among them.
        process = start(command, env, stop=SIGINT, stdout=subprocess.PIPE)
        reader = threading.Thread(target=show, args=(process, part), daemon=True)
        reader.start()
        try:
            code = process.wait()
        finally:
            end([process], seconds=15, stop=SIGINT)
            reader.join(timeout=5)
        part.problems = ([f"pytest ended with {code}"] if code else []) + read_report(report)
    part.seconds = time.monotonic() - began
    return part


def conclude(parts: Sequence[Part]) -> int:
    """The durations, what is wrong, and last of all pytest's own closing lines."""
    say("")
    for part in parts:
        say(f"{part.seconds:7.1f} s  {part.name}")
    say(f"{sum(part.seconds for part in parts):7.1f} s  in all")
    for part in parts:
        for problem in part.problems:
            say(f"FAILED {part.name}: {problem}")
    for part in parts:
        say(part.closing)
    if kept := os.environ.get(CLOSING_LINES):
        with open(kept, "a") as file:
            file.writelines(f"{part.closing}\n" for part in parts)
    return 1 if any(part.problems for part in parts) else 0
