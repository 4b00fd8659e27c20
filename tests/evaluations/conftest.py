"""A case that was handled and closed by the bureau. [3.8] [3.9]"""

import pytest

from cases.models import Case
from tests.cases.conftest import (
    LEAD,
    booking,  # noqa: F401 - fixtures of the same demand
    case,  # noqa: F401
    close,
    done,
    joint,  # noqa: F401
    sitting,  # noqa: F401
)
from tests.conftest import Cast


@pytest.fixture
def closed(case: Case, cast: Cast) -> Case:  # noqa: F811 - the fixture of that name
    done(case, LEAD, cast.department_staff, cast.bureau_staff)
    return close(case, cast.bureau_supervisor)
