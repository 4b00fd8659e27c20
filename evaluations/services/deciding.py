"""What a follow-up found, and exactly one of: confirm, send back, no rectification. [3.9]"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.utils.translation import gettext as _

from cases.services import Parts, reopen_case
from core.models import User
from core.transitions import Move, moving
from evaluations import guards_followups as guards
from evaluations import moves, permissions
from evaluations import notices_followups as notices
from evaluations.models import FollowUp
from evaluations.services import clocks
from evaluations.services.followups import locked


@contextmanager
def _deciding(follow_up_id: int, move: Move, finding: str, actor: User, now: datetime) -> Iterator[FollowUp]:
    guards.check_text(finding, "no_finding", _("请填写核实情况。"), "finding")
    with locked(follow_up_id) as found, moving(FollowUp, follow_up_id, move, actor=actor) as follow_up:
        follow_up.case = found.case
        permissions.check_can_decide(actor, follow_up)
        follow_up.finding, follow_up.decided_by, follow_up.decided_at = finding.strip(), actor, now
        follow_up.call_again_at = None
        yield follow_up
        clocks.meet_clock(follow_up, actor=actor, now=now)


def confirm_follow_up(*, follow_up_id: int, finding: str, actor: User, now: datetime) -> FollowUp:
    """What was answered is so. The enterprise is told. [3.9] Refuses `no_finding`, `already_done`, `wrong_status`."""
    with _deciding(follow_up_id, moves.CONFIRM, finding, actor, now) as follow_up:
        notices.decided(follow_up, moves.CONFIRM.label)
    return follow_up


def send_case_back(
    *,
    follow_up_id: int,
    finding: str,
    actor: User,
    now: datetime,
    parts: Parts | None = None,
    keeps_legal_limit: bool = False,
) -> FollowUp:
    """A new round from today: departments hear the finding, the enterprise that it is handled again. [3.9]

    Refuses `no_finding`, `past_round`, `still_handled`, `no_department`, `already_done`, `wrong_status`.
    """
    with _deciding(follow_up_id, moves.SEND_BACK, finding, actor, now) as follow_up:
        guards.check_can_send_back(follow_up)
        reopen_case(
            case_id=follow_up.case_id,
            finding=finding,
            parts=parts,
            keeps_legal_limit=keeps_legal_limit,
            actor=actor,
            now=now,
        )
    return follow_up


def find_unrectified(*, follow_up_id: int, finding: str, actor: User, now: datetime) -> FollowUp:
    """No rectification: enterprise and departments are told, and the inspection office may refer it. [3.9]

    Refuses `no_finding`, `already_done`, `wrong_status`.
    """
    with _deciding(follow_up_id, moves.FIND_UNRECTIFIED, finding, actor, now) as follow_up:
        notices.decided(follow_up, moves.FIND_UNRECTIFIED.label)
        notices.unrectified(follow_up)
    return follow_up
