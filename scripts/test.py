"""make test: everything on PostgreSQL and Redis, then again on SQLite what a database can decide.

That leaves out the tests that need row locks, those of the source, and the journeys about the browser's own part.
"""

import sys

from scripts.environment import ensure
from scripts.parts import conclude, run_part
from scripts.services import services
from scripts.shell import exit_on_signals

# Whoever has nothing left takes over half of what another still has: dealt out in chunks, the journeys kept one
# process busy for minutes while the other waited. Three on two cores: while one drives journeys it waits for its
# browser. Within one sitting 523 s in place of 570 s with two on PostgreSQL, 321 s in place of 363 s on SQLite.
THREE_PROCESSES = ("-n", "3", "--dist", "worksteal")
READS_THE_SOURCE = "--ignore=tests/house"


def main() -> int:
    exit_on_signals()
    ensure(for_tests=True)
    with services() as env:
        production = run_part("PostgreSQL and Redis", [*THREE_PROCESSES, "-m", "not prove"], env)
    embedded = {name: value for name, value in env.items() if name not in ("DATABASE_URL", "REDIS_URL")}
    embedded.pop("TEST_DATABASE_URL", None)
    again = [*THREE_PROCESSES, "-m", "not prove and not race and not browser", READS_THE_SOURCE]
    return conclude([production, run_part("SQLite", again, embedded)])


if __name__ == "__main__":
    sys.exit(main())
