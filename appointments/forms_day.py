"""What is typed and scanned at the desk on the day. [3.3]"""

import re
import unicodedata
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import ChineseForm
from core.secrets import SECRET_PATTERN

CODE = re.compile(rf"(?:^|/c/)(?P<secret>{SECRET_PATTERN})/?$")


def code_in(text: str) -> str:
    """The secret of a scanned ticket, from its address or bare, however the scanner writes it; "" for other text."""
    found = CODE.search(unicodedata.normalize("NFKC", text).strip().lower())
    return found["secret"] if found else ""


class CheckInForm(ChineseForm):
    """One field for the scanner and for typing, or a photo of the code."""

    text = forms.CharField(
        label=_("扫码，或输入号、企业名称、预约编号"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "off", "spellcheck": "false"}),
    )
    photo = forms.FileField(
        label=_("拍下签到码"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp", "capture": "environment"}),
        error_messages={"empty": _("照片是空文件，请重新拍摄。")},
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not data.get("text", "").strip() and not data.get("photo"):
            self.add_error("text", _("请扫码，或输入号、企业名称、预约编号。"))
        return data


class BoardForm(ChineseForm):
    name = forms.CharField(label=_("名称"), max_length=40, help_text=_("放在哪里，如“一楼大厅东侧”。"))
