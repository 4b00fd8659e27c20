"""Who may, in the kernel's own affairs. Each app has a file like this; `GRANTS` are joined by `departments`."""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied

from core.models import User


def require(actor: User, permission: str) -> None:
    """Pass, or PermissionDenied. `permission` is "app.codename" as in Django."""
    if not (isinstance(actor, User) and actor.is_active and actor.has_perm(permission)):
        raise PermissionDenied


def allows(check: Callable[..., None], *about: object) -> bool:
    """A check as a question, for whom something is offered."""
    try:
        check(*about)
    except PermissionDenied:
        return False
    return True


def check_can_manage_accounts(actor: User) -> None:
    require(actor, "core.change_user")


def check_can_change_settings(actor: User) -> None:
    require(actor, "core.change_setting")


# Role (departments.enums.Role) -> permissions.
GRANTS = {
    "bureau_supervisor": {
        "core.view_setting",
        "core.change_setting",
        "core.view_calendaryear",
        "core.import_calendar",
        "core.view_heartbeat",
    },
    "bureau_staff": {"core.view_setting", "core.view_calendaryear", "core.import_calendar"},
    "system_administrator": {
        "core.view_user",
        "core.add_user",
        "core.change_user",
        "core.view_setting",
        "core.view_heartbeat",
    },
    "security_officer": {"core.view_user"},
    "auditor": {"core.view_auditentry", "core.view_user"},
    "inspector": {"core.view_auditentry", "core.view_setting", "core.view_calendaryear"},
    "inspection_approver": {"core.view_auditentry", "core.view_setting", "core.view_calendaryear"},
}
