"""The tests' settings for a process of its own, on the database that the test made."""

import os

from tests.settings import *  # noqa: F403
from tests.settings import DATABASES

DATABASES["default"]["NAME"] = os.environ["SERVED_DATABASE"]
SECRET_KEY = os.environ["SERVED_SECRET_KEY"]
LINK_KEY = os.environ["SERVED_LINK_KEY"]
