"""The look for common demands: once a day, and when somebody asks; what it finds is kept for people to judge. [5.3]

What a person dismissed does not come back with the same cases: only once as many new ones as half of it have come.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.permissions import check_can_tie
from core import audit
from core.constraints import violated
from core.errors import AlreadyDone
from core.models import User
from core.transitions import lock, move_all, moving, start
from notifications.services import nudge
from reports import moves
from reports.common_finding import Candidate, candidates, demands_of, first_day
from reports.enums import FINDING_AHEAD, FindingStatus, ProposalStatus
from reports.models import CommonFinding, CommonProposal, CommonProposalCase

logger = logging.getLogger(__name__)
TASK = "reports.find_common"
# A worker that has not come to its end after so long is gone.
LEASE = timedelta(minutes=30)
ATTEMPTS_MAX = 3
Key = tuple[str, int | None]


def ask_finding(*, actor: User, now: datetime) -> CommonFinding:
    """Look again now, in the background. [5.3] Refuses `already_asked` while one is ahead."""
    check_can_tie(actor)
    try:
        with transaction.atomic():
            finding = _ask(actor, now)
            nudge(TASK)
    except IntegrityError as error:
        if violated(error) != "one_finding_at_a_time":
            raise
        raise AlreadyDone("already_asked", _("正在查找，请稍候刷新页面。")) from error
    return finding


def _ask(actor: User | None, now: datetime) -> CommonFinding:
    finding = CommonFinding(asked_by=actor, asked_at=now)
    by = actor or audit.SYSTEM
    return start(finding, FindingStatus.QUEUED, actor=by, action="find_common", clause="[5.3]")


def run_findings(now: datetime) -> int:
    """Look through the cases if nobody did today, or if somebody asked; returns how many looks were made. [5.3]

    Two runs at once share them: a look is claimed by one.
    """
    _ask_for_today(now)
    made = 0
    for finding_id in list(_to_make(now).values_list("pk", flat=True)):
        if _claim(finding_id, now):
            made += _make(CommonFinding.objects.get(pk=finding_id), now)
    return made


def _ask_for_today(now: datetime) -> None:
    begins = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    if CommonFinding.objects.filter(Q(asked_at__gte=begins) | Q(status__in=FINDING_AHEAD)).exists():
        return
    try:
        with transaction.atomic():
            _ask(None, now)
    except IntegrityError as error:
        if violated(error) != "one_finding_at_a_time":
            raise


def _to_make(now: datetime) -> QuerySet[CommonFinding]:
    ahead = Q(status=FindingStatus.QUEUED) | Q(status=FindingStatus.WORKING, lease_until__lt=now)
    return CommonFinding.objects.filter(ahead).order_by("asked_at", "pk")


def _claim(finding_id: int, now: datetime) -> bool:
    with transaction.atomic():
        if not move_all(_to_make(now).filter(pk=finding_id).order_by(), moves.CLAIM_FINDING):
            return False
        lease = timezone.now() + LEASE
        CommonFinding.objects.filter(pk=finding_id).update(lease_until=lease, attempts=F("attempts") + 1)
        return True


def _make(finding: CommonFinding, now: datetime) -> int:
    if finding.attempts > ATTEMPTS_MAX:
        _end(finding, moves.FAIL_FINDING, now)
        return 0
    try:
        read, found = find_common(now)
    except Exception:
        logger.exception("Common demands were not looked for: %s.", finding.pk)
        _end(finding, moves.FAIL_FINDING, now)
        return 0
    _end(finding, moves.FINISH_FINDING, now, cases_read=read, groups_found=found)
    return 1


def _end(finding: CommonFinding, move: Any, now: datetime, **told: int) -> None:
    with transaction.atomic():
        # Who took too long and was replaced does not end the other's look.
        mine = {"pk": finding.pk, "status": FindingStatus.WORKING, "attempts": finding.attempts}
        columns: dict[str, Any] = {"finished_at": now, "lease_until": None} | told
        CommonFinding.objects.filter(**mine).update(**columns)
        move_all(CommonFinding.objects.filter(**mine), move)


@dataclass(frozen=True)
class _Kept:
    """A proposal as the next look compares with it."""

    pk: int
    key: Key
    cases: frozenset[int]


def find_common(now: datetime) -> tuple[int, int]:
    """Compare the cases of the span, and keep what is alike: returns how many were read, and how many are proposed."""
    today = timezone.localdate(now)
    first = first_day(today)
    demands = demands_of(first, today)
    found = candidates(demands, first, today)
    dismissed, standing = _kept(ProposalStatus.DISMISSED), _kept(ProposalStatus.PROPOSED)
    proposed = [one for one in found if not any(_held_back(one, earlier) for earlier in dismissed)]
    left = {kept.pk: kept for kept in standing}
    for one in proposed:
        same = _same_of(one, left.values())
        if same is None:
            _propose(one, now)
        else:
            del left[same.pk]
            _find_again(same.pk, one, now)
    for pk in sorted(left):
        _lose(pk)
    return len(demands), len(proposed)


def _kept(status: ProposalStatus) -> list[_Kept]:
    """Two queries: the proposals of a status with the keys of their cases."""
    rows = CommonProposal.objects.filter(status=status).order_by("pk").values_list("pk", "kind", "akin")
    cases: dict[int, set[int]] = {}
    for pk, case in CommonProposalCase.objects.filter(proposal__status=status).values_list("proposal", "case"):
        cases.setdefault(pk, set()).add(case)
    return [_Kept(pk, _key(kind, akin), frozenset(cases.get(pk, ()))) for pk, kind, akin in rows]


def _key(kind: str, akin: int | None) -> Key:
    """A group that could join one common demand is another than one that could join another."""
    return kind, akin if kind == "join" else None


def _held_back(one: Candidate, dismissed: _Kept) -> bool:
    """It is what was dismissed, and has not grown by half since."""
    if _key(one.kind, one.akin) != dismissed.key:
        return False
    known = one.cases & dismissed.cases
    return 2 * len(known) >= len(one.cases) and 2 * (len(one.cases) - len(known)) < len(dismissed.cases)


def _same_of(one: Candidate, standing: Iterable[_Kept]) -> _Kept | None:
    """The standing proposal with which it shares most; of equals the older one."""
    key = _key(one.kind, one.akin)
    shared = [(len(one.cases & kept.cases), -kept.pk, kept) for kept in standing if kept.key == key]
    best = max(shared, default=(0, 0, None), key=lambda row: row[:2])
    return best[2] if best[0] else None


def _propose(one: Candidate, now: datetime) -> None:
    with transaction.atomic():
        proposal = CommonProposal(kind=one.kind, made_at=now, found_at=now, **one.columns())
        start(proposal, ProposalStatus.PROPOSED, actor=audit.SYSTEM, action="propose_common", clause="[5.3]")
        _enter(proposal.pk, one, one.cases)


def _find_again(proposal_id: int, one: Candidate, now: datetime) -> None:
    """Its cases as they are now; what a person decided meanwhile stays."""
    with transaction.atomic():
        proposal = lock(CommonProposal, proposal_id)
        if proposal.status != ProposalStatus.PROPOSED:
            return
        entries = CommonProposalCase.objects.filter(proposal=proposal)
        before = set(entries.values_list("case_id", flat=True))
        entries.exclude(case__in=one.cases).delete()
        _enter(proposal_id, one, one.cases - before)
        columns = {name: value for name, value in one.columns().items() if getattr(proposal, name) != value}
        if columns:
            for name, value in columns.items():
                setattr(proposal, name, value)
            proposal.found_at = now
            proposal.save(update_fields=[*(name.removesuffix("_id") for name in columns), "found_at"])


def _enter(proposal_id: int, one: Candidate, cases: Iterable[int]) -> None:
    CommonProposalCase.objects.bulk_create(
        CommonProposalCase(proposal_id=proposal_id, case_id=case, alike_percent=one.alike[case])
        for case in sorted(cases)
    )


def _lose(proposal_id: int) -> None:
    with transaction.atomic():
        if lock(CommonProposal, proposal_id).status == ProposalStatus.PROPOSED:
            with moving(CommonProposal, proposal_id, moves.LOSE_PROPOSAL, actor=audit.SYSTEM):
                pass
