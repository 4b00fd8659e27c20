"""What is needed beyond Python, as Debian packages: installed when we may, else named with the exact command."""

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

from scripts.shell import fail, run, say

# The first is the best.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser")


def install(packages: Iterable[str]) -> None:
    """Install Debian packages, or end with the command that does."""
    wanted = sorted(packages)
    if not wanted:
        return
    command = ["apt-get", "install", "--yes", "--no-install-recommends", *wanted]
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        how = f"sudo apt-get update && sudo {' '.join(command)}"
        fail(f"Needed and not found: {', '.join(wanted)}. On Debian:\n    {how}")
    say(f"Installing Debian packages: {', '.join(wanted)}")
    # Run level 1: the servers are only to be there, not to be started as services of the machine.
    env = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    run(["apt-get", "update"], env, quiet=True)
    run(command, env, quiet=True)


def install_if_possible(package: str) -> None:
    """What is only better to have: installed where we may and the network lets us, else gone without."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    say(f"Installing a Debian package: {package}")
    env = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    patience = ["-o", "Acquire::http::Timeout=20", "-o", "Acquire::Retries=0"]
    for task in (["update"], ["install", "--yes", "--no-install-recommends", package]):
        with contextlib.suppress(subprocess.TimeoutExpired):
            subprocess.run(["apt-get", *patience, *task], env=env, capture_output=True, check=False, timeout=180)


def browser() -> str | None:
    """The browser's program. The shell without a window takes a third of the processor time of the whole one."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def missing_for_tests(postgres: Path | None) -> list[str]:
    """Packages without which the tests cannot run: two servers, a browser, and Chinese glyphs for its pictures."""
    fonts = [Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".local/share/fonts"]
    found = {
        "postgresql": postgres is not None,
        "redis-server": shutil.which("redis-server") is not None,
        BROWSERS[0]: browser() is not None,
        "fonts-noto-cjk": any(next(folder.rglob("NotoSansCJK*"), None) for folder in fonts),
    }
    return [package for package, there in found.items() if not there]
