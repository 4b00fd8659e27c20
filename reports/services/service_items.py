"""Making and sending the monthly service-items list. [3.4]"""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.constraints import violated
from core.errors import Refused
from core.models import User
from core.transitions import lock, moving, start
from reports import moves, notices, permissions
from reports.after_consultation import NOTHING, after_of
from reports.enums import ListStatus
from reports.models import ServiceItemsList
from reports.selectors import ACCEPTED, REFUSED, bookings_of_month
from reports.service_items import accepted_row, refused_row

ONE_OF_A_MONTH = {"a_version_of_a_month_once", "one_draft_for_a_month"}


def make_list(*, year: int, month: int, actor: User, now: datetime) -> ServiceItemsList:
    """Make the month's list from its bookings, or make its draft again; what was sent stays as it is. [3.4]

    Refuses `nothing_to_list`, `already_sent`, `just_made` (somebody else at the same moment).
    """
    permissions.check_can_make_list(actor)
    try:
        with transaction.atomic():
            return _make(year, month, actor, now)
    except IntegrityError as error:
        if violated(error) not in ONE_OF_A_MONTH:
            raise
        raise Refused("just_made", _("该月清单刚由他人生成，请在列表中查看。")) from error


def _make(year: int, month: int, actor: User, now: datetime) -> ServiceItemsList:
    latest = ServiceItemsList.objects.filter(year=year, month=month).order_by("-version").first()
    if latest is not None and latest.status == ListStatus.DRAFT:
        return _make_again(latest.pk, actor, now)
    version = latest.version + 1 if latest else 1
    made = ServiceItemsList(year=year, month=month, version=version, **_columns(year, month, actor, now))
    return start(made, ListStatus.DRAFT, actor=actor, action="make_list", clause="[3.4]")


def _make_again(list_id: int, actor: User, now: datetime) -> ServiceItemsList:
    made = lock(ServiceItemsList, list_id)
    if made.status != ListStatus.DRAFT:
        raise Refused("already_sent", _("该清单已发送，请重新生成新的一版。"))
    # Read under the lock: of two who make it at once the later one does not write what the earlier one saw.
    columns = _columns(made.year, made.month, actor, now)
    for name, value in columns.items():
        setattr(made, name, value)
    made.save(update_fields=list(columns))
    audit.record("make_list", made, actor=actor, clause="[3.4]")
    return made


def _columns(year: int, month: int, actor: User, now: datetime) -> dict[str, Any]:
    bookings = bookings_of_month(year, month, ACCEPTED)
    after = after_of(bookings, timezone.localdate(now))
    accepted = [accepted_row(booking, after.get(booking.pk, NOTHING)) for booking in bookings]
    refused = [refused_row(booking) for booking in bookings_of_month(year, month, REFUSED)]
    if not accepted and not refused:
        raise Refused("nothing_to_list", _("%(year)s年%(month)s月没有已审核的预约。") % {"year": year, "month": month})
    return {"rows": accepted, "refused_rows": refused, "made_at": now, "made_by": actor}


def send_list(*, list_id: int, actor: User, now: datetime) -> ServiceItemsList:
    """Hand the list to the departments that it concerns; from now on it does not change. [3.4]

    Refuses `already_done`.
    """
    permissions.check_can_make_list(actor)
    with moving(ServiceItemsList, list_id, moves.SEND_LIST, actor=actor) as made:
        made.sent_at, made.sent_by = now, actor
        notices.list_sent(made)
    return made
