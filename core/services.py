"""Verbs of the kernel: passwords and the bureau's settings."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit, permissions
from core.errors import Refused
from core.models import FormerPassword, Setting, User
from core.policy import OURS
from core.selectors import forget_settings, parse
from core.transitions import lock


def change_own_password(*, user_id: int, password: str) -> User:
    """Set the user's own new password; the old one is remembered. Validated by the form."""
    with transaction.atomic():
        user = lock(User, user_id)
        FormerPassword.objects.create(user=user, password=user.password)
        user.set_password(password)
        user.must_change_password = False
        user.password_changed_at = timezone.now()
        user.save(update_fields=["password", "must_change_password", "password_changed_at"])
        audit.record("change_password", user, actor=user)
    return user


def reset_password(*, user_id: int, password: str, actor: User) -> User:
    """An administrator's reset: the user must choose a new one at the next sign-in."""
    permissions.check_can_manage_accounts(actor)
    with transaction.atomic():
        user = lock(User, user_id)
        FormerPassword.objects.create(user=user, password=user.password)
        user.set_password(password)
        user.must_change_password = True
        user.save(update_fields=["password", "must_change_password"])
        audit.record("reset_password", user, actor=actor)
    return user


def change_setting(*, key: str, value: str, actor: User, reason: str) -> Setting:
    """Give a figure, or words, that are ours another value. Refuses `unknown_setting`, `bad_value`, `no_reason`."""
    permissions.check_can_change_settings(actor)
    figure = OURS.get(key)
    if figure is None:
        raise Refused("unknown_setting", _("没有这项参数。"))
    if not reason.strip():
        raise Refused("no_reason", _("请说明调整理由。"), field="reason")
    try:
        parsed = parse(figure, value)
    except ValueError:
        raise Refused("bad_value", _("请按原有格式填写取值。"), field="value") from None
    if isinstance(parsed, int) and not figure.minimum <= parsed <= figure.maximum:
        raise Refused(
            "bad_value",
            _("取值应在 %(low)s 至 %(high)s 之间。") % {"low": figure.minimum, "high": figure.maximum},
            field="value",
        )
    if isinstance(parsed, str):
        value = parsed
        if len(value) > figure.maximum:
            raise Refused("bad_value", _("不超过 %s 字。") % figure.maximum, field="value")
    with transaction.atomic():
        row, _created = Setting.objects.select_for_update(of=("self",)).get_or_create(
            key=key, defaults={"value": str(figure.default)}
        )
        before, row.value = row.value, value
        row.save(update_fields=["value"])
        audit.record("change_setting", f"setting:{key}", actor=actor, before=before, after=value, reason=reason)
    transaction.on_commit(forget_settings)
    return row
