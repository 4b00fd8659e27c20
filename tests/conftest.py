"""What every test may ask for: a fixed cast of staff, and settings read afresh."""

import gc
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password

from core.models import User
from core.selectors import forget_settings
from departments.enums import Role
from departments.models import Department, Membership
from tests.emptying import copy_reference_tables, emptied_at_little_cost

CAST_PASSWORD = "Anning-Cast-2026"

# Name in the cast -> role, department. Two departments, so that a stranger from the other one can be refused.
CAST = {
    "bureau_staff": (Role.BUREAU_STAFF, "市政务服务局"),
    "bureau_supervisor": (Role.BUREAU_SUPERVISOR, "市政务服务局"),
    "window_clerk": (Role.WINDOW_CLERK, "市政务服务局"),
    "department_staff": (Role.DEPARTMENT_STAFF, "市税务局"),
    "other_department_staff": (Role.DEPARTMENT_STAFF, "市统计局"),
    "department_head": (Role.DEPARTMENT_HEAD, "市税务局"),
    "inspector": (Role.INSPECTOR, "市政府办公室督查科"),
    "inspection_approver": (Role.INSPECTION_APPROVER, "市政府办公室督查科"),
    "leader": (Role.LEADER, None),
    "system_administrator": (Role.SYSTEM_ADMINISTRATOR, None),
    "security_officer": (Role.SECURITY_OFFICER, None),
    "auditor": (Role.AUDITOR, None),
}


def pytest_configure() -> None:
    # The collector's full passes over all that Django and the tests have loaded cost a fifth of the processor time.
    gc.set_threshold(100_000, 20, 100)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # A journey keeps its process waiting for the browser, and one that comes last keeps the other waiting too: with
    # the journeys first, one process drives them while the other runs what needs none.
    items.sort(key=lambda item: item.get_closest_marker("journey") is None)


def pytest_collection_finish() -> None:
    gc.freeze()


class Cast(dict[str, User]):
    """`cast.auditor` and `cast["auditor"]` are the same person."""

    def __getattr__(self, name: str) -> User:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None


def make_person(name: str, role: Role, department: Department | None) -> User:
    return make_people({name: (role, department)})[name]


def make_people(wanted: dict[str, tuple[Role, Department | None]]) -> Cast:
    """In two statements, however many: most tests ask for the whole cast."""
    password = make_password(CAST_PASSWORD)
    users = User.objects.bulk_create(
        User(username=name, full_name=str(role.label), is_staff=True, must_change_password=False, password=password)
        for name, (role, _department) in wanted.items()
    )
    Membership.objects.bulk_create(
        Membership(user=user, role=role, department=department)
        for user, (role, department) in zip(users, wanted.values(), strict=True)
    )
    return Cast({user.username: user for user in users})


def unit_of_the_cast(name: str) -> Department:
    return Department.objects.get(name=name)


@pytest.fixture
def cast(db: None) -> Cast:
    """One member of staff for each role, by name; `CAST_PASSWORD` signs each of them in."""
    units = {unit: unit_of_the_cast(unit) for _role, unit in CAST.values() if unit}
    return make_people({name: (role, units.get(str(unit))) for name, (role, unit) in CAST.items()})


@pytest.fixture(autouse=True)
def settings_read_afresh() -> Iterator[None]:
    """No test sees a value that another one put into the settings' cache."""
    forget_settings()
    yield
    forget_settings()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        copy_reference_tables()


@pytest.fixture(scope="session", autouse=True)
def tables_are_emptied_between_tests() -> Iterator[None]:
    with emptied_at_little_cost():
        yield
