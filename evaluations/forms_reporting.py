"""The shape of what an enterprise sends about the handling of its demand. [3.9]"""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import ChineseForm


class ReportForm(ChineseForm):
    """反映办理问题; the token makes a repeated submission harmless."""

    text = forms.CharField(
        label=_("反映的问题"),
        max_length=1000,
        help_text=_("例如：没有人联系、答复与实际不符、承诺没有兑现。"),
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    submission = forms.CharField(max_length=120, widget=forms.HiddenInput, required=False)
