"""Departments have no status; these are the names of what happens to roles."""

from django.utils.translation import gettext_lazy as _

ACTIONS = {"set_role": _("设置角色")}
