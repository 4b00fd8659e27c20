"""Two clerks at the same moment, on PostgreSQL. [3.4]"""

import pytest

from reports import services
from reports.models import ServiceItemsList
from sessions_app.models import Sitting
from tests.appointments.conftest import NOW, accept, confirm, take
from tests.appointments.test_races import beside, outcome, sitting
from tests.conftest import Cast

__all__ = ["sitting"]
pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True), pytest.mark.clause("[3.4]")]


def test_list_made_by_two_at_once_is_one_draft(sitting: Sitting, cast: Cast) -> None:
    accept(confirm(take(sitting, 1)), cast.bureau_staff)
    options = {"year": 2026, "month": 11, "actor": cast.bureau_staff, "now": NOW}
    result = beside(lambda: services.make_list(**options), lambda: services.make_list(**options))
    assert outcome(result) == "just_made"
    assert ServiceItemsList.objects.count() == 1
