"""The verbs of staff accounts. A person who acted is deactivated, never deleted: the audit trail points at them."""

from axes.utils import reset
from django.db import transaction
from django.utils.translation import gettext as _

from core import audit, permissions
from core.errors import AlreadyDone, Refused
from core.models import User
from core.transitions import lock


def add_account(*, username: str, full_name: str, email: str, password: str, actor: User) -> User:
    """A new member of staff, without any role: the security officer gives one. Validated by the form."""
    permissions.require(actor, "core.add_user")
    with transaction.atomic():
        user = User(username=username, full_name=full_name, email=email, is_staff=True, must_change_password=True)
        user.set_password(password)
        user.save()
        audit.record("add_account", user, actor=actor, after=username)
    return user


def change_account(*, user_id: int, full_name: str, email: str, actor: User) -> User:
    permissions.check_can_manage_accounts(actor)
    with transaction.atomic():
        user = lock(User, user_id)
        changed = [
            name for name, value in (("full_name", full_name), ("email", email)) if getattr(user, name) != value
        ]
        user.full_name, user.email = full_name, email
        if changed:
            user.save(update_fields=changed)
            audit.record("change_account", user, actor=actor, after=", ".join(changed))
    return user


def set_account_active(*, user_id: int, active: bool, reason: str, actor: User) -> User:
    """Deactivate, or let in again. Refuses `own_account`, `already_done`."""
    permissions.check_can_manage_accounts(actor)
    if user_id == actor.pk:
        raise Refused("own_account", _("不能停用或启用自己的账号。"))
    with transaction.atomic():
        user = lock(User, user_id)
        if user.is_active == active:
            raise AlreadyDone("already_done", _("账号已是启用状态。") if active else _("账号已是停用状态。"))
        user.is_active = active
        user.save(update_fields=["is_active"])
        action = "activate_account" if active else "deactivate_account"
        audit.record(action, user, actor=actor, reason=reason)
    return user


def unlock_account(*, user_id: int, actor: User) -> User:
    """Forget the failed sign-ins, so that the person may try again before the half hour is over."""
    permissions.check_can_manage_accounts(actor)
    with transaction.atomic():
        user = lock(User, user_id)
        reset(username=user.username)
        audit.record("unlock_account", user, actor=actor)
    return user
