"""Forms of what becomes of a found group: named, joined to another, dismissed. [5.3]"""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import ChineseForm
from departments.models import Department
from reports.models import CommonProposal, CommonProposalCase
from reports.selectors_common import TICKED_AT_MOST, to_tick

FACTS_SHOWN = 90


def label_of(entry: CommonProposalCase) -> str:
    """Enough to judge by whether it belongs there."""
    booking = entry.case.booking
    facts = booking.facts if len(booking.facts) <= FACTS_SHOWN else f"{booking.facts[:FACTS_SHOWN]}…"
    return f"{booking.title}（{booking.company_name}，{booking.reference}）{facts}"


class TickForm(ChineseForm):
    """The group's cases, each of them ticked; those that stand in a common demand by now are left out."""

    cases = forms.MultipleChoiceField(
        label=_("列入的诉求"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("不属于同一问题的，取消勾选；未列入的诉求照常办理。"),
    )

    class Media:
        css: ClassVar[dict[str, list[str]]] = {"all": ["console/common.css"]}

    def __init__(self, *args: Any, proposal: CommonProposal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(entry.case_id), label_of(entry)) for entry in to_tick(proposal)]
        self.fields["cases"].choices = choices  # type: ignore[attr-defined]
        if proposal.case_count > TICKED_AT_MOST:
            self.fields["cases"].help_text = _("列出最相近的 %s 件；其余的在下次查找后可再并入。") % TICKED_AT_MOST

    def clean_cases(self) -> list[int]:
        return [int(key) for key in self.cleaned_data["cases"]]


class NameForm(TickForm):
    """What is common, the question of policy, and who studies it."""

    title = forms.CharField(label=_("共性诉求"), max_length=60, help_text=_("写成一类问题，不出现企业名称。"))
    note = forms.CharField(
        label=_("需研究的政策问题"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("写明要从政策、制度上研究解决什么。"),
    )
    departments = forms.ModelMultipleChoiceField(
        label=_("研究部门"), queryset=Department.objects.filter(is_active=True), widget=forms.CheckboxSelectMultiple
    )
    field_order = ["title", "note", "departments", "cases"]

    def clean_departments(self) -> tuple[int, ...]:
        return tuple(row.pk for row in self.cleaned_data["departments"])
