"""The shape of what an asker sends. [3.1]"""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from appointments.enums import ChoiceKind
from appointments.forms import MobileField
from appointments.models import Choice
from core import policy
from core.forms import ChineseForm
from inquiries.enums import Source
from inquiries.services import Question


class QuestionForm(ChineseForm):
    """A question and how to reach who asks; the token makes a repeated submission harmless."""

    question = forms.CharField(
        label=_("问题"),
        max_length=policy.QUESTION_CHARACTERS_MAX,
        help_text=_("想办什么事、卡在哪一步、想了解什么。请勿填写身份证号等个人信息。"),
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    mobile = MobileField(
        label=_("手机"),
        max_length=30,
        help_text=_("答复后短信发送查看链接。"),
        widget=forms.TextInput(attrs={"autocomplete": "tel", "type": "tel", "inputmode": "tel"}),
    )
    area = forms.ModelChoiceField(
        label=_("领域"), queryset=Choice.objects.none(), required=False, empty_label=_("不确定")
    )
    company_name = forms.CharField(
        label=_("企业名称"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    contact_name = forms.CharField(
        label=_("称呼"),
        max_length=50,
        required=False,
        help_text=_("方便电话联系时称呼，如“李工”。"),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("邮箱"),
        max_length=100,
        required=False,
        help_text=_("填写的，答复后同时发送邮件。"),
        widget=forms.TextInput(attrs={"autocomplete": "email", "type": "email"}),
    )
    submission = forms.CharField(max_length=120, widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].queryset = Choice.objects.filter(kind=ChoiceKind.AREA, is_active=True)

    def asked(self) -> Question:
        data = self.cleaned_data
        return Question(
            text=data["question"],
            mobile=data["mobile"],
            area_id=data["area"].pk if data["area"] else None,
            company_name=data["company_name"],
            contact_name=data["contact_name"],
            email=data["email"],
        )


class SiteQuestionForm(QuestionForm):
    """The same on the site, where the asker agrees by a tick."""

    consent = forms.BooleanField(
        label=_("我已阅读并同意上述告知内容。"), error_messages={"required": _("请阅读告知内容并勾选同意。")}
    )


class DeskQuestionForm(QuestionForm):
    """The same for somebody who stands at the desk or is on the phone."""

    source = forms.ChoiceField(
        label=_("来源"),
        choices=[(source.value, source.label) for source in (Source.WINDOW, Source.PHONE)],
        widget=forms.RadioSelect,
        initial=Source.WINDOW,
    )
    consent = forms.BooleanField(
        label=_("已向提问人说明信息用途，提问人同意"), error_messages={"required": _("请先取得提问人同意。")}
    )
    field_order = ["source", *QuestionForm.base_fields, "consent"]


class FollowUpForm(ChineseForm):
    text = forms.CharField(
        label=_("补充或追问"),
        max_length=policy.QUESTION_CHARACTERS_MAX,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("请填写要补充或追问的内容。")},
    )


class JudgeForm(forms.Form):
    helped = forms.TypedChoiceField(
        choices=[("yes", _("解决了")), ("no", _("没有解决"))], coerce=lambda value: value == "yes"
    )
