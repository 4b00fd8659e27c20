from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import ChineseForm


class FeedbackForm(ChineseForm):
    content = forms.CharField(label=_("意见或建议"), max_length=1000, widget=forms.Textarea(attrs={"rows": 5}))
    contact = forms.CharField(
        label=_("联系方式"), max_length=100, required=False, help_text=_("希望我们回复的，请填写手机或邮箱。")
    )
