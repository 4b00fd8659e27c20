"""A case that was handled and closed by the bureau, and follow-ups of it. [3.8] [3.9]"""

from collections.abc import Callable
from typing import NamedTuple

import pytest

from appointments.models import Booking
from cases.models import Case
from departments.enums import Role
from evaluations.models import FollowUp
from sessions_app.models import Sitting
from tests.appointments.conftest import accept, confirm, take
from tests.cases import conftest as unseen
from tests.cases.conftest import (
    case,  # noqa: F401 - fixtures of the same demand
    cast,  # noqa: F401
    hand_over,
    handled,
    joint,  # noqa: F401
    own_start,  # noqa: F401
)
from tests.conftest import Cast, make_person, unit_of_the_cast
from tests.evaluations.followup_steps import assign, follow
from tests.factories import make_sitting
from tests.starts import same_start


class Start(NamedTuple):
    cast: Cast
    sitting: Sitting
    closed: Case


def make_start() -> Start:
    start = unseen.make_start()
    return Start(start.cast, start.sitting, handled(hand_over(start.booking, start.cast.department_head), start.cast))


kept_start = same_start(make_start)


@pytest.fixture
def sitting(own_start: Start | None, db: None) -> Sitting:  # noqa: F811 - the fixtures of these names, here and below
    return own_start.sitting if own_start else make_sitting(unseen.DAY, published=True, opens_at=unseen.OPENS)


@pytest.fixture
def booking(own_start: Start | None, sitting: Sitting, cast: Cast) -> Booking:  # noqa: F811
    """Of a demand that was not seen yet: in a module with one start, another than the one that is closed."""
    return accept(confirm(take(sitting, 2 if own_start else 1)), cast.bureau_staff)


@pytest.fixture
def closed(own_start: Start | None, request: pytest.FixtureRequest) -> Case:  # noqa: F811
    return own_start.closed if own_start else handled(*map(request.getfixturevalue, ("case", "cast")))


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
