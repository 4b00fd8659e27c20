"""make prove: the tests that kill processes, need volume, or assert query plans at size."""

import sys

from scripts.environment import ensure
from scripts.parts import conclude, run_part
from scripts.services import services
from scripts.shell import exit_on_signals


def main() -> int:
    exit_on_signals()
    ensure(for_tests=True)
    with services() as env:
        part = run_part("prove", ["-m", "prove"], env)
    return conclude([part])


if __name__ == "__main__":
    sys.exit(main())
