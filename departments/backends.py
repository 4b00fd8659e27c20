"""Sign-in by name and password as in Django; permission questions are answered from the role."""

from typing import Any

from django.contrib.auth.backends import ModelBackend

from core.models import User
from departments.permissions import all_grants
from departments.selectors import role_of


class RoleBackend(ModelBackend):
    """Django's own groups and permission rows are not asked: what a role may is in one table in the code."""

    def get_user(self, user_id: int) -> User | None:
        """In one look-up with the role and the department, which every page of the console asks for."""
        user = User.objects.select_related("membership__department").filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> frozenset[str]:
        if not user_obj.is_active or user_obj.is_anonymous:
            return frozenset()
        role = role_of(user_obj)
        return all_grants().get(role.value, frozenset()) if role else frozenset()

    def get_user_permissions(self, user_obj: Any, obj: Any = None) -> frozenset[str]:
        return frozenset()

    def get_group_permissions(self, user_obj: Any, obj: Any = None) -> frozenset[str]:
        return frozenset()
