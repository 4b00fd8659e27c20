"""make check: what can be said of the code without running it, and whether it keeps to its own architecture."""

import os
import subprocess
import sys
import time

from scripts.environment import PYTHON, ensure
from scripts.parts import conclude, run_part
from scripts.scratch import scratch
from scripts.shell import ROOT, end, exit_on_signals, say, start

# Where a wrong type is a wrong rule. Adapters stand between these and Django's loosely typed hooks.
LAYERS = ("services", "guards", "selectors", "permissions")
JUDGED = ["core/*.py", *(f"*/{layer}*.py" for layer in LAYERS), *(f"*/{layer}/*.py" for layer in LAYERS)]
ADAPTERS = ("admin", "console", "forms", "middleware", "tasks", "urls", "views")


def judged_by_mypy() -> list[str]:
    found = {path.relative_to(ROOT) for pattern in JUDGED for path in ROOT.glob(pattern)}
    return sorted(str(path) for path in found if not path.name.startswith(ADAPTERS))


CHECKS = {
    "ruff check": ["ruff", "check"],
    "ruff format": ["ruff", "format", "--check"],
    "mypy": ["mypy", *judged_by_mypy()],
    "migrations are complete": ["django", "makemigrations", "--check", "--dry-run"],
    "system checks": ["django", "check", "--fail-level", "WARNING"],
}


def passes(name: str, command: list[str], env: dict[str, str]) -> bool:
    began = time.monotonic()
    process = start([PYTHON, "-m", *command], env, stdout=subprocess.PIPE)
    try:
        output, _ = process.communicate()
    finally:
        end([process], seconds=5)
    good = process.returncode == 0
    say(f"{'ok    ' if good else 'FAILED'} {name} ({time.monotonic() - began:.1f} s)")
    if not good:
        say(output)
    return good


def main() -> int:
    exit_on_signals()
    ensure(for_tests=True)
    # The tests' settings need no keys and touch no folder of a system that runs here.
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    env = {name: value for name, value in env.items() if name not in ("ARGS", "DATABASE_URL", "REDIS_URL")}
    with scratch() as folder:
        # Given, not left to them: mypy ends without cleaning up after what it imported.
        env["ANNING_TEST_FOLDER"] = str(folder)
        results = [passes(name, command, env) for name, command in CHECKS.items()]
    house = run_part("house rules", ["tests/house"], env)
    return conclude([house]) or (0 if all(results) else 1)


if __name__ == "__main__":
    sys.exit(main())
