"""Fixtures of the modules about typical cases: the same demand that was handled and closed, and asked about. [5.4]"""

import pytest

from cases.models import Case
from tests.cases.conftest import working_day
from tests.evaluations.conftest import booking, case, cast, closed, kept_start, own_start, sitting
from tests.evaluations.rating_steps import invite

__all__ = ["booking", "case", "cast", "closed", "good", "kept_start", "own_start", "sitting"]


@pytest.fixture
def good(closed: Case) -> Case:
    invite(closed, now=working_day(10))
    return closed
