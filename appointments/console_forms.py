"""Forms of the console's buttons and of booking at the desk."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from appointments.forms import ContactForm, DemandForm, FactsForm
from core.console import ReasonForm
from core.forms import ChineseForm
from sessions_app.models import Sitting


class SettleForm(ChineseForm):
    upheld = forms.TypedChoiceField(
        label=_("核实结果"),
        choices=[("yes", _("申请成立：原预约非该企业所为，号码归申请人")), ("no", _("申请不成立：原预约有效"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("核实情况"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("与双方通话的时间、对象和结论。"),
    )


class MoveSittingForm(ReasonForm):
    day = forms.DateField(label=_("新的坐诊日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    field_order = ["day", "reason"]


class MoveSessionForm(ReasonForm):
    """When and where an announced session is to be held instead."""

    day = forms.DateField(label=_("坐诊日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    starts = forms.TimeField(label=_("开始时间"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    ends = forms.TimeField(label=_("结束时间"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    place = forms.CharField(label=_("地点"), max_length=120, widget=forms.Textarea(attrs={"rows": 2}))
    field_order = ["day", "starts", "ends", "place", "reason"]


class SittingChoiceForm(ChineseForm):
    """Which sitting the desk books for."""

    sitting = forms.ModelChoiceField(label=_("期次"), queryset=Sitting.objects.none(), empty_label=None)

    def __init__(self, *args: Any, sittings: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sitting"].queryset = sittings


class DeskAnswersForm(DemandForm, FactsForm, ContactForm):
    """The whole form on one page, for who types it at the desk. [3.1]"""

    consent = forms.BooleanField(
        label=_("已向企业宣读知情同意书，企业同意"), error_messages={"required": _("请先取得企业同意。")}
    )
    field_order = [*DemandForm.base_fields, *FactsForm.base_fields, *ContactForm.base_fields, "consent"]
