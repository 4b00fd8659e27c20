"""The system's own Celery app, in a process that dies once between claiming a message and handing it over."""

import os
import signal
from pathlib import Path
from typing import Any

import django

django.setup()

from anning_clinic.celery import app  # noqa: E402
from notifications.services import relay  # noqa: E402

MARKER = Path(os.environ["DIE_ONCE"])
hand_over = relay._hand_over
# The periodic list as it is, only faster: nobody wants to wait for half a minute.
app.conf.beat_schedule = {name: {**entry, "schedule": 1} for name, entry in app.conf.beat_schedule.items()}


def dies_before_handing_over(*args: Any) -> bool:
    if MARKER.exists():
        MARKER.unlink()
        os.kill(os.getpid(), signal.SIGKILL)
    return hand_over(*args)


relay._hand_over = dies_before_handing_over
