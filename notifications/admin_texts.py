"""The console's pages of texts: SMS templates with their codes, and the bureau's own words."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.console import ConsoleAdmin, NavGroup, Tone, badge
from notifications import kinds, services
from notifications.forms import WordsForm
from notifications.models import MessageText, SmsTemplate

LINE_BREAK = SafeString("<br>")


class WordsAdmin(ConsoleAdmin):
    """What both kinds of texts have: a kind by its name, its variables, a preview with samples."""

    nav_group = NavGroup.SETTINGS
    form = WordsForm

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["kind_label", "variables", "preview"] if obj else []

    @admin.display(description=gettext_lazy("类别"), ordering="kind")
    def kind_label(self, row: Any) -> str:
        return str(kinds.kinds[row.kind].label) if row.kind in kinds.kinds else row.kind

    def title_of(self, row: Any) -> str:
        return f"{self.kind_label(row)} · {row}"

    @admin.display(description=gettext_lazy("可用变量"))
    def variables(self, row: Any) -> SafeString:
        known = kinds.kinds[row.kind].variables if row.kind in kinds.kinds else ()
        return format_html_join(
            LINE_BREAK,
            "{} {}（{}）",
            ((f"{{{{{v.name}}}}}", v.label, services.sample(row.kind, str(v.sample))) for v in known),
        )


@admin.register(SmsTemplate)
class SmsTemplateAdmin(WordsAdmin):
    """A wording is handed in to the provider, and enters into force with its code. An approved one stays as it is."""

    nav_order = 40
    empty_text = gettext_lazy("向短信服务商申请的模板登记后显示在这里。没有审核通过的模板，短信不能发出。")
    list_display = ["kind_label", "provider", "code", "state", "length"]
    list_filter = ["provider", "approved"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        if obj is None:
            return ["kind", "provider", "signature", "text", "code", "approved"]
        words = ["kind_label", "provider", "signature", "text", "code", "approved"]
        return [*words, "variables", "to_hand_in", "preview", "length"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [*super().get_readonly_fields(request, obj), "to_hand_in", "length"] if obj else []

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return not (obj and obj.approved) and super().has_change_permission(request, obj)

    @admin.display(description=gettext_lazy("状态"), ordering="approved")
    def state(self, row: SmsTemplate) -> SafeString:
        return badge(_("审核通过"), Tone.ON_TRACK) if row.approved else badge(_("待审核"), Tone.NEAR)

    @admin.display(description=gettext_lazy("提交服务商的内容"))
    def to_hand_in(self, row: SmsTemplate) -> str:
        return kinds.as_provider_writes(row.provider, row.text)

    @admin.display(description=gettext_lazy("预览"))
    def preview(self, row: SmsTemplate) -> str:
        return f"【{row.signature}】{services.sample(row.kind, row.text)}"

    @admin.display(description=gettext_lazy("长度"))
    def length(self, row: SmsTemplate) -> str:
        characters = len(self.preview(row))
        return _("约 %(length)s 字，按 %(parts)s 条计费") % {
            "length": characters,
            "parts": kinds.sms_parts(characters),
        }


@admin.register(MessageText)
class MessageTextAdmin(WordsAdmin):
    nav_order = 41
    empty_text = gettext_lazy("邮件和电话告知使用系统自带文本。修改后的文本显示在这里。")
    list_display = ["kind_label", "channel", "source"]
    list_filter = ["channel"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        if obj is None:
            return ["kind", "channel", "heading", "text"]
        return ["kind_label", "channel", "heading", "text", "variables", "preview"]

    @admin.display(description=gettext_lazy("使用的文本"))
    def source(self, row: MessageText) -> str:
        return _("本单位文本") if row.text else _("系统自带文本")

    @admin.display(description=gettext_lazy("预览"))
    def preview(self, row: MessageText) -> SafeString:
        if row.kind not in kinds.kinds:
            return SafeString("—")
        heading, text = services.file_words(row.kind)
        if row.text:
            heading, text = services.sample(row.kind, row.heading) or heading, services.sample(row.kind, row.text)
        return format_html("<strong>{}</strong><br>{}", heading, format_html_join(LINE_BREAK, "{}", _lines(text)))


def _lines(text: str) -> list[tuple[str]]:
    return [(line,) for line in text.splitlines()]
