"""The shape of what an enterprise sends: 企业“挂号”预约信息表, in steps. [3.3]"""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.datastructures import MultiValueDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from appointments.enums import (
    ChoiceKind,
    DemandKind,
    Elsewhere,
    EnterpriseKind,
    NoticeChannel,
    RepresentativeRole,
)
from appointments.identity import credit_code_is_valid, mobile_is_valid, normal_credit_code, normal_mobile
from appointments.models import Choice
from appointments.services import Application
from core.forms import ChineseForm
from departments.models import Department


def _choices(kind: ChoiceKind) -> QuerySet[Choice]:
    return Choice.objects.filter(kind=kind, is_active=True)


class CreditCodeField(forms.CharField):
    """Normalised; 18 characters and the check character of GB 32100-2015."""

    def to_python(self, value: Any) -> str:
        return normal_credit_code(super().to_python(value))

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and len(value) != 18:
            raise ValidationError(_("统一社会信用代码应为 18 位，现为 %(count)s 位。"), params={"count": len(value)})
        if value and not credit_code_is_valid(value):
            raise ValidationError(_("统一社会信用代码有误，请对照营业执照核对（不含字母 I、O、S、V、Z）。"))


class MobileField(forms.CharField):
    def to_python(self, value: Any) -> str:
        return normal_mobile(super().to_python(value))

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and not mobile_is_valid(value):
            raise ValidationError(_("请填写 11 位手机号码。"))


