"""Who may, about typical cases: one writes, another checks, a third approves. [5.4]"""

from django.core.exceptions import PermissionDenied

from core.models import User
from core.permissions import require
from reports.models import TypicalCase


def check_can_write(actor: User) -> None:
    """The bureau chooses and writes. [5.3]"""
    require(actor, "reports.write_typical")


def check_can_take_back(actor: User) -> None:
    """The bureau and the inspection office send back, and take down at once what should not stand there. [5.4]"""
    require(actor, "reports.take_back_typical")


def check_can_check(actor: User) -> None:
    """The inspection office: it wrote none of it, and it alone may know what its enterprise said. [5.2] [5.4]"""
    require(actor, "reports.check_typical")


def check_can_publish(actor: User) -> None:
    """A supervisor of the bureau. [5.4]"""
    require(actor, "reports.approve_typical")


def check_did_not_write(actor: User, typical: TypicalCase) -> None:
    """A writer no longer sees what gives it away, in whichever office they work by now. [5.4]"""
    if typical.written_by_id == actor.pk or typical.writers.filter(pk=actor.pk).exists():
        raise PermissionDenied


def check_can_approve(actor: User, typical: TypicalCase) -> None:
    """A supervisor of the bureau who neither wrote nor checked it. [5.4]"""
    check_can_publish(actor)
    check_did_not_write(actor, typical)
    if typical.checked_by_id == actor.pk:
        raise PermissionDenied
