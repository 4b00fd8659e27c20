"""The private servers: they answer while the block lasts, and are gone after it, whatever happened in it."""

import contextlib
import os
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from scripts import scratch
from scripts.services import answers, services
from scripts.shell import ROOT

pytestmark = pytest.mark.prove


@pytest.fixture(autouse=True)
def none_given(monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)


def ports(env):
    return [urlsplit(env[name]).port for name in ("DATABASE_URL", "REDIS_URL")]


def test_services_answer_and_are_gone_after_a_failure():
    used = []
    with contextlib.suppress(ZeroDivisionError), services() as env:
        with psycopg.connect(env["DATABASE_URL"]) as connection:
            assert connection.execute("SHOW max_connections").fetchone() == ("200",)
        assert all(answers(port) for port in ports(env))
        used = ports(env)
        raise ZeroDivisionError
    assert len(used) == 2
    assert not any(answers(port) for port in used)


def test_services_of_a_run_that_was_killed_are_gone_and_its_folder_with_the_next():
    code = (
        "import os, time\nfrom scripts.services import services\nwith services() as env:\n"
        "    print(env['DATABASE_URL'], env['REDIS_URL'], flush=True)\n    time.sleep(60)"
    )
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout
        run.stdout.readline()  # that they are up
        urls = run.stdout.readline().split()
        folder = next(Path("/tmp").glob(f"{scratch.PREFIX}{run.pid}-*"))  # noqa: S108 - found, not made
        run.kill()
    deadline = time.monotonic() + 15
    while any(answers(urlsplit(url).port or 0) for url in urls) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not any(answers(urlsplit(url).port or 0) for url in urls)
    scratch.remove_leftovers()
    assert not folder.exists()


def test_services_that_the_caller_names_are_used_as_they_are(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://named/by-the-caller")
    monkeypatch.setenv("REDIS_URL", "redis://named")
    with services() as env:
        assert (env["DATABASE_URL"], env["REDIS_URL"]) == (os.environ["DATABASE_URL"], "redis://named")
