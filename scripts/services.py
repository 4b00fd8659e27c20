"""A private PostgreSQL and a private Redis, on free ports, without durability, gone when the block ends."""

import contextlib
import os
import pwd
import re
import secrets
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from scripts import debian
from scripts.scratch import scratch
from scripts.shell import end, fail, say, start

OLDEST_POSTGRES = 15
# Nothing here outlives the run, so nothing waits for the disk, and no query comes so often that compiling it pays.
FAST = [
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_wal_size=4GB",
    "shared_buffers=256MB",
    "jit=off",
]


def find_postgres() -> Path | None:
    """The folder with the server's programs; Debian keeps them off PATH."""
    on_path = shutil.which("initdb")
    folders = [Path(on_path).parent] if on_path else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: path.parent.name, reverse=True)
    for folder in folders:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            version = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True).stdout
            number = re.search(r"\d+", version)
            if number and int(number[0]) >= OLDEST_POSTGRES:
                return folder
    return None


def server_user() -> str | None:
    """PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def wait_until(ready: Callable[[], bool], process: subprocess.Popen[str], log: Path) -> None:
    deadline = time.monotonic() + 60
    while not ready():
        if process.poll() is not None or time.monotonic() > deadline:
            fail(f"A server did not start:\n{log.read_text(errors='replace')}")
        time.sleep(0.05)


def launch(
    command: Sequence[str | Path], folder: Path, stop: signal.Signals, user: str | None
) -> subprocess.Popen[str]:
    with (folder / "log").open("w") as log:
        return start(command, stop=stop, cwd=folder, user=user, stdout=log.fileno())


def own_folder(parent: Path, name: str, user: str | None) -> Path:
    folder = parent / name
    folder.mkdir(mode=0o700)
    if user:
        shutil.chown(folder, user)
    return folder


@contextlib.contextmanager
def postgres(parent: Path, programs: Path) -> Iterator[str]:
    """A fresh cluster. Its address is handed out; a fast shutdown ends it, whoever is still connected."""
    user = server_user()
    folder = own_folder(parent, "postgres", user)
    password, port = secrets.token_urlsafe(16), free_port()
    word = folder / "password"
    word.write_text(password)
    if user:
        shutil.chown(word, user)
    initdb: list[str | Path] = [
        programs / "initdb",
        "-D",
        folder / "data",
        "-U",
        "anning",
        "--pwfile",
        word,
        "--auth=scram-sha-256",
    ]
    made = launch([*initdb, "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"], folder, signal.SIGTERM, user)
    if made.wait():
        fail(f"initdb failed:\n{(folder / 'log').read_text()}")
    settings = [*FAST, f"port={port}", "listen_addresses=127.0.0.1", "max_connections=200"]
    settings.append(f"unix_socket_directories={folder}")
    options = [part for line in settings for part in ("-c", line)]
    command: list[str | Path] = [programs / "postgres", "-D", folder / "data", *options]
    server = launch(command, folder, signal.SIGINT, user)
    status = folder / "data" / "postmaster.pid"
    try:
        # The server writes this word as the last line of its pid file; pg_ctl looks for it too.
        wait_until(lambda: status.exists() and status.read_text().split()[-1:] == ["ready"], server, folder / "log")
        yield f"postgres://anning:{password}@127.0.0.1:{port}/postgres"
    finally:
        end([server], seconds=10, stop=signal.SIGINT)


@contextlib.contextmanager
def redis(parent: Path) -> Iterator[str]:
    user = server_user()
    folder = own_folder(parent, "redis", user)
    port = free_port()
    command: list[str | Path] = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--dir", folder]
    server = launch([*command, "--save", "", "--appendonly", "no"], folder, signal.SIGTERM, user)
    try:
        wait_until(lambda: answers(port), server, folder / "log")
        yield f"redis://127.0.0.1:{port}"
    finally:
        end([server], seconds=5)


def answers(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


@contextlib.contextmanager
def services() -> Iterator[dict[str, str]]:
    """The environment that points at both: those the caller named, or private ones for as long as the block lasts."""
    programs = find_postgres()
    debian.install(debian.missing_for_tests(programs))
    if not shutil.which(debian.BROWSERS[0]):
        debian.install_if_possible(debian.BROWSERS[0])
    programs = programs or find_postgres()
    given = {name: os.environ[name] for name in ("DATABASE_URL", "REDIS_URL") if os.environ.get(name)}
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(scratch())
        folder.chmod(0o711)  # the server's user must pass through to its own folder
        if "DATABASE_URL" not in given:
            if programs is None:
                fail(f"PostgreSQL {OLDEST_POSTGRES} or newer is needed; this system's packages have an older one.")
            given["DATABASE_URL"] = stack.enter_context(postgres(folder, programs))
        if "REDIS_URL" not in given:
            given["REDIS_URL"] = stack.enter_context(redis(folder))
        say("PostgreSQL and Redis are up.")
        yield dict(os.environ) | given
