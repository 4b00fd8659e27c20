"""A case that was handled and closed by the bureau, and follow-ups of it. [3.8] [3.9]"""

from collections.abc import Callable

import pytest

from cases.models import Case
from departments.enums import Role
from evaluations.models import FollowUp
from tests.cases.conftest import (
    LEAD,
    booking,  # noqa: F401 - fixtures of the same demand
    case,  # noqa: F401
    cast,  # noqa: F401
    close,
    done,
    joint,  # noqa: F401
    kept_start,  # noqa: F401
    own_start,  # noqa: F401
    sitting,  # noqa: F401
)
from tests.conftest import Cast, make_person, unit_of_the_cast
from tests.evaluations.followup_steps import assign, follow


@pytest.fixture
def closed(case: Case, cast: Cast) -> Case:  # noqa: F811 - the fixtures of these names
    done(case, LEAD, cast.department_staff, cast.bureau_staff)
    return close(case, cast.bureau_supervisor)


@pytest.fixture
def colleagues(cast: Cast) -> Cast:  # noqa: F811
    """A second one of each office, to whom it can be given."""
    bureau, inspection = unit_of_the_cast("市政务服务局"), unit_of_the_cast("市政府办公室督查科")
    return Cast(
        bureau=make_person("second_bureau_staff", Role.BUREAU_STAFF, bureau),
        inspection=make_person("second_inspector", Role.INSPECTOR, inspection),
    )


@pytest.fixture
def bureaus(closed: Case, cast: Cast) -> FollowUp:  # noqa: F811
    """Of an unsatisfied rating, given to one of the bureau."""
    return assign(follow(closed), cast.bureau_supervisor, cast.bureau_staff)


@pytest.fixture
def inspections(closed: Case, cast: Cast) -> FollowUp:  # noqa: F811
    """An inspector's own."""
    return follow(closed, "inspector", cast.inspector, assigned_to=cast.inspector.pk)


FollowUpOf = Callable[[str], FollowUp]


@pytest.fixture
def follow_up_of(request: pytest.FixtureRequest) -> FollowUpOf:
    """By the office."""
    return lambda office: request.getfixturevalue({"bureau": "bureaus", "inspection": "inspections"}[office])
