"""Rows that the tests of a module start from, made once for all of them.

To bring a demand to its table costs more than most of what is then proved. A module that says `SAME_START = True`, or
names there what makes a start of its own, has it made once, in a transaction that is taken back after its last test.
Each test has copies of these rows of its own, and what it changes in the database goes with the savepoint around it.
"""

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import pytest
from django.db import connection, transaction

from core.selectors import forget_settings
from tests.conftest import CAST, Cast, make_people, unit_of_the_cast

Made = TypeVar("Made")


def same_start(request: pytest.FixtureRequest, blocker: Any, make: Callable[[], Made]) -> Iterator[Made | None]:
    """None in a module where each test makes its own."""
    wanted = getattr(request.module, "SAME_START", False)
    if not wanted:
        yield None
        return
    forget_settings()
    with blocker.unblock(), transaction.atomic():
        made = wanted() if callable(wanted) else make()
        # Else each test would ask again what was left to be asked at the end of the transaction.
        connection.check_constraints()
        yield made
        transaction.set_rollback(True)


def whole_cast() -> Cast:
    units = {unit: unit_of_the_cast(unit) for _role, unit in CAST.values() if unit}
    return make_people({name: (role, units.get(str(unit))) for name, (role, unit) in CAST.items()})
