"""The web server of the rush: two processes, started for it alone, and the processor time they used."""

import http.client
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scripts.services import free_port
from scripts.shell import end, fail, start

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
# In /proc/<pid>/stat after the command: state, parent, …, user and system time, and those of ended children.
PARENT, OWN_TIME, CHILDREN_TIME = 1, slice(11, 13), slice(13, 15)
WEB_PROCESSES, THREADS_EACH = 2, 4


def stat_of(pid: int) -> list[str]:
    """The fields after the command, which itself may hold spaces."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def children_of(parent: int) -> list[int]:
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                if int(stat_of(int(folder.name))[PARENT]) == parent:
                    found.append(int(folder.name))
            except (OSError, IndexError):
                continue  # it ended while we looked
    return found


def processor_seconds(parent: int) -> float:
    """What a process, its children, and its children that ended have used so far."""
    ticks = sum(int(value) for value in stat_of(parent)[OWN_TIME] + stat_of(parent)[CHILDREN_TIME])
    for child in children_of(parent):
        try:
            ticks += sum(int(value) for value in stat_of(child)[OWN_TIME])
        except OSError:
            continue
    return ticks / TICKS_PER_SECOND


def command(port: int) -> list[str]:
    served = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    served += ["--workers", str(WEB_PROCESSES), "--blocking-threads", str(THREADS_EACH), "--log-level", "warning"]
    # A processor each; an idle thread must not be given up and made again in the middle of a round.
    served += ["--blocking-threads-idle-timeout", "600", "--backlog", "4096"]
    return [*served, "anning_clinic.wsgi:application"]


def answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def wait_until_up(server: subprocess.Popen[str], port: int, log: Path) -> None:
    deadline = time.monotonic() + 60
    while not answers(port):
        if server.poll() is not None or time.monotonic() > deadline:
            fail(f"The web server did not start:\n{log.read_text(errors='replace')[-4000:]}")
        time.sleep(0.1)


@contextmanager
def web_server(env: dict[str, str], folder: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Up on a free port of this machine only, for as long as the block lasts."""
    port, log = free_port(), folder / "web.log"
    with log.open("w") as file:
        server = start(command(port), env, stdout=file.fileno())
    try:
        wait_until_up(server, port, log)
        yield server, port
    finally:
        end([server], seconds=10)
