"""The system's own settings, with the floors mounted beside it and a clock around every answer."""

import os

from anning_clinic.settings import *  # noqa: F403
from anning_clinic.settings import MIDDLEWARE

ROOT_URLCONF = "benchmarks.urls"
# Outermost, so that what it measures contains all the middleware, for the floors as for the system.
MIDDLEWARE = ["benchmarks.clock.AnswerClock", *MIDDLEWARE]
# Where the system's own pages were kept, for the floors to answer with.
FLOOR_PAGES = os.environ.get("FLOOR_PAGES", "")
