"""Rows that the tests of a module start from, made once for all of them.

To bring a demand to its table costs more than most of what is then proved. A module that says `SAME_START = True` has
its start made once, in a transaction that is taken back after its last test. Each test has copies of these rows of its
own, and what it changes in the database goes with the savepoint around it.
"""

from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

import pytest
from django.db import connection, transaction

from core.selectors import forget_settings
from tests.conftest import CAST, Cast, make_people, unit_of_the_cast


def same_start(make: Callable[[], Any]) -> Any:
    """A fixture of a module: what `make` made, or None where each test makes its own."""

    @pytest.fixture(scope="module")
    def start(request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
        if not getattr(request.module, "SAME_START", False):
            yield None
            return
        forget_settings()
        with django_db_blocker.unblock(), transaction.atomic():
            made = make()
            # Else each test would ask again what was left to be asked at the end of the transaction.
            connection.check_constraints()
            yield made
            transaction.set_rollback(True)

    return start


@pytest.fixture
def copied_start(kept_start: Any) -> Any:
    """What a test may change of it, in its own copies."""
    return deepcopy(kept_start)


def whole_cast() -> Cast:
    units = {unit: unit_of_the_cast(unit) for _role, unit in CAST.values() if unit}
    return make_people({name: (role, units.get(str(unit))) for name, (role, unit) in CAST.items()})
