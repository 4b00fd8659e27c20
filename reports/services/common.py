"""What people make of a group of alike demands: one policy problem, a part of one that there is, or nothing. [5.3]"""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cases.models import Case, CommonDemand
from cases.permissions import check_can_tie
from cases.services import Common, add_to_common, open_common
from core.errors import Refused
from core.models import User
from core.transitions import check_source, lock, moving
from reports import guards, moves
from reports.enums import ProposalKind
from reports.models import CommonProposal


def name_proposal(
    *, proposal_id: int, common: Common, case_ids: Collection[int], actor: User, now: datetime
) -> CommonDemand:
    """Those of the group that were ticked become one common demand, handed to its departments as one question. [5.3]

    Refuses `no_question`, `too_few`, `not_in_it` for a case of no such group, `to_be_joined` where there is an open
    common demand for it, `already_done` and `wrong_status` when somebody decided meanwhile, and what `open_common`
    refuses.
    """
    check_can_tie(actor)
    guards.check_question(common.note)
    with transaction.atomic():
        proposal = _locked(proposal_id, case_ids)
        check_source(proposal, moves.NAME_PROPOSAL)
        guards.check_kind(proposal, ProposalKind.NEW)
        with moving(CommonProposal, proposal_id, moves.NAME_PROPOSAL, actor=actor) as row:
            row.item = open_common(common=common, case_ids=case_ids, actor=actor, now=now)
            row.decided_at, row.decided_by = now, actor
    return row.item


def join_proposal(*, proposal_id: int, case_ids: Collection[int], actor: User, now: datetime) -> CommonDemand:
    """Those of the group that were ticked are listed in the open common demand that has the others. [5.3]

    Refuses `too_few`, `not_in_it`, `nothing_to_join` where there is none, `already_done` and `wrong_status` when
    somebody decided meanwhile, and what `add_to_common` refuses.
    """
    check_can_tie(actor)
    with transaction.atomic():
        proposal = _locked(proposal_id, case_ids)
        check_source(proposal, moves.JOIN_PROPOSAL)
        guards.check_kind(proposal, ProposalKind.JOIN)
        with moving(CommonProposal, proposal_id, moves.JOIN_PROPOSAL, actor=actor) as row:
            assert row.akin_id is not None
            row.item = add_to_common(item_id=row.akin_id, case_ids=case_ids, actor=actor, now=now)
            row.decided_at, row.decided_by = now, actor
    return row.item


def dismiss_proposal(*, proposal_id: int, reason: str, actor: User, now: datetime) -> CommonProposal:
    """It is no common demand. It comes back only when it has grown by half. [5.3]

    Refuses `no_reason`, `already_done` and `wrong_status` when somebody decided meanwhile.
    """
    check_can_tie(actor)
    guards.check_reason(reason)
    with moving(CommonProposal, proposal_id, moves.DISMISS_PROPOSAL, actor=actor, reason=reason) as row:
        row.reason, row.decided_at, row.decided_by = reason.strip(), now, actor
    return row


def take_up_again(*, proposal_id: int, reason: str, actor: User, now: datetime) -> CommonProposal:
    """It may be one after all: it waits for a decision again, and the next look goes on with it. [5.3]

    Refuses `no_reason`, `already_done` while it waits, `wrong_status` of what was not dismissed.
    """
    check_can_tie(actor)
    guards.check_reason(reason)
    with moving(CommonProposal, proposal_id, moves.TAKE_UP_PROPOSAL, actor=actor, reason=reason) as row:
        row.reason, row.decided_at, row.decided_by = "", None, None
    return row


def _locked(proposal_id: int, case_ids: Collection[int]) -> CommonProposal:
    """Cases first, in order of key, as everybody locks them; then the group, as it is now."""
    if not case_ids:
        raise Refused("too_few", _("请选择要列入的诉求。"), field="cases")
    for case_id in sorted(set(case_ids)):
        lock(Case, case_id)
    proposal = lock(CommonProposal, proposal_id)
    guards.check_are_in(proposal, case_ids)
    return proposal
