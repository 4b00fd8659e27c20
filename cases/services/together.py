"""关联、并案: cases that a person finds to belong together, and undoes again. [3.7]

What merging means (ours). Merged cases are *answered* together and nothing else. Nothing of a case's clock is
touched: every obligation of every member stays open with its own start, due date, lights and ladder, is met by that
member's own submission, and is late on its own; so no limit disappears, none is lent from one case to another, and
undoing a merger has nothing to give back. Departments are shown the earliest of the dates, because the common answer
must be given by then. A department answers all members in one press, the bureau checks and closes them in one press
each; every case keeps a feedback, a check, an answer and a closing of its own, and is rated by its own enterprise,
which never learns that another one asked the same (`handling_together`). A case that is handled again after a follow-
up leaves its merger: what is to be done now is its own. A link (关联) says that two cases are to be seen together, and
changes nothing at all.
"""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from cases import guards, moves, notices, permissions
from cases.enums import CaseStatus, TieStatus
from cases.models import Case, CaseLink, MergedCase, Merger
from cases.selectors_together import main_of, merger_of, parts_of_all, standing_of
from cases.services import clocks
from core import audit
from core.constraints import violated
from core.errors import AlreadyDone, Refused
from core.models import User
from core.transitions import lock, moving, start


def lock_cases(case_ids: Collection[int]) -> list[Case]:
    """In order of key, whoever asks: two people who want the same ones wait for each other instead of both failing."""
    return [lock(Case, key) for key in sorted(set(case_ids))]


def link_cases(*, case_id: int, other_ids: Iterable[int], reason: str, actor: User, now: datetime) -> list[CaseLink]:
    """Say that these cases belong together with this one, and why; closed ones too. Those linked before stay. [3.7]

    Refuses `no_reason`, `itself`, `too_few`, `already_done` when all are linked, `gone`.
    """
    permissions.check_can_tie(actor)
    guards.check_text(reason, "no_reason", _("请说明关联的理由。"), "reason")
    wanted = set(other_ids)
    if case_id in wanted:
        raise Refused("itself", _("不能与本件自身关联。"), field="cases")
    if not wanted:
        raise Refused("too_few", _("请选择要关联的诉求。"), field="cases")
    with transaction.atomic():
        cases = {case.pk: case for case in lock_cases([case_id, *wanted])}
        ends = Q(earlier=case_id, later__in=wanted) | Q(later=case_id, earlier__in=wanted)
        linked = set(CaseLink.objects.filter(ends, status=TieStatus.STANDING).values_list("earlier_id", "later_id"))
        pairs = sorted({(min(case_id, key), max(case_id, key)) for key in wanted} - linked)
        if not pairs:
            raise AlreadyDone("already_done", _("这些诉求已关联。"))
        return [_link(cases[earlier], cases[later], reason.strip(), actor, now) for earlier, later in pairs]


def _link(earlier: Case, later: Case, reason: str, actor: User, now: datetime) -> CaseLink:
    link = CaseLink(earlier=earlier, later=later, reason=reason, made_at=now, made_by=actor)
    start(link, TieStatus.STANDING, actor=actor, action="link_cases", clause="[3.7]", reason=reason)
    _record_on([earlier], "link_cases", reason, actor, after=later.reference)
    _record_on([later], "link_cases", reason, actor, after=earlier.reference)
    return link


def undo_link(*, link_id: int, reason: str, actor: User, now: datetime) -> CaseLink:
    """They do not belong together after all. [3.7] Refuses `no_reason`, `already_done`, `gone`."""
    permissions.check_can_tie(actor)
    guards.check_text(reason, "no_reason", _("请说明撤销的理由。"), "reason")
    with transaction.atomic():
        ends = CaseLink.objects.filter(pk=link_id).values_list("earlier_id", "later_id").first()
        both = lock_cases(ends or ())
        with moving(CaseLink, link_id, moves.UNDO_LINK, actor=actor, reason=reason) as link:
            link.undone_at, link.undone_by, link.undone_reason = now, actor, reason.strip()
        _record_on(both, "undo_link", reason, actor)
    return link


def merge_cases(*, main_id: int, case_ids: Iterable[int], reason: str, actor: User, now: datetime) -> Merger:
    """Answer these cases together with the main one; see this file's head for what that means. [3.7]

    More cases can join a merger by its main case. Refuses `no_reason`, `too_few`, `closed`, `merged_already` for one
    that stands in a merger, `no_common_department` for one that shares no department with the main case.
    """
    permissions.check_can_tie(actor)
    guards.check_text(reason, "no_reason", _("请说明并案的理由。"), "reason")
    joining = set(case_ids) - {main_id}
    if not joining:
        raise Refused("too_few", _("请选择要并入的诉求。"), field="cases")
    try:
        with transaction.atomic():
            cases = {case.pk: case for case in lock_cases([main_id, *joining])}
            main = cases.pop(main_id)
            _check_mergeable(main, list(cases.values()))
            return _merge(main, list(cases.values()), reason.strip(), actor, now)
    except IntegrityError as error:
        raise refusal_of(error) from error


