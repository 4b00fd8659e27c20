"""The shape of what visitors send from the pages that span the chain."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import ChineseForm


class FeedbackForm(ChineseForm):
    content = forms.CharField(label=_("意见或建议"), max_length=1000, widget=forms.Textarea(attrs={"rows": 5}))
    contact = forms.CharField(
        label=_("联系方式"), max_length=100, required=False, help_text=_("希望我们回复的，请填写手机或邮箱。")
    )


class AddToCaseForm(ChineseForm):
    """Facts that the enterprise adds to its case; files travel beside them. [3.7]"""

    text = forms.CharField(
        label=_("补充的事实"),
        max_length=2000,
        required=False,
        help_text=_("新的进展，或需要更正的情况。文字和材料至少填一项。"),
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    submission = forms.CharField(max_length=120, widget=forms.HiddenInput, required=False)


class RoundForm(forms.Form):
    """Which round of a case is meant."""

    round = forms.IntegerField(min_value=1, max_value=1000)
