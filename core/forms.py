"""The base of every public form."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

CHOOSING = (forms.Select, forms.RadioSelect, forms.CheckboxSelectMultiple)


class ChineseForm(forms.Form):
    """A form whose messages name the field, and whose controls keep what was typed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            # A field that brought a sentence of its own keeps it.
            if field.error_messages["required"] == forms.Field.default_error_messages["required"]:
                verb = _("请选择") if isinstance(field.widget, CHOOSING) else _("请填写")
                field.error_messages["required"] = f"{verb}{field.label}。"
            for code in ("invalid_choice", "invalid_list", "invalid_pk_value"):
                if code in field.error_messages:
                    field.error_messages[code] = _("请从列出的选项中选择。")


class _FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files, cleaned to a list."""

    widget = _FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        return [super(FilesField, self).clean(file, initial) for file in data or []]
