"""Who may, about messages. Departments see what is theirs; which keys are theirs, the apps above say."""

from collections.abc import Callable, Set

from django.core.exceptions import PermissionDenied

from core.models import User
from core.permissions import require
from notifications.models import Message

VIEW_ALL = "notifications.view_every_audience"
_VIEW = {"notifications.view_message"}
_CALL = _VIEW | {"notifications.record_call", "notifications.reveal_recipient"}
_BUREAU = _CALL | {VIEW_ALL, "notifications.send_again"}
_TEXTS = {
    "notifications.view_smstemplate",
    "notifications.add_smstemplate",
    "notifications.change_smstemplate",
    "notifications.view_messagetext",
    "notifications.add_messagetext",
    "notifications.change_messagetext",
}
GRANTS = {
    "window_clerk": _BUREAU,
    "bureau_staff": _BUREAU | _TEXTS,
    "bureau_supervisor": _BUREAU | _TEXTS,
    "department_staff": _CALL,
    "department_head": _CALL,
    "inspector": _VIEW | {VIEW_ALL},
    "inspection_approver": _VIEW | {VIEW_ALL},
}

# From an app above: a person -> the audience keys that are theirs. Without any, only the bureau sees messages.
AudienceSource = Callable[[User], Set[str]]
audience_sources: list[AudienceSource] = []


def audiences_of(user: User) -> set[str]:
    """The audience keys a person sees messages of, beside what `VIEW_ALL` shows."""
    return {key for source in audience_sources for key in source(user) if key}


def check_is_in_audience(actor: User, message: Message) -> None:
    if not actor.has_perm(VIEW_ALL) and message.audience not in audiences_of(actor):
        raise PermissionDenied


def check_can_call(actor: User, message: Message) -> None:
    """The bureau, or the department whose call it is. [3.5]"""
    require(actor, "notifications.record_call")
    check_is_in_audience(actor, message)


def check_can_reveal(actor: User, message: Message) -> None:
    require(actor, "notifications.reveal_recipient")
    check_is_in_audience(actor, message)


def check_can_send_again(actor: User) -> None:
    require(actor, "notifications.send_again")
