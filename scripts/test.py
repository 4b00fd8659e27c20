"""make test: everything on PostgreSQL and Redis, then again on SQLite without the tests that need row locks."""

import sys

from scripts.environment import ensure
from scripts.parts import conclude, run_part
from scripts.services import services
from scripts.shell import exit_on_signals


def main() -> int:
    exit_on_signals()
    ensure(for_tests=True)
    with services() as env:
        production = run_part("PostgreSQL and Redis", ["-n", "2", "-m", "not prove"], env)
    embedded = {name: value for name, value in env.items() if name not in ("DATABASE_URL", "REDIS_URL")}
    embedded.pop("TEST_DATABASE_URL", None)
    return conclude([production, run_part("SQLite", ["-n", "2", "-m", "not prove and not race"], embedded)])


if __name__ == "__main__":
    sys.exit(main())
