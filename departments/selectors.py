"""Who works where."""

from core.models import User
from departments.enums import DepartmentKind, Role
from departments.models import Department, Membership


def membership_of(user: User) -> Membership | None:
    """The user's one membership, read once for each request's user object."""
    kept = user.__dict__
    if "_membership" not in kept:
        kept["_membership"] = Membership.objects.select_related("department").filter(user_id=user.pk).first()
    return kept["_membership"]


def role_of(user: User) -> Role | None:
    membership = membership_of(user)
    return Role(membership.role) if membership else None


def department_of(user: User) -> Department | None:
    membership = membership_of(user)
    return membership.department if membership else None


def users_with_role(*roles: Role) -> list[User]:
    return list(User.objects.filter(is_active=True, membership__role__in=roles).order_by("pk"))


def bureau() -> Department:
    return Department.objects.get(kind=DepartmentKind.BUREAU)