def _check_mergeable(main: Case, others: list[Case]) -> None:
    for case in (main, *others):
        guards.check_handling(case)
    units = parts_of_all([main, *others])
    own = {part.department_id for part in units[main.pk]}
    for case in others:
        if not own & {part.department_id for part in units[case.pk]}:
            raise Refused(
                "no_common_department",
                _("%s 与主件没有共同的责任单位，无法一并答复；可改为关联。") % case.reference,
                field="cases",
            )


def _merge(main: Case, joining: list[Case], reason: str, actor: User, now: datetime) -> Merger:
    merger = merger_of(main)
    if merger is not None and main_of(merger).pk != main.pk:
        raise _merged_already(main)
    if merger is None:
        merger = Merger(reason=reason, made_at=now, made_by=actor)
        start(merger, TieStatus.STANDING, actor=actor, action="merge_cases", clause="[3.7]", reason=reason)
        MergedCase.objects.create(merger=merger, case=main, is_main=True)
    taken = MergedCase.objects.filter(case__in=joining, is_standing=True).select_related("case__booking").first()
    if taken is not None:
        raise _merged_already(taken.case)
    MergedCase.objects.bulk_create(MergedCase(merger=merger, case=case) for case in joining)
    _record_on([main, *joining], "join_merger", reason, actor, after=main.reference)
    members = [main, *(row.case for row in standing_of(merger) if not row.is_main)]
    notices.merged(merger, members, clocks.earliest_feedback(members))
    return merger


def _merged_already(case: Case) -> Refused:
    return Refused(
        "merged_already", _("%s 已并案，请先撤销原并案。") % case.reference, field="cases", reference=case.reference
    )


def refusal_of(error: IntegrityError) -> Refused:
    """The sentence for a violated rule; an error that is none of ours goes on."""
    match violated(error):
        case "a_case_is_merged_once":
            return Refused("merged_already", _("其中有诉求已并案，请先撤销原并案。"), field="cases")
        case "a_case_shows_one_common_demand":
            return Refused("in_another", _("其中有诉求已列入另一项共性诉求。"), field="cases")
    raise error


def undo_merger(*, merger_id: int, reason: str, actor: User, now: datetime) -> Merger:
    """Each case goes its own way again; its limits were its own all the time. What was answered stays answered. [3.7]

    Refuses `no_reason`, `already_done`, `gone`.
    """
    permissions.check_can_tie(actor)
    guards.check_text(reason, "no_reason", _("请说明撤销的理由。"), "reason")
    with transaction.atomic():
        standing = MergedCase.objects.filter(merger=merger_id, is_standing=True)
        members = lock_cases(standing.values_list("case_id", flat=True))
        return _undo_merger(merger_id, members, reason.strip(), actor, now)


def _undo_merger(merger_id: int, members: list[Case], reason: str, actor: User, now: datetime) -> Merger:
    with moving(Merger, merger_id, moves.UNDO_MERGER, actor=actor, reason=reason) as merger:
        merger.undone_at, merger.undone_by, merger.undone_reason = now, actor, reason
        MergedCase.objects.filter(merger=merger).update(is_standing=False)
    _record_on(members, "leave_merger", reason, actor)
    notices.unmerged(merger, [case for case in members if case.status == CaseStatus.HANDLING])
    return merger


def leave_merger(case: Case, *, actor: User, now: datetime) -> None:
    """A locked case is handled again, by itself; where its leaving leaves no merger, that is undone. [3.9]

    The other members need no lock: whatever binds, answers or undoes this merger locks this case too.
    """
    merger, reason = merger_of(case), _("其中一件经回访重新办理。")
    if merger is None:
        return
    members = standing_of(merger)
    if len(members) > 2 and not any(row.is_main and row.case_id == case.pk for row in members):
        MergedCase.objects.filter(merger=merger, case=case).update(is_standing=False)
        _record_on([case], "leave_merger", reason, actor)
    else:
        _undo_merger(merger.pk, [row.case for row in members], reason, actor, now)


def _record_on(cases: Iterable[Case], action: str, reason: str, actor: User, after: str = "") -> None:
    """In the history of each case, where people look for it."""
    for case in cases:
        audit.record(action, case, actor=actor, after=after, reason=reason, clause="[3.7]")
