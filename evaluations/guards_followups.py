"""Whether it may happen with a follow-up now. Each check passes or refuses with a sentence. [3.9]"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from cases.enums import CaseStatus
from cases.models import Case
from core import policy
from core.errors import Refused
from core.models import User
from core.selectors import ours
from evaluations.enums import CallOutcome, FollowUpStatus
from evaluations.models import FollowUp
from evaluations.permissions import is_their_own


def check_text(text: str, code: str, sentence: str, field: str) -> None:
    if not text.strip():
        raise Refused(code, sentence, field=field)


def check_round(case: Case, round: int) -> None:
    """Refuses `no_such_round`."""
    if not 1 <= round <= case.round:
        raise Refused("no_such_round", _("该诉求没有第 %s 轮办理。") % round)


def check_assignee(assignee: User | None, case: Case, round: int) -> User:
    """Of the bureau or the inspection office, and not on what they closed, or their bureau handled, themselves. [3.9]

    Refuses `cannot_follow_up`, `their_own`.
    """
    if assignee is None or not assignee.is_active or not assignee.has_perm("evaluations.follow_up"):
        raise Refused("cannot_follow_up", _("请选择市政务服务局或督查科的在岗人员。"), field="assignee")
    if is_their_own(assignee, case, round):
        raise Refused("their_own", _("本人销号的、本单位承办的诉求，由其他人员或督查科回访。"), field="assignee")
    return assignee


def check_open(follow_up: FollowUp) -> None:
    """Refuses `decided`."""
    if follow_up.status != FollowUpStatus.OPEN:
        raise Refused("decided", _("该回访已有结论：%s。") % follow_up.get_status_display())


def check_call(outcome: str, again_at: datetime | None, now: datetime) -> None:
    """Refuses `no_outcome`, and `no_time` where it was agreed to call again."""
    if outcome not in CallOutcome:
        raise Refused("no_outcome", _("请选择通话结果。"), field="outcome")
    if outcome == CallOutcome.CALL_AGAIN and (again_at is None or again_at <= now):
        raise Refused("no_time", _("请填写今后的再拨时间。"), field="again_at")


def check_can_send_back(follow_up: FollowUp) -> None:
    """Only what was closed, and in the round that was looked at. Refuses `past_round`, `still_handled`."""
    if follow_up.round != follow_up.case.round:
        raise Refused("past_round", _("该诉求已进入第 %s 轮办理，不能再就此前一轮重新交办。") % follow_up.case.round)
    if follow_up.case.status != CaseStatus.CLOSED:
        raise Refused("still_handled", _("该诉求还在办理，尚未销号，不能重新交办；可催办或督办。"))


def check_unrectified(follow_up: FollowUp) -> None:
    """A referral needs a follow-up that found no rectification. [3.9] Refuses `not_unrectified`."""
    if follow_up.status != FollowUpStatus.UNRECTIFIED:
        raise Refused("not_unrectified", _("只有认定无整改成效的回访才能提请报送。"))


def check_not_too_many(reported: Sequence[datetime], now: datetime) -> None:
    """`reported`: when the enterprise reported of this case. Refuses `too_often`."""
    lately = [moment for moment in reported if now - moment < timedelta(hours=1)]
    if len(lately) >= ours(policy.REPORTS_PER_HOUR):
        raise Refused("too_often", _("反映较为频繁，请一小时后再提交。此前提交的督查科已收到。"))
