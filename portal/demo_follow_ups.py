"""What was looked at again in the demonstration's past: given to a person, phoned about, decided. [3.9]"""

from datetime import datetime, time
from random import Random

from django.utils import timezone

from core.models import User
from core.workdays import due_date
from evaluations import services
from evaluations.enums import CallOutcome, Office, Origin
from evaluations.models import FollowUp
from portal.demo_clock import REAL_NOW, Clock
from portal.demo_handling import People
from sessions_app.services import local_moment

# In working days after it was opened.
ASSIGNED_AFTER, CALLED_AFTER, DECIDED_AFTER = 1, 3, 5
# Of what an enterprise complained of, how often nothing had been put right.
UNRECTIFIED = 0.12
CALLED = "已与企业负责人通话核实。"
AS_ANSWERED = "电话回访企业负责人，答复内容属实，企业无其他意见。"
EXPLAINED = "电话回访企业负责人，所述情况已核实，后续安排已说明，企业表示理解。"
NOT_PUT_RIGHT = "电话并上门核实，承诺事项未落实，催办后仍无进展。"


def look_again(draw: Random, people: People, clock: Clock) -> None:
    """Each that is open, the oldest first, as far as its steps have come by now."""
    inspector = User.objects.get(username="inspector")
    for row in FollowUp.objects.open().order_by("opened_at", "pk"):
        inspects = row.office == Office.INSPECTION
        by, to = (inspector, inspector) if inspects else (people.supervisor, people.bureau)
        for after, step in ((ASSIGNED_AFTER, "assign"), (CALLED_AFTER, "call"), (DECIDED_AFTER, "decide")):
            moment = _moment(row, after, draw)
            if moment > REAL_NOW():
                break
            _take(step, row, by, to, draw, clock.at(moment))
    clock.deliver()


def _moment(row: FollowUp, after: int, draw: Random) -> datetime:
    day = due_date(timezone.localdate(row.opened_at), after).due
    return local_moment(day, time(9 + after, draw.randrange(60)))


def _take(step: str, row: FollowUp, by: User, to: User, draw: Random, now: datetime) -> None:
    if step == "assign":
        services.assign_follow_up(follow_up_id=row.pk, assignee_id=to.pk, actor=by, now=now)
    elif step == "call":
        services.record_call(follow_up_id=row.pk, outcome=CallOutcome.REACHED, note=CALLED, actor=to, now=now)
    elif row.origin == Origin.SAMPLE:
        services.confirm_follow_up(follow_up_id=row.pk, finding=AS_ANSWERED, actor=to, now=now)
    elif draw.random() < UNRECTIFIED:
        services.find_unrectified(follow_up_id=row.pk, finding=NOT_PUT_RIGHT, actor=to, now=now)
    else:
        services.confirm_follow_up(follow_up_id=row.pk, finding=EXPLAINED, actor=to, now=now)
