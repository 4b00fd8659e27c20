"""Forms of the console's pages on follow-ups and referrals. [3.9]"""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from cases.services import Parts
from core.forms import ChineseForm
from core.models import User
from departments.enums import DepartmentKind, Role
from departments.models import Department
from evaluations.enums import CallOutcome
from evaluations.models import FollowUp
from evaluations.selectors_followups import units_of_round

FOLLOWERS = (Role.BUREAU_STAFF, Role.BUREAU_SUPERVISOR, Role.INSPECTOR, Role.INSPECTION_APPROVER)
SEEN_BY_ALL = _("承办部门和企业会看到，请只写核实到的事实，不写评价情况。")


def _text(label: Any, most: int, rows: int = 4, **options: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, widget=forms.Textarea(attrs={"rows": rows}), **options)


def followers() -> QuerySet[User]:
    return User.objects.filter(is_active=True, membership__role__in=FOLLOWERS).order_by("membership__role", "pk")


class PersonField(forms.ModelChoiceField):
    def label_from_instance(self, user: Any) -> str:
        return f"{user}（{user.membership.department}）"


class AssignForm(ChineseForm):
    assignee = PersonField(
        label=_("回访人"), queryset=followers().select_related("membership__department"), empty_label=_("请选择")
    )


class OpenForm(ChineseForm):
    note = _text(_("发起理由"), 1000, help_text=_("只有督查科和回访人看到。"))
    assignee = PersonField(
        label=_("回访人"),
        queryset=followers().select_related("membership__department"),
        required=False,
        empty_label=_("稍后指派"),
    )


class CallForm(ChineseForm):
    outcome = forms.ChoiceField(label=_("通话结果"), choices=CallOutcome.choices, widget=forms.RadioSelect)
    note = _text(_("记录"), 500, 3, required=False)
    again_at = forms.DateTimeField(
        label=_("约定再拨时间"),
        required=False,
        help_text=_("约定再拨的填写。"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )


class FindingForm(ChineseForm):
    finding = _text(_("核实情况"), 2000, 6, help_text=_("企业会看到，请只写核实到的事实，不写评价情况。"))


class UnrectifiedForm(ChineseForm):
    finding = _text(_("核实情况"), 2000, 6, help_text=SEEN_BY_ALL)


class SendBackForm(ChineseForm):
    """By whom it is handled again: what the last round had, where it had any. [3.9]"""

    finding = _text(_("核实情况"), 2000, 6, help_text=SEEN_BY_ALL)
    lead = forms.ModelChoiceField(label=_("责任单位"), queryset=Department.objects.none(), empty_label=_("请选择"))
    assisting = forms.ModelMultipleChoiceField(
        label=_("协办单位"),
        queryset=Department.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    keeps_legal_limit = forms.BooleanField(label=_("沿用上一轮的法定时限"), required=False)

    def __init__(self, *args: Any, follow_up: FollowUp, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = Department.objects.filter(is_active=True).exclude(kind=DepartmentKind.INSPECTION)
        self.fields["lead"].queryset = self.fields["assisting"].queryset = units
        before = units_of_round(follow_up)
        self.initial.setdefault("lead", next((part.department_id for part in before if part.is_lead), None))
        self.initial.setdefault("assisting", [part.department_id for part in before if not part.is_lead])
        if not follow_up.case.legal_working_days:
            del self.fields["keeps_legal_limit"]

    def parts(self) -> Parts:
        data = self.cleaned_data
        others = tuple(unit.pk for unit in data["assisting"] if unit.pk != data["lead"].pk)
        return Parts(data["lead"].pk, others)


class ProposeForm(ChineseForm):
    facts = _text(_("基本情况"), 2000, 8, help_text=_("诉求、各轮办理和核实的经过。"))
    opinion = _text(_("报送理由和建议"), 2000, 5)


class ApproveForm(ChineseForm):
    note = _text(_("审批意见"), 500, 3, required=False)


class RejectForm(ChineseForm):
    note = _text(_("不同意的理由"), 500, 4)
