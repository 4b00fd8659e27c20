"""The console's pages of departments and roles."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.console import ConsoleAdmin, NavGroup, ReasonForm, Text, Tone, VerbButton, actor_of, badge
from core.models import User
from departments import services
from departments.enums import Role
from departments.models import Department, Membership


@admin.register(Department)
class DepartmentAdmin(ConsoleAdmin):
    nav_group = NavGroup.SETTINGS
    nav_order = 30
    list_display = ["name", "kind", "short_remit", "liaison", "liaison_phone", "position", "state"]
    list_filter = ["is_active", "kind"]
    search_fields = ["name", "remit"]
    fields = ["name", "kind", "remit", "liaison", "liaison_phone", "position", "is_active"]

    @admin.display(description=gettext_lazy("职责范围"))
    def short_remit(self, department: Department) -> str:
        return department.remit if len(department.remit) <= 32 else f"{department.remit[:31]}…"

    @admin.display(description=gettext_lazy("状态"), ordering="is_active")
    def state(self, department: Department) -> SafeString:
        return badge(_("启用"), Tone.ON_TRACK) if department.is_active else badge(_("停用"))

    def get_readonly_fields(self, request: HttpRequest, obj: Department | None = None) -> list[str]:
        """What a unit is for the notice is fixed once it has members and cases."""
        return ["kind"] if obj else []


class RoleForm(ReasonForm):
    """Another role for a person who has one."""

    role = forms.ChoiceField(label=gettext_lazy("角色"), choices=Role.choices)
    department = forms.ModelChoiceField(
        label=gettext_lazy("部门"),
        queryset=Department.objects.filter(is_active=True),
        required=False,
        empty_label=gettext_lazy("不属于部门"),
        help_text=gettext_lazy("市领导、系统管理员、安全管理员、审计管理员不属于部门，其余角色须选择部门。"),
    )
    field_order = ["role", "department", "reason"]


class NewRoleForm(forms.ModelForm):
    """The first role of a person. It says itself what the verb would refuse."""

    class Meta:
        model = Membership
        fields = ("user", "role", "department")

    actor: User  # set by the page

    def clean_user(self) -> User:
        user: User = self.cleaned_data["user"]
        if user.pk == self.actor.pk:
            raise forms.ValidationError(_("不能调整自己的角色，请由另一名安全管理员办理。"))
        return user


def run_change_role(membership: Membership, actor: User, data: dict[str, Any]) -> Text:
    department = data["department"]
    services.set_membership(
        user_id=membership.user_id,
        role=data["role"],
        department_id=department.pk if department else None,
        actor=actor,
        reason=data["reason"],
    )
    return _("已调整%s的角色，立即生效。") % membership.user


@admin.register(Membership)
class MembershipAdmin(ConsoleAdmin):
    """Roles. Only the security officer's verb writes them."""

    nav_group = NavGroup.SETTINGS
    nav_order = 60
    empty_text = gettext_lazy("安全管理员为工作人员设置角色后显示在这里。")
    verbs_record = True
    list_display = ["user", "role", "department", "account"]
    list_filter = ["role", "department"]
    list_select_related = ["user", "department"]
    search_fields = ["user__username", "user__full_name"]
    autocomplete_fields = ["user"]
    verb_buttons = (
        VerbButton(
            "change-role",
            gettext_lazy("调整角色"),
            run_change_role,
            gettext_lazy("每人只有一个角色，新的角色取代原有角色，立即生效，并记入审计。"),
            "departments.change_membership",
            form=RoleForm,
            initial=lambda membership: {"role": membership.role, "department": membership.department_id},
        ),
    )

    @admin.display(description=gettext_lazy("账号"))
    def account(self, membership: Membership) -> SafeString:
        return badge(_("使用中"), Tone.ON_TRACK) if membership.user.is_active else badge(_("已停用"))

    def has_change_permission(self, request: HttpRequest, obj: Membership | None = None) -> bool:
        """Nothing is typed into a role that exists: the button asks for the reason."""
        return False

    def get_form(
        self, request: HttpRequest, obj: Membership | None = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm]:
        if obj is None:
            kwargs["form"] = NewRoleForm
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        form.actor = actor_of(request)
        return form

    def save_model(self, request: HttpRequest, obj: Membership, form: forms.ModelForm, change: bool) -> None:
        saved = services.set_membership(
            user_id=obj.user_id, role=obj.role, department_id=obj.department_id, actor=actor_of(request)
        )
        obj.pk = saved.pk
