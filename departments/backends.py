"""Django's permission questions, answered from the role."""

from typing import Any

from django.contrib.auth.backends import BaseBackend

from departments.permissions import all_grants
from departments.selectors import role_of


class RoleBackend(BaseBackend):
    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> frozenset[str]:
        if not user_obj.is_active or user_obj.is_anonymous:
            return frozenset()
        role = role_of(user_obj)
        return all_grants().get(role.value, frozenset()) if role else frozenset()

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        return perm in self.get_all_permissions(user_obj)

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        return any(perm.startswith(f"{app_label}.") for perm in self.get_all_permissions(user_obj))
