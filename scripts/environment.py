"""The virtual environment: made when it is not there or no longer fits, else left alone in no time."""

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from scripts import debian
from scripts.shell import ROOT, run, say

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
BASE = ("requirements.txt", "constraints.txt")
DEV = ("requirements-dev.txt", "requirements-aliyun.txt", "requirements-tencent.txt")


def fingerprint(files: tuple[str, ...]) -> str:
    """Of everything that decides what is installed. The path counts, for an environment cannot be moved."""
    digest = hashlib.sha256(f"{sys.version} {VENV}".encode())
    for name in files:
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def fits(stamp: Path, expected: str) -> bool:
    return PYTHON.exists() and stamp.exists() and stamp.read_text() == expected


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Two targets started together must not both build the environment."""
    folder = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def create() -> None:
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        # Debian splits these off Python.
        debian.install([f"python{sys.version_info.major}.{sys.version_info.minor}-venv"])
    say("Making the virtual environment (.venv)")
    shutil.rmtree(VENV, ignore_errors=True)
    run([sys.executable, "-m", "venv", VENV], quiet=True)


def install(requirements: str) -> None:
    say(f"Installing Python packages ({requirements}); this takes about a minute")
    # Wheels only: a package that needs a compiler fails here, at once and by name.
    options = ["--quiet", "--no-input", "--disable-pip-version-check", "--only-binary=:all:"]
    run([PYTHON, "-m", "pip", "install", *options, "-c", "constraints.txt", "-r", requirements], quiet=True)


def ensure(for_tests: bool = False) -> None:
    """The environment holds the system's packages and, if asked for, what the tests need."""
    base, tests = fingerprint(BASE), fingerprint((*BASE, *DEV))
    base_stamp, tests_stamp = VENV / "base.stamp", VENV / "tests.stamp"
    if fits(tests_stamp, tests) or (not for_tests and fits(base_stamp, base)):
        return
    with one_at_a_time():
        if not fits(base_stamp, base):
            create()  # anew, so that a package no longer listed does not linger
            install("requirements.txt")
            base_stamp.write_text(base)
        if for_tests and not fits(tests_stamp, tests):
            install("requirements-dev.txt")
            tests_stamp.write_text(tests)
