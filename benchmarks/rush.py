"""The rush: many clients for five numbers, over HTTP, beside two floors. `python -m benchmarks.rush --help`

Here everything it needs is set up and taken down again; the rounds themselves are in benchmarks/rounds.py.
"""

import argparse
import os
import secrets
import shlex
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from benchmarks.server import web_server
from scripts.scratch import scratch
from scripts.shell import end, exit_on_signals, fail, run, start

SIZES, ROUNDS, CONNECTIONS = "200,1000,5000", 5, 400
MANAGE = [sys.executable, "manage.py"]


def arguments_of(given: Sequence[str]) -> list[str]:
    """Checked here, before anything is started; read again by the rounds."""
    parser().parse_args(given)
    return list(given)


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="benchmarks.rush", description="200, 1,000 and 5,000 clients for 5 numbers")
    made.add_argument("--sizes", default=SIZES, type=sizes_of, help=f"clients of each rush ({SIZES})")
    made.add_argument("--rounds", type=int, default=ROUNDS, help=f"of each size, of each of the three ({ROUNDS})")
    made.add_argument("--connections", type=int, default=CONNECTIONS, help=f"open at a time ({CONNECTIONS})")
    made.add_argument("--strict", action="store_true", help="a missed target is a failure too")
    return made


def sizes_of(text: str) -> list[int]:
    return [int(size) for size in text.split(",")]


@contextmanager
def own_database(url: str) -> Iterator[str]:
    """Made on the server that the address names, and dropped: what that server holds already is not touched."""
    name = f"anning_rush_{os.getpid()}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield urlsplit(url)._replace(path=f"/{name}").geturl()
        finally:
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def environment(folder: Path, database: str) -> dict[str, str]:
    """The production profile, on its own keys, folder and database."""
    keys = {name: secrets.token_urlsafe(48) for name in ("SECRET_KEY", "LINK_KEY")}
    own = {
        "ENV_FILE": os.devnull,
        "VAR_DIR": str(folder),
        "STATIC_ROOT": str(folder / "static"),
        "FLOOR_PAGES": str(folder),
        "DATABASE_URL": database,
        "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
        "ALLOWED_HOSTS": "127.0.0.1",
        "PUBLIC_BASE_URL": "http://127.0.0.1",
        "DEBUG": "false",
    }
    return dict(os.environ) | keys | own


def main() -> int:
    exit_on_signals()
    arguments = arguments_of(sys.argv[1:] or shlex.split(os.environ.get("ARGS", "")))
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        fail("The rush runs on PostgreSQL: make bench starts one, or name one in DATABASE_URL.")
    with scratch() as folder, own_database(url) as database:
        env = environment(folder, database)
        run([*MANAGE, "migrate", "--noinput"], env, quiet=True)
        run([*MANAGE, "collectstatic", "--noinput"], env, quiet=True)
        with web_server(env, folder) as (server, port):
            places = ["--port", str(port), "--web", str(server.pid), "--pages", str(folder)]
            rounds = start([sys.executable, "-m", "benchmarks.rounds", *places, *arguments], env)
            try:
                return rounds.wait()
            finally:
                end([rounds], seconds=5)


if __name__ == "__main__":
    sys.exit(main())
