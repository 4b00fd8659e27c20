"""The shape of what people type about messages."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from notifications import kinds


class CallForm(forms.Form):
    """How a call went. [3.5]"""

    reached = forms.TypedChoiceField(
        label=_("通话结果"),
        choices=[("yes", _("已接通，已告知")), ("no", _("未接通或未能告知"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("情况说明"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("reached") is False and not cleaned.get("note"):
            self.add_error("note", gettext("未接通的，说明情况，例如无人接听、关机、空号。"))
        return cleaned


class SettleForm(forms.Form):
    """What became of a message whose outcome nobody knew."""

    arrived = forms.TypedChoiceField(
        label=_("核对结果"),
        choices=[("yes", _("对方已收到")), ("no", _("对方未收到"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label=_("核对方式"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class WordsForm(forms.ModelForm):
    """Words with variables: one that the kind does not tell is refused at its field."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(kind.name, kind.label) for kind in kinds.kinds.values()]
        if "kind" in self.fields:
            self.fields["kind"] = forms.ChoiceField(label=gettext("类别"), choices=choices)
        if "text" in self.fields:
            self.fields["text"].help_text = gettext("变量写作 {{company}} 的形式，可用变量见页面下方。")

    def kind_name(self) -> str:
        return self.cleaned_data.get("kind") or self.instance.kind

    def clean_heading(self) -> str:
        return self._checked("heading")

    def clean_text(self) -> str:
        return self._checked("text")

    def _checked(self, name: str) -> str:
        text: str = self.cleaned_data[name]
        unknown = kinds.unknown_variables(self.kind_name(), text)
        if unknown:
            told = "、".join(f"{{{{{variable}}}}}" for variable in unknown)
            raise forms.ValidationError(gettext("该类别没有变量 %s。") % told)
        rest = kinds.VARIABLE.sub("", text)
        if "{{" in rest or "}}" in rest:
            raise forms.ValidationError(gettext("变量的括号不完整，应写作 {{company}} 的形式。"))
        return text
