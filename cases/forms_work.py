"""The shape of what is typed on the working pages. [3.7]"""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.enums import FilterPage
from cases.models import Urging

URGED_AT_ONCE = 100


class UrgeForm(forms.Form):
    note = forms.CharField(
        label=_("催办内容"),
        max_length=Urging._meta.get_field("note").max_length,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("说明要求和时间，如“请于本周五前反馈办理情况，有困难的书面说明”。"),
        error_messages={"required": _("请填写催办内容。")},
    )


class SaveFilterForm(forms.Form):
    """What is wrong is said by the verb, in one sentence above the page."""

    page = forms.ChoiceField(choices=FilterPage)
    name = forms.CharField(required=False)
    query = forms.CharField(required=False)


def chosen_cases(given: Any) -> list[int]:
    """The cases that were ticked, each once; what is no number is nobody's."""
    keys = dict.fromkeys(int(key) for key in given.getlist("case") if key.isdecimal() and len(key) < 19)
    return list(keys)[:URGED_AT_ONCE]
