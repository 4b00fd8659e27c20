"""The console's door and the password of one's own."""

from typing import Any

from django.contrib import messages
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.forms import PasswordChangeForm
from django.contrib.auth.views import PasswordChangeView
from django.http import HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core import services
from core.passwords import password_is_old


class SignInForm(AdminAuthenticationForm):
    """Says the same for a wrong name, a wrong password and an account that is no longer in use."""

    error_messages = {
        "invalid_login": _("用户名或密码不正确。连续 5 次失败，账号将锁定 30 分钟。"),
        "inactive": _("用户名或密码不正确。连续 5 次失败，账号将锁定 30 分钟。"),
    }


class OwnPasswordForm(PasswordChangeForm):
    def save(self, commit: bool = True) -> Any:
        self.user = services.change_own_password(user_id=self.user.pk, password=self.cleaned_data["new_password1"])
        return self.user


def why_new_password(user: Any) -> str | Promise:
    """The sentence for whom the middleware leads to the password page; "" for who came by choice."""
    if user.must_change_password:
        return _("首次登录或密码被重置后，须先修改密码才能使用工作台。")
    if password_is_old(user):
        return _("密码已使用满 90 天，须先修改密码才能继续使用工作台。")
    return ""


class OwnPasswordView(PasswordChangeView):
    form_class = OwnPasswordForm

    def get_success_url(self) -> str:
        return reverse("console:index")

    def form_valid(self, form: Any) -> HttpResponse:
        messages.success(self.request, _("密码已修改。"))
        return super().form_valid(form)
