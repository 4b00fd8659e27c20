from django.contrib.admin.apps import AdminConfig


class ConsoleConfig(AdminConfig):
    """Django's admin, with our site as the only one."""

    default_site = "core.console.ConsoleSite"
    default = False
