"""make run: the whole system from a bare checkout. This half needs only Python, then hands over to scripts.serve."""

import os

from scripts.address import Address
from scripts.environment import PYTHON, ensure
from scripts.network import require_free
from scripts.shell import ROOT, exit_on_signals


def main() -> None:
    exit_on_signals()
    address = Address.from_environment()
    require_free(address.host, address.port)  # before the minute that the packages take
    ensure()
    os.chdir(ROOT)
    os.execv(PYTHON, [str(PYTHON), "-m", "scripts.serve"])  # noqa: S606 - signals keep reaching this process


if __name__ == "__main__":
    main()
