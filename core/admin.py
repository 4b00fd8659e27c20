"""The console's pages of the kernel: accounts and the audit trail here, the rest in the `admin_…` files."""

from typing import Any

from axes.models import AccessAttempt
from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.forms import BaseUserCreationForm, SetPasswordForm
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import admin_calendar, admin_settings, services, services_accounts, trail
from core.console import (
    ConsoleAdmin,
    NavGroup,
    ReadOnlyAdmin,
    ReasonForm,
    Text,
    Tone,
    VerbButton,
    actor_of,
    badge,
)
from core.console_filters import SelectFilter
from core.console_history import who_did
from core.models import AuditEntry, User

# Importing them registers their pages.
__all__ = ["admin_calendar", "admin_settings"]


class AddAccountForm(BaseUserCreationForm):
    class Meta:
        model = User
        fields = ("username", "full_name", "email")


def is_locked(user: User) -> bool:
    """Five failed sign-ins within the half hour."""
    limit = settings.AXES_FAILURE_LIMIT
    return AccessAttempt.objects.filter(username=user.username, failures_since_start__gte=limit).exists()


def run_reset(user: User, actor: User, data: dict[str, Any]) -> Text:
    services.reset_password(user_id=user.pk, password=data["new_password1"], actor=actor)
    return _("已重置%s的密码，本人下次登录须修改。") % user


def run_unlock(user: User, actor: User, data: dict[str, Any]) -> Text:
    services_accounts.unlock_account(user_id=user.pk, actor=actor)
    return _("已解除%s的账号锁定。") % user


def run_deactivate(user: User, actor: User, data: dict[str, Any]) -> Text:
    services_accounts.set_account_active(user_id=user.pk, active=False, reason=data["reason"], actor=actor)
    return _("已停用%s的账号。") % user


def run_activate(user: User, actor: User, data: dict[str, Any]) -> Text:
    services_accounts.set_account_active(user_id=user.pk, active=True, reason=data["reason"], actor=actor)
    return _("已启用%s的账号。") % user


@admin.register(User)
class UserAdmin(ConsoleAdmin):
    """Accounts. Hash, superuser flag, groups and permissions are not offered: what one may do is the role's."""

    nav_group = NavGroup.SETTINGS
    nav_order = 70
    verbs_record = True
    list_display = ["full_name", "username", "email", "state", "password_changed_at", "last_login"]
    list_display_links = ["full_name", "username"]
    list_filter = ["is_active", "must_change_password"]
    search_fields = ["username", "full_name", "email"]
    fields = ["username", "full_name", "email", "state", "password_changed_at", "last_login", "date_joined"]
    readonly_fields = ["username", "state", "password_changed_at", "last_login", "date_joined"]
    verb_buttons = (
        VerbButton(
            "reset-password",
            gettext_lazy("重置密码"),
            run_reset,
            gettext_lazy("为此人设置一个临时密码，并当面或通过电话告知本人。本人登录后须立即修改，原有登录随即失效。"),
            "core.change_user",
            form=SetPasswordForm,
            form_kwargs=lambda user: {"user": user},
        ),
        VerbButton(
            "unlock",
            gettext_lazy("解除锁定"),
            run_unlock,
            gettext_lazy("此账号因连续登录失败被锁定。确认是本人操作后可提前解除，否则 30 分钟后自动解除。"),
            "core.change_user",
            offered=is_locked,
        ),
        VerbButton(
            "deactivate",
            gettext_lazy("停用账号"),
            run_deactivate,
            gettext_lazy("停用后立即不能登录，经办记录全部保留。需要时可以重新启用。"),
            "core.change_user",
            offered=lambda user: user.is_active,
            form=ReasonForm,
            danger=True,
        ),
        VerbButton(
            "activate",
            gettext_lazy("启用账号"),
            run_activate,
            gettext_lazy("启用后可以按原有角色登录。"),
            "core.change_user",
            offered=lambda user: not user.is_active,
            form=ReasonForm,
        ),
    )

    @admin.display(description=gettext_lazy("状态"))
    def state(self, user: User) -> SafeString:
        if not user.is_active:
            return badge(_("已停用"), Tone.NEUTRAL)
        if user.must_change_password:
            return badge(_("待修改密码"), Tone.NEAR)
        return badge(_("使用中"), Tone.ON_TRACK)

    def get_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        return self.fields if obj else ["username", "full_name", "email", "password1", "password2"]

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        return self.readonly_fields if obj else []

    def get_form(self, request: HttpRequest, obj: User | None = None, change: bool = False, **kwargs: Any) -> Any:
        kwargs["help_texts"] = {"username": _("登录时使用，可含字母、数字和 @ . + - _，建立后不能修改。")}
        if obj is None:
            kwargs["form"] = AddAccountForm
        return super().get_form(request, obj, change=change, **kwargs)

    def save_model(self, request: HttpRequest, obj: User, form: forms.ModelForm, change: bool) -> None:
        name, email, actor = obj.full_name, obj.email, actor_of(request)
        if change:
            services_accounts.change_account(user_id=obj.pk, full_name=name, email=email, actor=actor)
            return
        password = form.cleaned_data["password1"]
        added = services_accounts.add_account(
            username=obj.username, full_name=name, email=email, password=password, actor=actor
        )
        obj.pk = added.pk


