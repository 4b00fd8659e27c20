"""The console's page of what is ours, figures and words: all of it, also what nobody changed yet."""

from dataclasses import dataclass
from datetime import time
from typing import Any

from django import forms
from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import permissions, services
from core.console import ConsoleAdmin, NavGroup, ReasonForm, Text, VerbButton, actor_of
from core.models import AuditEntry, Setting, User
from core.policy import OURS, Ours
from core.selectors import parse


@dataclass(frozen=True)
class Figure:
    """A line of the list."""

    label: Text
    clause: str
    default: str
    value: str
    changed: AuditEntry | None
    edit_url: str
    history_url: str
    is_words: bool


class SettingForm(ReasonForm):
    """One figure and why it changes; the verb knows what it may be."""

    value = forms.CharField(label=gettext_lazy("取值"), max_length=20)
    field_order = ["value", "reason"]

    def __init__(self, *args: Any, figure: Ours, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if figure.is_words:
            words = forms.Textarea(attrs={"rows": 4})
            self.fields["value"] = forms.CharField(
                label=_("文字"), max_length=figure.maximum, required=False, widget=words
            )
            self.order_fields(self.field_order)


def run_change_setting(row: Setting, actor: User, data: dict[str, Any]) -> Text:
    services.change_setting(key=row.key, value=data["value"], actor=actor, reason=data["reason"])
    return _("已调整“%s”，立即生效。") % OURS[row.key].label


def shown_value(figure: Ours, text: str) -> str:
    """Times without seconds, numbers as they are."""
    value = parse(figure, text)
    if isinstance(value, str):
        return value or _("（不显示）")
    return f"{value:%H:%M}" if isinstance(value, time) else str(value)


def typed_value(figure: Ours, text: str) -> str:
    return text if figure.is_words else shown_value(figure, text)


def explain_setting(row: Setting) -> str:
    figure = OURS[row.key]
    default = shown_value(figure, str(figure.default))
    if figure.is_words:
        return _("%(label)s %(clause)s。按原样显示，可分行，不超过 %(high)s 字。系统自带：%(default)s") % {
            "label": figure.label, "clause": figure.clause, "default": default, "high": figure.maximum,
        }  # fmt: skip
    if isinstance(figure.default, time):
        return _("%(label)s %(clause)s。默认 %(default)s，按 09:00 的格式填写。已经产生的期限不受影响。") % {
            "label": figure.label, "clause": figure.clause, "default": default,
        }  # fmt: skip
    return _("%(label)s %(clause)s。默认 %(default)s，可取 %(low)s 至 %(high)s。已经产生的期限不受影响。") % {
        "label": figure.label, "clause": figure.clause, "default": default,
        "low": figure.minimum, "high": figure.maximum,
    }  # fmt: skip


@admin.register(Setting)
class SettingAdmin(ConsoleAdmin):
    """A figure is found by its key, with or without a row: `/setting/hold_minutes/`."""

    nav_group = NavGroup.SETTINGS
    nav_order = 10
    verb_buttons = (
        VerbButton(
            "change",
            gettext_lazy("调整"),
            run_change_setting,
            explain_setting,
            "core.change_setting",
            form=SettingForm,
            initial=lambda row: {"value": typed_value(OURS[row.key], row.value)},
            form_kwargs=lambda row: {"figure": OURS[row.key]},
        ),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Setting | None:
        if object_id not in OURS:
            return None
        row = Setting.objects.filter(key=object_id).first()
        return row or Setting(key=object_id, value=str(OURS[object_id].default))

    def title_of(self, row: Setting) -> Text:
        return OURS[row.key].label

    def subjects_of(self, row: Setting) -> list[str]:
        return [f"setting:{row.key}"]

    def page_of(self, row: Setting) -> str:
        return reverse("console:core_setting_changelist")

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """There is no page but the verb's; who may not change it sees what happened to it."""
        if object_id not in OURS:
            raise Http404
        may_change = request.user.has_perm("core.change_setting")
        return redirect(self.edit_url(object_id) if may_change else self.history_url(object_id))

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        permissions.require(actor_of(request), "core.view_setting")
        context = self.admin_site.each_context(request) | {
            "title": self.opts.verbose_name_plural,
            "opts": self.opts,
            "groups": self.groups(),
            "may_change": request.user.has_perm("core.change_setting"),
        }
        return TemplateResponse(request, "console/settings.html", context | (extra_context or {}))

    def groups(self) -> list[list[Figure]]:
        """Figures and words, each a table of its own: what is words needs the width that figures leave."""
        figures = self.figures()
        return [[row for row in figures if not row.is_words], [row for row in figures if row.is_words]]

    def figures(self) -> list[Figure]:
        values = dict(Setting.objects.values_list("key", "value"))
        changes = AuditEntry.objects.filter(subject__startswith="setting:").select_related("user").order_by("id")
        last = {entry.subject: entry for entry in changes}
        return [
            Figure(
                label=figure.label,
                clause=figure.clause,
                default=shown_value(figure, str(figure.default)),
                value=shown_value(figure, values.get(key, str(figure.default))),
                changed=last.get(f"setting:{key}"),
                edit_url=self.edit_url(key),
                history_url=self.history_url(key),
                is_words=figure.is_words,
            )
            for key, figure in OURS.items()
        ]

    def edit_url(self, key: str) -> str:
        return reverse("console:core_setting_do", args=[key, "change"])

    def history_url(self, key: str) -> str:
        return reverse("console:core_setting_history", args=[key])
