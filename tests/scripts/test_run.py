"""make run, truly: it serves, it ends without leaving a process, and it keeps what it has."""

import contextlib
import http.client
import os
import signal
import sqlite3
import ssl
import subprocess
import sys
import time
from pathlib import Path

import pytest

from scripts.services import free_port
from scripts.shell import ROOT

pytestmark = pytest.mark.prove
STARTS_WITHIN = 120
ENDS_WITHIN = 15


class System:
    """The whole system with a folder and a port of its own, beside whatever else runs on this machine."""

    def __init__(self, folder: Path, **variables: str) -> None:
        self.var, self.port, self.output = folder / "var", free_port(), folder / "output"
        # Nothing of the tests' own environment, or it would run with their settings.
        self.env = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        self.env |= {"VAR_DIR": str(self.var), "STATIC_ROOT": str(folder / "static"), "PORT": str(self.port)}
        self.env |= variables
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.output.open("wb") as output:
            # What `make run` calls; make itself reports an interrupt as its own failure.
            command = [sys.executable, "-m", "scripts.run"]
            self.process = subprocess.Popen(command, cwd=ROOT, env=self.env, stdout=output, stderr=output)
        deadline = time.monotonic() + STARTS_WITHIN
        while "Ctrl-C stops everything" not in self.said():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.1)

    def said(self) -> str:
        return self.output.read_text(errors="replace")

    def wait(self) -> int:
        assert self.process
        return self.process.wait(ENDS_WITHIN)

    def stop(self, number: signal.Signals) -> int:
        assert self.process
        self.process.send_signal(number)
        return self.wait()

    def processes(self) -> dict[int, str]:
        """Every process of this system, by the folder that only it has in its environment."""
        found = {}
        for entry in Path("/proc").iterdir():
            with contextlib.suppress(OSError):
                if entry.name.isdigit() and f"VAR_DIR={self.var}\0".encode() in (entry / "environ").read_bytes():
                    found[int(entry.name)] = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        return found

    def child(self, program: str) -> int:
        return min(pid for pid, command in self.processes().items() if f"-m {program} " in command)

    def get(self, path: str, connection: http.client.HTTPConnection | None = None) -> tuple[int, bytes]:
        connection = connection or http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        with contextlib.closing(connection):
            connection.request("GET", path, headers={"Host": f"localhost:{self.port}"})
            response = connection.getresponse()
            return response.status, response.read()

    def rows(self) -> dict[str, int]:
        """How many rows each table of the people and their bookings holds."""
        with contextlib.closing(sqlite3.connect(self.var / "anning.sqlite3")) as database:
            tables = ["core_user", "departments_department", "appointments_booking"]
            return {name: database.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in tables}  # noqa: S608 - names from the line above


@pytest.fixture
def system(tmp_path):
    made = []

    def make(**variables):
        made.append(System(tmp_path, **variables))
        return made[-1]

    yield make
    for each in made:
        for pid in each.processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if each.process:
            each.process.wait()


def test_run_twice_serves_and_keeps_its_data_and_leaves_no_process(system):
    running = system()
    running.start()
    assert running.get("/healthz") == (200, b"ok")
    status, page = running.get("/")
    assert status == 200
    assert "营商环境".encode() in page or b"<html" in page
    kept = [running.var / "embedded.env", running.var / "demo-accounts.txt"]
    before, rows = [path.read_bytes() for path in kept], running.rows()
    assert {path.stat().st_mode & 0o777 for path in kept} == {0o600}
    assert rows["core_user"] > 0
    assert running.stop(signal.SIGINT) == 0
    assert running.processes() == {}

    running.start()
    assert running.get("/healthz")[0] == 200
    assert [path.read_bytes() for path in kept] == before
    assert running.rows() == rows
    assert running.stop(signal.SIGTERM) == 0
    assert running.processes() == {}


@pytest.mark.parametrize("program", ["granian", "celery"])
def test_run_when_one_part_is_killed_ends_the_other_and_fails(system, program):
    running = system()
    running.start()
    os.kill(running.child(program), signal.SIGKILL)
    assert running.wait() == 1
    assert running.processes() == {}
    assert "so everything stops" in running.said()


def test_run_when_killed_outright_takes_everything_with_it(system):
    running = system()
    running.start()
    running.stop(signal.SIGKILL)
    deadline = time.monotonic() + ENDS_WITHIN
    while running.processes() and time.monotonic() < deadline:
        time.sleep(0.2)
    assert running.processes() == {}


def test_run_with_https_serves_under_its_own_authority_only_encrypted(system):
    running = system(HTTPS="1")
    running.start()
    authority = running.var / "tls" / "ca.pem"
    assert str(authority) in running.said()
    trusted = ssl.create_default_context(cafile=str(authority))
    for name in ("127.0.0.1", "localhost"):
        secure = http.client.HTTPSConnection(name, running.port, timeout=10, context=trusted)
        assert running.get("/healthz", secure) == (200, b"ok")
    with pytest.raises((http.client.HTTPException, OSError)):
        running.get("/healthz")
    assert running.stop(signal.SIGINT) == 0
    assert running.processes() == {}
