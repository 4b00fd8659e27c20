"""Forms of the console's buttons on a question, and of the frequent answers. [3.1]"""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core import policy
from core.forms import ChineseForm
from departments.enums import DepartmentKind
from departments.models import Department
from inquiries.models import FrequentAnswer, Inquiry

# A mobile, or an address: nothing that a public answer needs.
REACHES_SOMEBODY = re.compile(r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])|[\w.+-]+@[\w-]+\.\w+")


def _reply(label: Any, rows: int, **options: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=policy.REPLY_CHARACTERS_MAX, widget=widget, **options)


def _departments() -> Any:
    return Department.objects.filter(is_active=True, kind=DepartmentKind.MEMBER)


class AnswerForm(ChineseForm):
    text = _reply(
        _("答复内容"), 8, help_text=_("写明依据、条件、材料、到哪里办和时限。提问人在自己的咨询页上看到全文。")
    )


class PointForm(ChineseForm):
    department = forms.ModelChoiceField(
        label=_("办理部门"), queryset=Department.objects.none(), required=False, empty_label=_("不在配合部门之列")
    )
    place = forms.CharField(
        label=_("其他渠道"),
        max_length=200,
        required=False,
        help_text=_("如 12345 热线、仲裁委员会、某窗口的地址和电话。与办理部门至少填一项。"),
    )
    text = _reply(_("说明"), 5, help_text=_("为什么到那里办，带什么，找谁。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = _departments()


class PassForm(ChineseForm):
    department = forms.ModelChoiceField(
        label=_("答复部门"), queryset=Department.objects.none(), empty_label=_("请选择")
    )
    note = forms.CharField(
        label=_("交办说明"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = _departments()


class FrequentAnswerForm(forms.ModelForm):
    """A public entry. What is made public names nobody and tells nobody's number."""

    names_nobody = forms.BooleanField(label=_("已核对：不含任何企业名称、姓名、联系方式和个案情况"), required=False)

    class Meta:
        model = FrequentAnswer
        fields = ("question", "answer", "area", "position", "is_published")

    made_from: Inquiry | None = None  # set by the page

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name in ("question", "answer"):
            if self._names_somebody(data.get(name) or ""):
                self.add_error(name, _("含有提问人的名称或联系方式，请改写后再保存。"))
        if data.get("is_published") and not data.get("names_nobody"):
            self.add_error("names_nobody", _("公开前请核对并勾选。"))
        return data

    def _names_somebody(self, text: str) -> bool:
        origin = self.made_from
        named = [origin.company_name, origin.contact_name, origin.mobile, origin.email] if origin else []
        return any(len(word) > 1 and word in text for word in named) or bool(REACHES_SOMEBODY.search(text))