def _text(autocomplete: str, **attributes: str | Promise) -> forms.TextInput:
    return forms.TextInput(attrs={"autocomplete": autocomplete, **attributes})


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class TakeForm(ChineseForm):
    """What holds a number: four answers, and the token that makes a repeated submission harmless."""

    enterprise_kind = forms.ChoiceField(
        label=_("企业类别"), choices=EnterpriseKind.choices, widget=forms.RadioSelect, initial=EnterpriseKind.OPERATING
    )
    company_name = forms.CharField(label=_("企业名称"), max_length=100, widget=_text("organization"))
    credit_code = CreditCodeField(
        label=_("统一社会信用代码"),
        max_length=40,
        required=False,
        help_text=_("营业执照上的 18 位代码；拟投资企业没有的可不填。"),
        widget=_text(
            "off",
            autocapitalize="characters",
            spellcheck="false",
            pattern=".{18,}",
            title=_("统一社会信用代码应为 18 位。"),
        ),
    )
    mobile = MobileField(
        label=_("手机"),
        max_length=30,
        help_text=_("用于接收叫号提醒。"),
        widget=_text("tel", type="tel", inputmode="tel", pattern=".{11,}", title=_("请填写 11 位手机号码。")),
    )
    submission = forms.CharField(max_length=120, widget=forms.HiddenInput, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        operating = data.get("enterprise_kind") == EnterpriseKind.OPERATING
        if operating and "credit_code" in data and not data["credit_code"]:
            self.add_error("credit_code", _("请填写统一社会信用代码。"))
        return data

    def application(self, *, verified: bool = False) -> Application:
        """`verified`: this device has shown that the mobile is its own. [3.3]"""
        data = self.cleaned_data
        said = (data["enterprise_kind"], data["company_name"], data["credit_code"], data["mobile"])
        return Application(*said, mobile_verified=verified)


class DemandForm(ChineseForm):
    departments = forms.ModelMultipleChoiceField(
        label=_("诉求对象部门"),
        queryset=Department.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("可多选；不确定时选最相关的一个。"),
    )
    demand_kind = forms.ChoiceField(label=_("诉求类型"), choices=DemandKind.choices, widget=forms.RadioSelect)
    demand_area = forms.ModelChoiceField(label=_("诉求领域"), queryset=Choice.objects.none(), empty_label=_("请选择"))
    title = forms.CharField(
        label=_("诉求标题"), max_length=30, help_text=_("一事一号：每个号反映一件事。"), widget=_text("off")
    )

    def __init__(self, *args: Any, departments: Iterable[int] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["departments"].queryset = Department.objects.filter(pk__in=departments)
        self.fields["demand_area"].queryset = _choices(ChoiceKind.AREA)


class FactsForm(ChineseForm):
    facts = forms.CharField(
        label=_("事实与理由"),
        max_length=2000,
        help_text=_("什么时间、在哪里、办什么事、遇到什么问题，有何依据。"),
        widget=_area(7),
    )
    request = forms.CharField(
        label=_("具体请求"), max_length=1000, help_text=_("希望哪个部门解决什么问题。"), widget=_area(4)
    )
    elsewhere = forms.ChoiceField(
        label=_("是否已向其他渠道反映"), choices=Elsewhere.choices, widget=forms.RadioSelect, initial=Elsewhere.NO
    )
    elsewhere_reference = forms.CharField(
        label=_("受理编号或说明"),
        max_length=100,
        required=False,
        help_text=_("已向其他渠道反映的，请填写受理单位和编号。"),
        widget=_text("off"),
    )


class ContactForm(ChineseForm):
    district = forms.ModelChoiceField(
        label=_("所属街道/园区"), queryset=Choice.objects.none(), empty_label=_("请选择")
    )
    industry = forms.ModelChoiceField(label=_("行业"), queryset=Choice.objects.none(), empty_label=_("请选择"))
    representative_name = forms.CharField(label=_("企业负责人姓名"), max_length=50, widget=_text("name"))
    representative_role = forms.ChoiceField(
        label=_("负责人身份"),
        choices=RepresentativeRole.choices,
        widget=forms.RadioSelect,
        help_text=_("委托代表到场的，可在附件中上传授权委托书。"),
    )
    channels = forms.MultipleChoiceField(
        label=_("通知方式"),
        choices=NoticeChannel.choices,
        widget=forms.CheckboxSelectMultiple,
        initial=[NoticeChannel.SMS],
    )
    email = forms.EmailField(
        label=_("邮箱"),
        max_length=100,
        required=False,
        help_text=_("选择邮件通知时填写。"),
        widget=_text("email", type="email"),
    )
    attendees = forms.IntegerField(
        label=_("到场人数"),
        required=False,
        min_value=1,
        max_value=20,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["district"].queryset = _choices(ChoiceKind.DISTRICT)
        self.fields["industry"].queryset = _choices(ChoiceKind.INDUSTRY)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if NoticeChannel.EMAIL in data.get("channels", []) and not data.get("email") and "email" not in self.errors:
            self.add_error("email", _("已选择邮件通知，请填写邮箱。"))
        return data


class FilesForm(ChineseForm):
    """Attachments are checked one by one, by content, where they are kept."""

    attachments = forms.FileField(label=_("附件"), required=False, allow_empty_file=True)


class SupplementForm(ChineseForm):
    """What the bureau asked for. [3.4]"""

    text = forms.CharField(label=_("补充说明"), max_length=2000, widget=_area(6))


class ConsentForm(ChineseForm):
    consent = forms.BooleanField(
        label=_("我已阅读并同意上述告知内容，所填信息真实。"),
        error_messages={"required": _("请阅读告知内容并勾选同意。")},
    )


# The form's parts in order; the same parts on the phone, at the desk, and in the checks before submitting.
ANSWER_FORMS: dict[str, type[ChineseForm]] = {"demand": DemandForm, "facts": FactsForm, "contact": ContactForm}


def answer_form(step: str, answers: dict[str, list[str]] | None, departments: Iterable[int]) -> ChineseForm:
    """The step's form: bound to what was typed, or fresh when nothing of this step was."""
    form_class = ANSWER_FORMS[step]
    options: dict[str, Any] = {"departments": departments} if form_class is DemandForm else {}
    typed = {name: values for name, values in (answers or {}).items() if name in form_class.base_fields}
    return form_class(MultiValueDict(typed) if typed else None, **options)


class FindForm(ChineseForm):
    reference = forms.CharField(
        label=_("预约编号"),
        max_length=20,
        help_text=_("例如 26-24-7KQ4A"),
        widget=_text("off", autocapitalize="characters"),
    )
    mobile = MobileField(label=_("预约时填写的手机"), max_length=30, widget=_text("tel", type="tel", inputmode="tel"))


class OwnMobileForm(ChineseForm):
    mobile = MobileField(
        label=_("手机"),
        max_length=30,
        widget=_text("tel", type="tel", inputmode="tel"),
        help_text=_("取号时填写的手机。"),
    )


class CodeForm(ChineseForm):
    """The six digits of a text message; the phone's own keyboard offers them. [3.3]"""

    code = forms.CharField(
        label=_("验证码"),
        max_length=20,
        help_text=_("短信中的 6 位数字。"),
        widget=_text("one-time-code", inputmode="numeric"),
    )


class PressureForm(ChineseForm):
    content = forms.CharField(label=_("反映内容"), max_length=2000, widget=_area(6))
    contact = forms.CharField(
        label=_("联系方式"),
        max_length=100,
        required=False,
        help_text=_("希望督查科与您联系的，请填写。"),
        widget=_text("off"),
    )


def value_for_people(field: forms.Field, value: Any) -> str | Promise:
    """An answer as it is read back on the check page and the ticket."""
    if value in (None, "", []):
        return "—"
    if isinstance(field, forms.ModelMultipleChoiceField):
        return "、".join(str(row) for row in value)
    if isinstance(field, forms.MultipleChoiceField):
        labels = dict(field.choices)
        return "、".join(str(labels.get(key, key)) for key in value)
    if isinstance(field, forms.ModelChoiceField):
        return str(value)
    if isinstance(field, forms.ChoiceField):
        return dict(field.choices).get(value, value)
    return str(value)
