"""Brokers and workers as real processes, on the database of the test."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from celery import Celery
from django.conf import settings
from django.db import connection

from tests.prove.test_killed_server import ROOT, free_port, wait_until_listening

SEND, RECEIPTS = "notifications.send_due", "notifications.ask_receipts"


@dataclass
class Broker:
    """Where hints lie. `kill` loses all of them; `restart` brings an empty one."""

    url: str
    options: dict[str, Any] = field(default_factory=dict)

    def restart(self) -> None:
        """Ready for hints."""

    def kill(self) -> None:
        """Gone, with all that lay in it; a folder is no process, it is emptied."""

    def hint(self, task: str = SEND) -> None:
        """What beat does: say that there may be work."""
        app = Celery(broker=self.url)
        app.conf.broker_transport_options = self.options
        with app.connection_for_write() as line:
            app.send_task(task, connection=line, retry=False, ignore_result=True)


class FolderBroker(Broker):
    """That of the embedded profile."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        lies_in = str(folder / "broker")
        control = str(folder / "control")
        super().__init__(
            "filesystem://localhost",
            {"data_folder_in": lies_in, "data_folder_out": lies_in, "control_folder": control},
        )

    def restart(self) -> None:
        for name in ("broker", "control"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)

    def kill(self) -> None:
        for hint in (self.folder / "broker").iterdir():
            hint.unlink(missing_ok=True)


class RedisBroker(Broker):
    """That of production, a server of the test's own."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.process: subprocess.Popen[bytes] | None = None
        super().__init__(f"redis://127.0.0.1:{self.port}/0")

    def restart(self) -> None:
        command = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir"]
        self.process = subprocess.Popen([*command, str(self.folder)], stdout=subprocess.DEVNULL)
        wait_until_listening(self.port)

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()


@contextmanager
def worker(broker: Broker, provider: str, marker: Path, *, beat: bool = False) -> Iterator[subprocess.Popen[bytes]]:
    """One Celery worker of the system, without a pool: killing it kills what it does."""
    environment = os.environ | {
        "DIE_ONCE": str(marker),
        "DJANGO_SETTINGS_MODULE": "tests.prove.worker_settings",
        "SERVED_DATABASE": str(connection.settings_dict["NAME"]),
        "SERVED_SECRET_KEY": settings.SECRET_KEY,
        "SERVED_LINK_KEY": settings.LINK_KEY,
        "SERVED_BROKER": json.dumps({"url": broker.url, "options": broker.options}),
        "SERVED_PROVIDER": provider,
        "PYTHONWARNINGS": "ignore",
    }
    # A worker without a pool cannot carry beat; this one then has one child.
    pool = ["--concurrency", "1", "--beat", "--schedule", str(marker.parent / "beat")] if beat else ["--pool", "solo"]
    command = [sys.executable, "-m", "celery", "--app", "tests.prove.fragile_worker", "--quiet", "worker", *pool]
    command += ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "ERROR"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)
    try:
        yield process
    finally:
        # The whole session: beat is a child of its own.
        if process.poll() is None or beat:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def wait_for(holds: Callable[[], bool], seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, "it did not come about"
        time.sleep(0.05)
