from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = _("系统")

    def ready(self) -> None:
        # They register themselves, and need the models that are only ready now.
        for module in ("core.checks", "core.signals", "core.converters"):
            import_module(module)
