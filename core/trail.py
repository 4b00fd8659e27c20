"""How a row of the audit trail reads: names for actions, objects and statuses, which it keeps as keys."""

from functools import cache
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.models import AuditEntry
from core.policy import OURS

Text = str | Promise

# The kernel's own. Each app names its own in `moves`: every move of its table, and `ACTIONS` for the rest.
ACTIONS: dict[str, Text] = {
    "sign_in": _("登录"),
    "sign_in_failed": _("登录失败"),
    "sign_out": _("退出登录"),
    "add_account": _("新增账号"),
    "change_account": _("修改账号"),
    "activate_account": _("启用账号"),
    "deactivate_account": _("停用账号"),
    "unlock_account": _("解除锁定"),
    "change_password": _("修改密码"),
    "reset_password": _("重置密码"),
    "change_setting": _("调整参数"),
    "import_calendar": _("录入年度日历"),
    "estimate_calendar": _("推算年度日历"),
    "add": _("新增"),
    "change": _("修改"),
}


@cache
def action_labels() -> dict[str, Text]:
    """Every action that an app names, in the order of the layers."""
    labels = dict(ACTIONS)
    for app in settings.PROJECT_APPS:
        if find_spec(f"{app}.moves") is None:
            continue
        moves = import_module(f"{app}.moves")
        labels |= {move.name: move.label for move in getattr(moves, "MOVES", [])}
        labels |= getattr(moves, "ACTIONS", {})
    return labels


def action_label(action: str) -> Text:
    return action_labels().get(action, action)


def model_of(subject: str) -> type[Model] | None:
    """The model of "appointments.booking:412", or None for what is no row of ours."""
    label = subject.partition(":")[0]
    try:
        return apps.get_model(label)
    except (LookupError, ValueError):
        return None


def subject_label(subject: str) -> str:
    """挂号预约 412; 业务参数 取号后填写信息表的时限（分钟）; 用户名 zhang"""
    label, _colon, key = subject.partition(":")
    if label == "setting" and key in OURS:
        return f"{_('业务参数')} {OURS[key].label}"
    if label == "username":
        return f"{_('用户名')} {key}"
    model = model_of(subject)
    return f"{model._meta.verbose_name} {key}" if model else subject


def state_label(entry: AuditEntry, state: str) -> Text:
    """A status as people read it; what is no status of the row's model stays as it is."""
    model = model_of(entry.subject)
    if model is None:
        return state
    for name in ("status", "role"):
        try:
            choices = dict(model._meta.get_field(name).flatchoices)  # type: ignore[union-attr]
        except FieldDoesNotExist:
            continue
        if state in choices:
            return choices[state]
    return state


def change_of(entry: AuditEntry) -> str:
    """计划中 → 已发布"""
    before, after = state_label(entry, entry.before), state_label(entry, entry.after)
    return f"{before} → {after}" if before and after else str(before or after)
