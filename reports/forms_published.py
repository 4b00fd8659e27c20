from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import ChineseForm
from reports.figures.quarter import Quarter

# How far back a quarter is offered: two years.
QUARTERS_OFFERED = 8


class QuarterForm(ChineseForm):
    """Which quarter: one that is over."""

    period = forms.TypedChoiceField(label=_("季度"), coerce=Quarter.parse)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        quarters = [Quarter.of(today).plus(-back) for back in range(1, QUARTERS_OFFERED + 1)]
        self.fields["period"].choices = [(quarter.key, quarter.title) for quarter in quarters]


class PublishForm(ChineseForm):
    """`differs`: an issued bulletin says otherwise, and why it is published all the same has to be written."""

    why = forms.CharField(
        label=_("不一致的说明"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, differs: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if differs:
            self.fields["why"].help_text = _("与已印发的通报不一致，须写明原因后才能公布；说明只在工作台可见。")
        else:
            self.fields["why"].widget = forms.HiddenInput()
