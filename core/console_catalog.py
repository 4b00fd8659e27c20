"""The words of Django's own scripts that its Chinese catalogue lacks: the calendar's weekdays, the two-list widget."""

from typing import Any

from django.utils.translation import gettext as _
from django.views.i18n import JavaScriptCatalog

# A context and its word are joined as gettext joins them.
JOIN = "\x04"


class ConsoleCatalog(JavaScriptCatalog):
    packages = ["django.contrib.admin"]

    def get_catalog(self) -> dict[str, Any]:
        return super().get_catalog() | {
            f"one letter Monday{JOIN}M": _("一"),
            f"one letter Tuesday{JOIN}T": _("二"),
            f"one letter Wednesday{JOIN}W": _("三"),
            f"one letter Thursday{JOIN}T": _("四"),
            f"one letter Friday{JOIN}F": _("五"),
            f"one letter Saturday{JOIN}S": _("六"),
            f"one letter Sunday{JOIN}S": _("日"),
            'Choose %s by selecting them and then select the "Choose" arrow button.': _("选中后点击右箭头加入。"),
            'Remove %s by selecting them and then select the "Remove" arrow button.': _("选中后点击左箭头移出。"),
            "Choose selected %s": _("加入选中的%s"),
            "Remove selected %s": _("移出选中的%s"),
            "Choose all %s": _("全部加入"),
            "Remove all %s": _("全部移出"),
            "(click to clear)": _("（点击清除）"),
        }
