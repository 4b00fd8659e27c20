"""Who may, about the schedule and its announcements."""

from core.models import User
from core.permissions import require

_VIEW = {"sessions_app.view_sitting", "sessions_app.view_session"}
_PLAN = {
    "sessions_app.add_sitting",
    "sessions_app.change_sitting",
    "sessions_app.publish_sitting",
    "sessions_app.import_schedule",
    "sessions_app.export_schedule",
}
GRANTS = {
    "window_clerk": _VIEW,
    "bureau_staff": _VIEW | _PLAN,
    "bureau_supervisor": _VIEW | _PLAN | {"sessions_app.override_publication"},
    "department_staff": _VIEW,
    "department_head": _VIEW,
    "inspector": _VIEW,
    "inspection_approver": _VIEW,
    "leader": _VIEW,
}


def check_can_plan(actor: User) -> None:
    require(actor, "sessions_app.change_sitting")


def check_can_publish(actor: User) -> None:
    require(actor, "sessions_app.publish_sitting")


def check_can_override(actor: User) -> None:
    require(actor, "sessions_app.override_publication")
