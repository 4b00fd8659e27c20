"""What was looked at again in the demonstration's past: given to a person, phoned about, decided. [3.9]"""

from datetime import time
from itertools import cycle
from random import Random

from django.utils import timezone

from cases.enums import Outcome
from cases.models import Case
from cases.services import Parts
from core.models import User
from core.workdays import due_date
from evaluations import services
from evaluations.enums import CallOutcome, FollowUpStatus, Office, Origin
from evaluations.models import FollowUp
from portal.demo_clock import REAL_NOW, Clock
from portal.demo_handling import Handling, People
from portal.demo_opinions import evaluate
from sessions_app.services import local_moment

# In working days after it was opened.
ASSIGNED_AFTER, CALLED_AFTER, DECIDED_AFTER, REFERRED_AFTER, APPROVED_AFTER = 1, 3, 5, 6, 8
# What is found about complaints, in turn. A sample finds what was answered.
FINDINGS = (
    FollowUpStatus.CONFIRMED,
    FollowUpStatus.SENT_BACK,
    FollowUpStatus.CONFIRMED,
    FollowUpStatus.UNRECTIFIED,
    FollowUpStatus.CONFIRMED,
)
CALLED = "已与企业负责人通话核实。"
AS_ANSWERED = "电话回访企业负责人，答复内容属实，企业无其他意见。"
EXPLAINED = "电话回访企业负责人，所述情况已核实，后续安排已说明，企业表示理解。"
NOT_DONE = "电话回访企业负责人，答复中承诺的事项尚未办理，退回责任单位重新办理。"
NOT_PUT_RIGHT = "电话并上门核实，承诺事项未落实，催办后仍无进展。"
FACTS = "企业评价不满意后回访核实：责任单位答复的事项逾期未落实，经催办仍无进展。"
WHY_REFERRED = "责任单位无整改成效，建议报送市纪委市监委按规定处理。"


class LookingAgain:
    """Each that is open, the oldest first, as far as its steps have come; what is sent back is handled again."""

    def __init__(self, draw: Random, people: People, clock: Clock) -> None:
        self.draw, self.people, self.clock = draw, people, clock
        self.inspector, self.approver = (User.objects.get(username=name) for name in ("inspector", "approver"))
        self.findings = cycle(FINDINGS)

    def go(self) -> None:
        seen: set[int] = set()
        while rows := list(FollowUp.objects.open().exclude(pk__in=seen).order_by("opened_at", "pk")):
            for row in rows:
                self._look_again(row)
            seen |= {row.pk for row in rows}
        self.clock.deliver()

    def _look_again(self, row: FollowUp) -> None:
        inspects = row.office == Office.INSPECTION
        by, to = (self.inspector, self.inspector) if inspects else (self.people.supervisor, self.people.bureau)
        if self._comes(row, ASSIGNED_AFTER):
            services.assign_follow_up(follow_up_id=row.pk, assignee_id=to.pk, actor=by, now=self.clock.moment)
        if self._comes(row, CALLED_AFTER):
            called = {"outcome": CallOutcome.REACHED, "note": CALLED, "actor": to, "now": self.clock.moment}
            services.record_call(follow_up_id=row.pk, **called)
        if self._comes(row, DECIDED_AFTER):
            self._decide(row, to)

    def _comes(self, row: FollowUp, after: int) -> bool:
        """Set the clock to the day of a step, unless it lies ahead."""
        day = due_date(timezone.localdate(row.opened_at), after).due
        moment = local_moment(day, time(9 + after, self.draw.randrange(60)))
        if moment <= REAL_NOW():
            self.clock.at(moment)
            return True
        return False

    def _decide(self, row: FollowUp, to: User) -> None:
        given = {"follow_up_id": row.pk, "actor": to, "now": self.clock.moment}
        found = FollowUpStatus.CONFIRMED if row.origin == Origin.SAMPLE else next(self.findings)
        if found == FollowUpStatus.SENT_BACK:
            services.send_case_back(finding=NOT_DONE, parts=_parts(row.case), **given)
            again = Case.objects.get(pk=row.case_id)
            Handling(again, self.draw, self.people, self.clock).go()
            evaluate(again, self.draw, self.clock)
        elif found == FollowUpStatus.UNRECTIFIED:
            services.find_unrectified(finding=NOT_PUT_RIGHT, **given)
            self._refer(row)
        else:
            services.confirm_follow_up(finding=AS_ANSWERED if row.origin == Origin.SAMPLE else EXPLAINED, **given)

    def _refer(self, row: FollowUp) -> None:
        if not self._comes(row, REFERRED_AFTER):
            return
        referral = services.propose_referral(
            follow_up_id=row.pk, facts=FACTS, opinion=WHY_REFERRED, actor=self.inspector, now=self.clock.moment
        )
        if self._comes(row, APPROVED_AFTER):
            approved = {"note": "事实清楚，请按程序报送。", "actor": self.approver, "now": self.clock.moment}
            services.approve_referral(referral_id=referral.pk, **approved)


def _parts(case: Case) -> Parts | None:
    """Of what was closed at the table nobody was in charge: the department that verified it is."""
    if case.outcome == Outcome.HANDED_OVER:
        return None
    return Parts(case.booking.verifications.get(is_lead=True).department_id)
