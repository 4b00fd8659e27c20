from django.apps import AppConfig
from django.core.checks import register
from django.utils.translation import gettext_lazy as _

from notifications import checks


class NotificationsConfig(AppConfig):
    name = "notifications"
    verbose_name = _("消息")

    def ready(self) -> None:
        for check in checks.CHECKS:
            register(check)
