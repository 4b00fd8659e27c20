from importlib import import_module

import pytest
from django.apps import apps


@pytest.fixture
def refilled_calendar(transactional_db: None) -> None:
    """A transactional test before this one emptied the calendar that the migration filled."""
    if not apps.get_model("core", "CalendarDay").objects.exists():
        import_module("core.migrations.0002_fill_calendar").fill(apps, None)
