"""Who works where."""

from collections.abc import Collection

from core.models import User
from departments.enums import DepartmentKind, Role
from departments.models import Department, Membership
from notifications.permissions import audience_sources


def membership_of(user: User) -> Membership | None:
    """The user's one membership, read once for each user object; whoever is signed in brings it along."""
    return getattr(user, "membership", None)


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


def people_of(department_ids: Collection[int]) -> list[User]:
    """Who works in these departments, in whichever role."""
    return list(User.objects.filter(is_active=True, membership__department__in=department_ids).order_by("pk"))


def audience_of(department: Department) -> str:
    """The key under which messages are the department's to see."""
    return f"department:{department.pk}"


def audiences_of(user: User) -> set[str]:
    """The keys of the messages that are a person's department's. [3.5]"""
    department = department_of(user)
    return {audience_of(department)} if department else set()


audience_sources.append(audiences_of)
