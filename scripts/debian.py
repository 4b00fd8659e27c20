"""What is needed beyond Python, as Debian packages: installed when we may, else named with the exact command."""

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from scripts.shell import fail, run, say


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


def missing_for_tests(postgres: Path | None) -> list[str]:
    """Packages without which the tests cannot run: two servers, a browser, and Chinese glyphs for its pictures."""
    fonts = [Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".local/share/fonts"]
    found = {
        "postgresql": postgres is not None,
        "redis-server": shutil.which("redis-server") is not None,
        "chromium": shutil.which("chromium") is not None,
        "fonts-noto-cjk": any(next(folder.rglob("NotoSansCJK*"), None) for folder in fonts),
    }
    return [package for package, there in found.items() if not there]
