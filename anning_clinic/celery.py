"""The Celery app. Messages on the broker are hints: due work is a row, found by a sweep."""

import os

from celery import Celery

from anning_clinic.schedule import SCHEDULE

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anning_clinic.settings")
app = Celery("anning_clinic")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = SCHEDULE
app.autodiscover_tasks()
