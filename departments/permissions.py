"""Who may, about departments and roles. The joined table of all apps is `all_grants`."""

from collections import defaultdict
from functools import cache
from importlib import import_module

from django.conf import settings

from core.models import User
from core.permissions import require

GRANTS = {
    "bureau_supervisor": {
        "departments.view_department",
        "departments.add_department",
        "departments.change_department",
        "departments.view_membership",
    },
    "bureau_staff": {"departments.view_department", "departments.change_department", "departments.view_membership"},
    "window_clerk": {"departments.view_department"},
    "department_staff": {"departments.view_department"},
    "department_head": {"departments.view_department"},
    "inspector": {"departments.view_department", "departments.view_membership"},
    "inspection_approver": {"departments.view_department", "departments.view_membership"},
    "leader": {"departments.view_department"},
    "security_officer": {
        "departments.view_membership",
        "departments.add_membership",
        "departments.change_membership",
        "departments.view_department",
    },
    "system_administrator": {"departments.view_membership", "departments.view_department"},
    "auditor": {"departments.view_membership", "departments.view_department"},
}


@cache
def all_grants() -> dict[str, frozenset[str]]:
    """Role -> permissions, from every app's `permissions.GRANTS`."""
    joined: dict[str, set[str]] = defaultdict(set)
    for app in settings.PROJECT_APPS:
        module = import_module(f"{app}.permissions")
        for role, permissions in module.GRANTS.items():
            joined[role] |= set(permissions)
    return {role: frozenset(permissions) for role, permissions in joined.items()}


def check_can_change_roles(actor: User) -> None:
    require(actor, "departments.change_membership")
