from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import ChineseForm


class MonthForm(ChineseForm):
    """Which month's list is made: one of the last twelve, this one, or the next."""

    month = forms.TypedChoiceField(label=_("月份"), coerce=lambda text: date.fromisoformat(f"{text}-01"))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        months = [date(today.year + at // 12, at % 12 + 1, 1) for at in range(today.month, today.month - 13, -1)]
        self.fields["month"].choices = [
            (f"{day:%Y-%m}", _("%(year)s年%(month)s月") % {"year": day.year, "month": day.month}) for day in months
        ]
        self.initial.setdefault("month", f"{today:%Y-%m}")
