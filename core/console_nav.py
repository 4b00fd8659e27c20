"""The console's left side: the groups of the chain, and pages in them that are no list of objects."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class NavGroup(models.TextChoices):
    """The console's left side, in the order of the chain."""

    SCHEDULE = "schedule", _("日程与公告")
    BOOKING = "booking", _("挂号受理")
    ONSITE = "onsite", _("叫号与现场")
    CASES = "cases", _("交办督办")
    EVALUATION = "evaluation", _("评价回访")
    REPORTS = "reports", _("通报报表")
    SETTINGS = "settings", _("设置")


@dataclass(frozen=True)
class NavPage:
    """A working page under the console's address: its route and name there, and who finds it on the left side.

    `open_to(user)` only offers it; the view asks again. Without a label it is led to from another page.
    """

    route: str
    name: str
    view: Callable[..., Any]
    group: NavGroup
    label: str | Promise = ""
    order: int = 50
    open_to: Callable[[Any], bool] = lambda user: False

    def entry(self, site: str) -> dict[str, Any]:
        return {"name": self.label, "admin_url": reverse(f"{site}:{self.name}"), "order": self.order}


# Each app's admin adds its own.
nav_pages: list[NavPage] = []
