"""What every test may ask for: a fixed cast of staff, and settings read afresh."""

from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from django.db import connection

from core.models import User
from core.selectors import forget_settings
from departments.enums import ROLES_WITHOUT_DEPARTMENT, DepartmentKind, Role
from departments.models import Department, Membership

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
KINDS = {"市政务服务局": DepartmentKind.BUREAU, "市政府办公室督查科": DepartmentKind.INSPECTION}


class Cast(dict[str, User]):
    """`cast.auditor` and `cast["auditor"]` are the same person."""

    def __getattr__(self, name: str) -> User:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None


def make_person(name: str, role: Role, department: Department | None) -> User:
    user = User(username=name, full_name=str(role.label), is_staff=True, must_change_password=False)
    user.set_password(CAST_PASSWORD)
    user.save()
    Membership.objects.create(user=user, role=role, department=department)
    return user


@pytest.fixture
def cast(db: None) -> Cast:
    """One member of staff for each role, by name; `CAST_PASSWORD` signs each of them in."""
    people = Cast()
    for name, (role, unit) in CAST.items():
        # A transactional test before this one may have emptied what the migration filled.
        department = (
            None
            if role in ROLES_WITHOUT_DEPARTMENT
            else Department.objects.get_or_create(
                name=unit, defaults={"kind": KINDS.get(str(unit), DepartmentKind.MEMBER)}
            )[0]
        )
        people[name] = make_person(name, role, department)
    return people


@pytest.fixture(autouse=True)
def settings_read_afresh() -> Iterator[None]:
    """No test sees a value that another one put into the settings' cache."""
    forget_settings()
    yield
    forget_settings()


@pytest.fixture(scope="session", autouse=True)
def trail_can_be_emptied_between_tests() -> Iterator[None]:
    """Transactional tests end with a flush, which the append-only audit trail rightly refuses: lift that for it."""
    create, drop = import_module("core.migrations.0003_audit_append_only").STATEMENTS[connection.vendor]
    operations = type(connection.ops)
    stock = operations.sql_flush

    def flush(self: Any, *args: Any, **kwargs: Any) -> list[str]:
        statements = stock(self, *args, **kwargs)
        return [*drop, *statements, *create] if statements else statements

    operations.sql_flush = flush  # type: ignore[method-assign]
    yield
    operations.sql_flush = stock  # type: ignore[method-assign]
