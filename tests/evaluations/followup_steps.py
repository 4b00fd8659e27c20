"""The steps of a follow-up in the fewest words, on the case that the fixtures of cases make. [3.9]"""

from datetime import datetime
from typing import Any

from cases.models import Case
from core import audit
from core.models import User
from evaluations import services
from evaluations.models import FollowUp, FollowUpCall, Referral
from tests.cases.conftest import working_day

RATED = audit.HOLDER
RULE = audit.SYSTEM
FINDING = "电话核实：退税款至今没有到账。"


def opened_on() -> datetime:
    """The day after the case was closed."""
    return working_day(11)


def later() -> datetime:
    return working_day(13)


def follow(case: Case, origin: str = "unsatisfied", actor: Any = RATED, **options: Any) -> FollowUp:
    now = options.pop("now", None) or opened_on()
    return services.open_follow_up(case_id=case.pk, origin=origin, actor=actor, now=now, **options)


def assign(row: FollowUp, actor: User, to: User, *, now: datetime | None = None) -> FollowUp:
    return services.assign_follow_up(follow_up_id=row.pk, assignee_id=to.pk, actor=actor, now=now or opened_on())


def call(row: FollowUp, actor: User, outcome: str = "reached", **options: Any) -> FollowUpCall:
    now = options.pop("now", None) or later()
    note = options.pop("note", "称未到账。")
    return services.record_call(follow_up_id=row.pk, outcome=outcome, note=note, actor=actor, now=now, **options)


def reveal(row: FollowUp, actor: User) -> Any:
    return services.reveal_for_follow_up(follow_up_id=row.pk, reason="电话回访", actor=actor)


def look(row: FollowUp, actor: User) -> Any:
    return services.look_at_author(follow_up_id=row.pk, actor=actor)


def confirm(row: FollowUp, actor: User, **options: Any) -> FollowUp:
    return services.confirm_follow_up(follow_up_id=row.pk, **_decision(actor, options))


def send_back(row: FollowUp, actor: User, **options: Any) -> FollowUp:
    return services.send_case_back(follow_up_id=row.pk, **_decision(actor, options))


def unrectified(row: FollowUp, actor: User, **options: Any) -> FollowUp:
    return services.find_unrectified(follow_up_id=row.pk, **_decision(actor, options))


def _decision(actor: User, options: dict[str, Any]) -> dict[str, Any]:
    return {"finding": FINDING, "now": later(), "actor": actor} | options


def propose(row: FollowUp, actor: User) -> Referral:
    return services.propose_referral(
        follow_up_id=row.pk, facts="两轮办理均未退税。", opinion="建议核查。", actor=actor, now=later()
    )


def approve(row: Referral, actor: User) -> Referral:
    return services.approve_referral(referral_id=row.pk, note="", actor=actor, now=later())


def reject(row: Referral, actor: User, note: str = "再督办一次。") -> Referral:
    return services.reject_referral(referral_id=row.pk, note=note, actor=actor, now=later())
