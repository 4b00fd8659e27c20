"""Filters of the console's lists that Django does not bring."""

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _


class SelectFilter(admin.SimpleListFilter):
    """A filter with more choices than a line holds: a drop-down list. The last of a page's has the button for all."""

    template = "console/select_filter.html"
    # What the button's form hands on of the address; None where another filter has the button.
    kept: list[tuple[str, Any]] | None = None

    def choices(self, changelist: Any) -> Any:
        selects = [spec for spec in changelist.filter_specs if isinstance(spec, SelectFilter)]
        if self is selects[-1]:
            chosen = {"p", *(spec.parameter_name for spec in selects)}
            self.kept = [(key, value) for key, value in changelist.params.items() if key not in chosen]
        yield {"value": "", "display": _("全部"), "selected": not self.value()}
        for value, label in self.lookup_choices:
            yield {"value": value, "display": label, "selected": self.value() == str(value)}
