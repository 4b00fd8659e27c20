"""The verb of roles: who one is in this system."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.errors import Refused
from core.models import User
from core.transitions import lock
from departments import permissions
from departments.models import Membership


def set_membership(*, user_id: int, role: str, department_id: int | None, actor: User, reason: str = "") -> Membership:
    """Give a person a role, in place of the one they had. Refuses `own_role` and `wrong_department`.

    One role for each person is also what keeps administrator, security officer and auditor three people.
    """
    permissions.check_can_change_roles(actor)
    if user_id == actor.pk:
        raise Refused("own_role", _("不能调整自己的角色，请由另一名安全管理员办理。"), field="user")
    with transaction.atomic():
        user = lock(User, user_id)
        membership = Membership.objects.select_for_update(of=("self",)).filter(user=user).first()
        before = _told(membership)
        membership = membership or Membership(user=user)
        membership.role, membership.department_id = role, department_id
        _check_fits(membership)
        membership.save()
        audit.record("set_role", membership, actor=actor, before=before, after=_told(membership), reason=reason)
    return membership


def _told(membership: Membership | None) -> str:
    """Role and department as the trail keeps them: what they were called at that time."""
    if membership is None:
        return ""
    role = str(membership.get_role_display())
    return f"{role}（{membership.department}）" if membership.department else role


def _check_fits(membership: Membership) -> None:
    try:
        membership.full_clean()
    except ValidationError as error:
        raise Refused("wrong_department", _("该角色与所属部门不匹配。"), field="role") from error
