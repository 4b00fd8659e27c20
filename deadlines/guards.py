"""Whether it may happen now."""

from datetime import date

from django.utils.translation import gettext as _

from core.errors import AlreadyDone, Refused
from core.workdays import is_working_day
from deadlines.enums import ObligationStatus
from deadlines.models import Escalation, Obligation


def check_open(obligation: Obligation) -> None:
    """Refuses `not_open`: the dates of what is over stay as they were."""
    if obligation.status != ObligationStatus.OPEN:
        raise Refused("not_open", _("该时限%(status)s，不能再调整。") % {"status": obligation.get_status_display()})


def check_can_end_on(start: date, day: date) -> None:
    """Refuses `rest_day` and `not_after_start`."""
    if not is_working_day(day):
        raise Refused("rest_day", _("期限的最后一日应为工作日。"), field="due")
    if day <= start:
        raise Refused("not_after_start", _("期限应晚于起算日。"), field="due")


def check_not_acknowledged(escalation: Escalation) -> None:
    """Refuses `already_done`."""
    if escalation.acknowledged_at:
        raise AlreadyDone("already_done", _("该提醒此前已签收，无需重复操作。"))