class ActionFilter(SelectFilter):
    """By what was done. The choices come from the code: asking the whole trail for them would read all of it."""

    title = gettext_lazy("事项")
    parameter_name = "action"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(action, str(label)) for action, label in trail.action_labels().items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
        return queryset.filter(action=self.value()) if self.value() else queryset


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    """The trail, newest first. No date hierarchy: its counts would read the whole table for each page."""

    nav_group = NavGroup.SETTINGS
    nav_order = 90
    list_display = ["moment", "who", "action_name", "subject_link", "change_text", "reason", "clause", "address"]
    list_filter = [("at", admin.DateFieldListFilter), "by", ActionFilter]
    list_select_related = ["user"]
    search_fields = ["subject__startswith"]
    search_help_text = gettext_lazy("按对象查询，如 core.user:12")
    fields = ["moment", "who", "action_name", "subject_link", "change_text", "reason", "clause", "address"]
    sortable_by = ["moment"]
    list_per_page = 100

    def title_of(self, row: AuditEntry) -> Text:
        return f"{self.moment(row)} {trail.action_label(row.action)}"

    @admin.display(description=gettext_lazy("时间"), ordering="id")
    def moment(self, entry: AuditEntry) -> str:
        return f"{timezone.localtime(entry.at):%Y-%m-%d %H:%M:%S}"

    @admin.display(description=gettext_lazy("操作人"))
    def who(self, entry: AuditEntry) -> str | SafeString:
        if entry.user_id is None:
            return who_did(entry)
        here = reverse("console:core_auditentry_changelist")
        return format_html('<a href="{}?user={}">{}</a>', here, entry.user_id, who_did(entry))

    @admin.display(description=gettext_lazy("事项"))
    def action_name(self, entry: AuditEntry) -> Text:
        return trail.action_label(entry.action)

    @admin.display(description=gettext_lazy("对象"))
    def subject_link(self, entry: AuditEntry) -> str | SafeString:
        """The object's name, linked to its page where the console has one."""
        label, model = trail.subject_label(entry.subject), trail.model_of(entry.subject)
        if model is None:
            return label
        key = entry.subject.partition(":")[2]
        try:
            page = reverse(f"console:{model._meta.app_label}_{model._meta.model_name}_change", args=[key])
        except NoReverseMatch:
            return label
        return format_html('<a href="{}">{}</a>', page, label)

    @admin.display(description=gettext_lazy("变化"))
    def change_text(self, entry: AuditEntry) -> str:
        return trail.change_of(entry)
