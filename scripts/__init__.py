"""What the Makefile's targets do. Everything that runs before the virtual environment exists is standard library."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - on an older one this line is the point
    sys.exit("Python 3.11 or newer is needed; name one with: make PYTHON=python3.11 ...")
