"""Forms of the buttons that link, merge, and name what is common. [3.7] [5.3]"""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.enums import CommonStatus, Result
from cases.models import Case, CommonDemand
from cases.selectors_together import Candidate, candidates_for, case_by_reference, links_of
from core.forms import ChineseForm
from departments.models import Department

REFERENCES_MAX = 200


def label_of(one: Candidate) -> str:
    """Enough to choose by: which, of whom, and how alike."""
    booking = one.case.booking
    kind = _("重复") if one.repeated else _("相似")
    return f"{booking.reference} {booking.title}（{booking.company_name}，{kind} {one.percent}%）"


class PickForm(ChineseForm):
    """Some of the alike cases, and others by their number. `picked` are their keys."""

    cases = forms.MultipleChoiceField(label=_("相似的诉求"), widget=forms.CheckboxSelectMultiple, required=False)
    others = forms.CharField(
        label=_("其他诉求的编号"),
        max_length=REFERENCES_MAX,
        required=False,
        help_text=_("不在上面的，填写编号；多个编号用空格分隔。"),
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = candidates_for(case, Case.objects.all())
        self.fields["cases"].choices = [(str(one.case.pk), label_of(one)) for one in found]  # type: ignore[attr-defined]
        if not found:
            del self.fields["cases"]

    def clean_others(self) -> list[int]:
        keys = []
        for reference in self.cleaned_data["others"].split():
            case = case_by_reference(reference)
            if case is None:
                raise forms.ValidationError(_("没有编号为 %s 的诉求。") % reference)
            keys.append(case.pk)
        return keys

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        data["picked"] = [*map(int, data.pop("cases", [])), *(data.pop("others", []) or [])]
        if not data["picked"] and not self.errors:
            self.add_error("cases" if "cases" in self.fields else "others", _("请选择诉求，或填写编号。"))
        return data


class LinkForm(PickForm):
    reason = forms.CharField(label=_("关联的理由"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class MergeForm(PickForm):
    reason = forms.CharField(label=_("并案的理由"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class UnlinkForm(ChineseForm):
    link = forms.ChoiceField(label=_("撤销与哪一件的关联"), widget=forms.RadioSelect)
    reason = forms.CharField(label=_("撤销的理由"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        links = links_of(case, Case.objects.all())
        self.fields["link"].choices = [(str(link.pk), str(link.other_of(case))) for link in links]  # type: ignore[attr-defined]


class CommonForm(ChineseForm):
    """What is common, and who studies it."""

    title = forms.CharField(label=_("共性诉求"), max_length=60, help_text=_("写成一类问题，不出现企业名称。"))
    departments = forms.ModelMultipleChoiceField(
        label=_("研究部门"), queryset=Department.objects.filter(is_active=True), widget=forms.CheckboxSelectMultiple
    )
    note = forms.CharField(
        label=_("共性问题"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )

    def clean_departments(self) -> tuple[int, ...]:
        return tuple(row.pk for row in self.cleaned_data["departments"])


class OpenCommonForm(CommonForm, PickForm):
    field_order = ["cases", "others", "title", "departments", "note"]


class AddToCommonForm(ChineseForm):
    item = forms.ModelChoiceField(label=_("列入"), queryset=CommonDemand.objects.filter(status=CommonStatus.OPEN))


class TakeOutForm(ChineseForm):
    case = forms.ChoiceField(label=_("移出哪一件"), widget=forms.RadioSelect)
    reason = forms.CharField(label=_("移出的理由"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, item: CommonDemand, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        entries = item.entries.filter(removed_at__isnull=True).select_related("case__booking")
        self.fields["case"].choices = [(str(entry.case_id), str(entry.case)) for entry in entries]  # type: ignore[attr-defined]


class SettleForm(ChineseForm):
    settlement = forms.CharField(
        label=_("解决情况"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("出台或修订了什么政策、制度，或怎样统一办理。"),
    )
    told = forms.CharField(
        label=_("告知企业"),
        max_length=100,
        help_text=_(
            "一句话说明解决办法，发给反映过的每家企业；不出现企业名称。例：自下月起，增容申请15个工作日内答复"
        ),
    )


class AnswerTogetherForm(ChineseForm):
    result = forms.ChoiceField(label=_("办理结果"), choices=Result, widget=forms.RadioSelect)
    text = forms.CharField(label=_("办理情况"), max_length=2000, widget=forms.Textarea(attrs={"rows": 6}))
    help_offered = forms.CharField(
        label=_("协助支持"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("没有解决的，须写明给予企业的协助支持。"),
    )
