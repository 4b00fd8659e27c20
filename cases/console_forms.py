"""Forms of the buttons on a case and on a department's part in it. [3.7]"""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from cases.enums import Result
from cases.models import Assignment, Case
from cases.selectors import parts_of
from core.forms import ChineseForm, FilesField
from core.models import User
from core.templatetags.cn import cn_date
from departments.enums import DepartmentKind
from departments.models import Department


def _text(label: Any, most: int, rows: int = 4, **options: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, widget=forms.Textarea(attrs={"rows": rows}), **options)


def _day(label: Any, **options: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, **options)


def units_in_use() -> QuerySet[Department]:
    """Every unit but the inspection office, which supervises. [2]"""
    return Department.objects.filter(is_active=True).exclude(kind=DepartmentKind.INSPECTION)


class PlanForm(ChineseForm):
    """经办人、完成时限、工作措施. [3.7]"""

    handler = forms.ModelChoiceField(label=_("经办人"), queryset=User.objects.none(), empty_label=_("请选择"))
    planned_on = _day(_("完成时限"))
    measures = _text(_("工作措施"), 2000, 6, help_text=_("做什么、谁来做、分几步。"))
    why_later = _text(
        _("晚于反馈期限的理由"),
        500,
        2,
        required=False,
        help_text=_("完成时限晚于反馈期限时填写；该日期另行计时，完成后方可销号。"),
    )

    def __init__(self, *args: Any, part: Assignment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.filter(is_active=True, membership__department=part.department_id)
        self.fields["handler"].queryset = people.order_by("full_name", "pk")


class ChangePlanForm(PlanForm):
    reason = _text(_("调整理由"), 500, 3)


class DivideForm(ChineseForm):
    """What is whose: one field for each department. [3.7]"""

    def __init__(self, *args: Any, part: Assignment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for other in parts_of(part.case):
            self.fields[f"share_{other.department_id}"] = _text(
                other.department.name,
                500,
                3,
                initial=other.share,
                error_messages={"required": _("请填写%s的分工。") % other.department},
            )


class FeedbackForm(ChineseForm):
    result = forms.ChoiceField(label=_("办理结果"), choices=Result.choices, widget=forms.RadioSelect)
    text = _text(_("办理情况"), 2000, 8, help_text=_("做了什么、结果如何、依据是什么。审核通过后答复企业。"))
    help_offered = _text(
        _("协助支持"), 1000, 3, required=False, help_text=_("解释说明或列入长期推进的，写明给予企业的协助支持。")
    )


class AcceptForm(ChineseForm):
    note = _text(_("审核意见"), 500, 3, required=False)


class ReturnForm(ChineseForm):
    note = _text(_("退回理由"), 500, 4, help_text=_("写清哪里不够、怎样补。承办部门会看到。"))


class ObjectionForm(ChineseForm):
    reason = _text(_("异议理由"), 1000, 5)
    legal_basis = forms.CharField(
        label=_("依据"), max_length=200, help_text=_("法律法规或本部门职责规定的名称和条款。")
    )


class DismissForm(ChineseForm):
    note = _text(_("裁定意见"), 500)


class UpholdForm(DismissForm):
    department = forms.ModelChoiceField(
        label=_("改派单位"), queryset=Department.objects.none(), empty_label=_("请选择")
    )
    field_order = ["department", "note"]

    def __init__(self, *args: Any, part: Assignment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        taken = [other.department_id for other in parts_of(part.case)]
        self.fields["department"].queryset = units_in_use().exclude(pk__in=taken)


class ExtensionForm(ChineseForm):
    day = _day(_("申请延至"), error_messages={"required": _("请填写申请延至哪一天。")})
    reason = _text(_("延期说明"), 1000, 4, help_text=_("同意后，延期理由和新的期限会告知企业。"))

    def __init__(self, *args: Any, due: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if due:
            self.fields["day"].help_text = _("现期限%s。应为其后的工作日。") % cn_date(due)


class GrantForm(ChineseForm):
    day = _day(_("同意延至"), error_messages={"required": _("请填写同意延至哪一天。")})
    note = _text(_("审批意见"), 500, 3, required=False)


class RefuseForm(ChineseForm):
    note = _text(_("不同意的理由"), 500)


class JointForm(ChineseForm):
    assisting = forms.ModelMultipleChoiceField(
        label=_("协办单位"), queryset=Department.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    reason = _text(_("理由"), 500, 3)

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        taken = [part.department_id for part in parts_of(case)]
        self.fields["assisting"].queryset = units_in_use().exclude(pk__in=taken)


class LimitForm(ChineseForm):
    working_days = forms.IntegerField(label=_("时限（工作日）"), min_value=1, max_value=250)
    legal_basis = forms.CharField(
        label=_("依据"), max_length=200, help_text=_("法律法规、规章或国家政策文件的名称和条款，企业会看到。")
    )


class UrgeForm(ChineseForm):
    note = _text(_("催办内容"), 500)


class CloseForm(ChineseForm):
    result = forms.ChoiceField(label=_("办理结果"), choices=Result.choices, widget=forms.RadioSelect)
    answer = _text(_("答复企业"), 2000, 8, help_text=_("企业会看到全文。"))
    next_report_on = _day(_("下次报告日期"), required=False, help_text=_("列入长期推进的填写：到时再次报告进展。"))


class WriteDownForm(ChineseForm):
    """What the enterprise said on the phone or at the desk, and the papers it handed over. [3.7]"""

    text = _text(_("补充内容"), 2000, 5, required=False, help_text=_("按企业的原意登记，企业会收到登记的内容。"))
    attachments = FilesField(
        label=_("企业提供的材料"),
        required=False,
        help_text=_("PDF、JPG、PNG、DOCX、XLSX，每份不超过 10 MB，最多 5 份。"),
    )
