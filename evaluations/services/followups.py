"""回访: opened by rule, by the enterprise or by an inspector, given to a person, phoned about, and decided. [3.9]"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cases.models import Case
from core import audit
from core.constraints import last_line
from core.errors import AlreadyDone
from core.models import User
from core.transitions import lock, start
from departments.enums import DepartmentKind
from evaluations import guards_followups as guards
from evaluations import notices_followups as notices
from evaluations import permissions
from evaluations.enums import FollowUpStatus, Office, Origin
from evaluations.models import FollowUp, FollowUpReason
from evaluations.selectors_followups import bureau_took_part, open_follow_up_of
from evaluations.services import clocks

# These look at how the bureau closed it, or were told to the inspection office. [3.9]
FOR_INSPECTION = (Origin.REPORTED, Origin.INSPECTOR)


@contextmanager
def locked(follow_up_id: int) -> Iterator[FollowUp]:
    """The follow-up under its case's lock and its own, in one transaction. Refuses `gone`."""
    with transaction.atomic():
        found = FollowUp.objects.only("case_id").filter(pk=follow_up_id).first()
        case = lock(Case, found.case_id if found else None)
        follow_up = lock(FollowUp, follow_up_id)
        follow_up.case = case
        yield follow_up


@last_line
def open_follow_up(
    *,
    case_id: int,
    origin: str,
    actor: audit.Actor,
    now: datetime,
    note: str = "",
    assigned_to: int | None = None,
    round: int | None = None,
    submission_digest: str | None = None,
) -> FollowUp:
    """Look again at a round of a case, the present one unless another is named; ten working days (ours). Where one is
    open the reason joins it. [3.9]

    `assigned_to`: a person's key, where a person opens it. Refuses `gone`, `no_such_round`, `cannot_follow_up`,
    `their_own`.
    """
    permissions.check_can_open(actor, origin)
    with transaction.atomic():
        case = lock(Case, case_id)
        round = round or case.round
        guards.check_round(case, round)
        there = open_follow_up_of(case, round)
        follow_up = lock(FollowUp, there.pk) if there else _open(case, round, origin, actor, now)
        follow_up.case = case
        reason = FollowUpReason.objects.create(
            follow_up=follow_up,
            origin=origin,
            note=note.strip(),
            at=now,
            by=actor if isinstance(actor, User) else None,
            submission_digest=submission_digest,
        )
        if there:
            audit.record("join_follow_up", follow_up, actor=actor, clause="[3.9]")
            notices.joined(reason)
        if assigned_to is not None and isinstance(actor, User):
            _assign(follow_up, assigned_to, actor, now)
        elif not there:
            notices.opened(follow_up)
    return follow_up


def _open(case: Case, round: int, origin: str, actor: audit.Actor, now: datetime) -> FollowUp:
    inspects = origin in FOR_INSPECTION or bureau_took_part(case, round)
    follow_up = FollowUp(
        case=case,
        round=round,
        origin=origin,
        office=Office.INSPECTION if inspects else Office.BUREAU,
        opened_at=now,
        opened_by=actor if isinstance(actor, User) else None,
    )
    start(follow_up, FollowUpStatus.OPEN, actor=actor, action="open_follow_up", clause="[3.9]")
    clocks.start_clock(follow_up, actor=actor, now=now)
    follow_up.save(update_fields=["obligation"])
    return follow_up


def assign_follow_up(*, follow_up_id: int, assignee_id: int, actor: User, now: datetime) -> FollowUp:
    """Give it to a person, who alone phones and decides, and may see how the enterprise rated; by the same day. [3.9]

    Refuses `cannot_follow_up`, `their_own`, `decided`, `already_done`.
    """
    with locked(follow_up_id) as follow_up:
        _assign(follow_up, assignee_id, actor, now)
    return follow_up


def _assign(follow_up: FollowUp, assignee_id: int, actor: User, now: datetime) -> None:
    permissions.check_can_assign(actor, follow_up)
    guards.check_open(follow_up)
    found = User.objects.filter(pk=assignee_id).first()
    assignee = guards.check_assignee(found, follow_up.case, follow_up.round)
    permissions.check_can_name(actor, assignee)
    if follow_up.assigned_to_id == assignee.pk:
        raise AlreadyDone("already_done", _("该回访此前已指派给%s。") % assignee)
    before, office_before = follow_up.assigned_to, follow_up.office
    inspects = permissions.kind_of(assignee) == DepartmentKind.INSPECTION
    follow_up.office = Office.INSPECTION if inspects else Office.BUREAU
    follow_up.assigned_to, follow_up.assigned_at = assignee, now
    clocks.hand_clock(follow_up, office_before, actor=actor, now=now)
    follow_up.save(update_fields=["office", "assigned_to", "assigned_at", "obligation"])
    audit.record("assign_follow_up", follow_up, actor=actor, before=before or "", after=assignee, clause="[3.9]")
    notices.assigned(follow_up, before)
