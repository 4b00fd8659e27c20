"""make bench: the rush for numbers, against a server of its own on private PostgreSQL and Redis."""

import os
import secrets
import sys

from scripts.environment import PYTHON, ensure
from scripts.scratch import scratch
from scripts.services import services
from scripts.shell import exit_on_signals, run


def main() -> int:
    exit_on_signals()
    ensure(for_tests=True)
    with scratch() as folder, services() as env:
        # Cut loose from a system that runs here: its keys, its files and its addresses are not touched.
        env |= {"ENV_FILE": os.devnull, "VAR_DIR": str(folder), "STATIC_ROOT": str(folder / "static")}
        env |= {name: secrets.token_urlsafe(48) for name in ("SECRET_KEY", "LINK_KEY")}
        run([PYTHON, "-m", "benchmarks.rush"], env)
    return 0


if __name__ == "__main__":
    sys.exit(main())
