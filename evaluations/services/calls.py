"""The phone: the number is looked at with a trace, and each call's outcome is kept. [3.9]"""

from datetime import datetime

from django.utils.translation import gettext as _

from appointments.models import Booking
from core import audit
from core.errors import Refused
from core.models import User
from evaluations import guards_followups as guards
from evaluations import permissions
from evaluations.enums import CallOutcome
from evaluations.models import FollowUp, FollowUpCall, FollowUpReason
from evaluations.services.followups import locked


def record_call(
    *, follow_up_id: int, outcome: str, note: str, actor: User, now: datetime, again_at: datetime | None = None
) -> FollowUpCall:
    """What came of a call; agreed to call again, the list waits until then. [3.9]

    Refuses `no_outcome`, `no_time`, `decided`.
    """
    guards.check_call(outcome, again_at, now)
    with locked(follow_up_id) as follow_up:
        permissions.check_can_work_on(actor, follow_up)
        guards.check_open(follow_up)
        call = FollowUpCall.objects.create(
            follow_up=follow_up,
            outcome=outcome,
            note=note.strip(),
            again_at=again_at if outcome == CallOutcome.CALL_AGAIN else None,
            at=now,
            by=actor,
        )
        follow_up.call_again_at = call.again_at
        follow_up.save(update_fields=["call_again_at"])
        audit.record("record_follow_up_call", follow_up, actor=actor, after=outcome, clause="[3.9]")
    return call


def reveal_for_follow_up(*, follow_up_id: int, reason: str, actor: User) -> Booking:
    """The whole contact data, for who has to phone, while there is something to phone about. [3.9]

    Refuses `no_reason`, `decided`.
    """
    guards.check_text(reason, "no_reason", _("请说明查看联系方式的理由。"), "reason")
    with locked(follow_up_id) as follow_up:
        permissions.check_can_work_on(actor, follow_up)
        guards.check_open(follow_up)
        audit.record("reveal_for_follow_up", follow_up, actor=actor, reason=reason, clause="[3.9]")
    return follow_up.case.booking


def look_at_author(*, follow_up_id: int, actor: User) -> list[FollowUpReason]:
    """Why it is looked at again, and so how the enterprise rated: each look leaves a trace. [5.2] Refuses `gone`."""
    follow_up = FollowUp.objects.select_related("case").filter(pk=follow_up_id).first()
    if follow_up is None:
        raise Refused("gone", _("该记录不存在，可能已被删除。请刷新页面后重试。"))
    permissions.check_can_see_author(actor, follow_up)
    audit.record("look_at_author", follow_up, actor=actor, clause="[5.2]")
    return list(follow_up.reasons.select_related("by"))
