"""What is owed in a case, by whom and until when. All of it counts from the day of the consultation. [3.7]"""

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Min
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.enums import (
    CHECK,
    COMMITTED,
    DIVISION,
    ENDS_A_PROMISE,
    EXTENSION,
    FEEDBACK,
    OBJECTION,
    PLAN,
    Verdict,
)
from cases.models import Assignment, Case, Extension, Feedback, Objection
from cases.selectors import decides_on
from core import audit, policy
from core.audit import subject_of
from core.selectors import ours
from core.workdays import due_date, next_working_day, working_days_between
from deadlines.enums import Cause
from deadlines.models import Obligation
from deadlines.selectors import obligation_of, open_obligations
from deadlines.services import (
    meet_obligation,
    open_obligation,
    reopen_obligation,
    revise_obligation,
    void_obligations,
)

KINDS_OWED = (PLAN, DIVISION, FEEDBACK, COMMITTED, OBJECTION, EXTENSION, CHECK)


def page_of(case: Case) -> str:
    """Where staff read the case."""
    return reverse("console:cases_case_change", args=[case.pk])


def feedback_length(case: Case) -> int:
    """15 working days, 20 for several departments together, or what another law says. [3.7]"""
    if case.legal_working_days:
        return case.legal_working_days
    return policy.JOINT_FEEDBACK_WORKING_DAYS if case.is_joint else policy.FEEDBACK_WORKING_DAYS


def start_part(assignment: Assignment, *, actor: audit.Actor, now: datetime) -> None:
    """Every assigned department owes a plan and a feedback; the lead of a joint case the division too. [3.7]"""
    case = assignment.case
    _owe(assignment, PLAN, policy.PLAN_WORKING_DAYS, _("确定办理方案：%s"), actor, now)
    _owe(assignment, FEEDBACK, feedback_length(case), _("反馈办理情况：%s"), actor, now, legal_basis=case.legal_basis)
    if case.is_joint and assignment.is_lead:
        start_division(assignment, actor=actor, now=now)


def start_division(lead: Assignment, *, actor: audit.Actor, now: datetime) -> None:
    _owe(lead, DIVISION, policy.DIVISION_WORKING_DAYS, _("责任分工并交办：%s"), actor, now)


def _owe(
    assignment: Assignment,
    kind: str,
    working_days: int,
    title: str,
    actor: audit.Actor,
    now: datetime,
    legal_basis: str = "",
    due: date | None = None,
) -> None:
    """Owed anew where the same department did it before, in a part that was taken from it and given back."""
    case, before = assignment.case, owed(assignment, kind)
    if before is not None and not before.is_open:
        day = due or due_date(case.start, working_days).due
        _reopen(assignment, kind, day, reason=_("再次交办。"), actor=actor, now=now)
        return
    open_obligation(
        owner=subject_of(case),
        kind=kind,
        department=assignment.department,
        handler=assignment.handler,
        start=case.start,
        working_days=working_days,
        due=due,
        clause="[3.7]",
        legal_basis=legal_basis,
        title=title % _named(case),
        url=page_of(case),
        round=assignment.round,
        actor=actor,
        now=now,
    )


def _named(case: Case) -> str:
    return (
        case.reference
        if case.round == 1
        else _("%(case)s（第 %(round)s 轮）")
        % {
            "case": case.reference,
            "round": case.round,
        }
    )


def _reopen(
    assignment: Assignment,
    kind: str,
    due: date,
    *,
    reason: str,
    actor: audit.Actor,
    now: datetime,
    checked: int = 0,
) -> date:
    """The verb's own message says the day."""
    reopened = reopen_obligation(
        owner=subject_of(assignment.case),
        kind=kind,
        department=assignment.department,
        round=assignment.round,
        due=due,
        reason=reason,
        checked=checked,
        told=True,
        actor=actor,
        now=now,
    )
    if reopened.handler_id != assignment.handler_id:
        reopened.handler = assignment.handler
        reopened.save(update_fields=["handler"])
    return reopened.last_day


def owed(assignment: Assignment, kind: str) -> Obligation | None:
    """The open or met one."""
    return obligation_of(subject_of(assignment.case), kind, assignment.department, assignment.round)


def meet(assignment: Assignment, kind: str, *, actor: audit.Actor, now: datetime) -> None:
    meet_obligation(
        owner=subject_of(assignment.case),
        kind=kind,
        department=assignment.department,
        round=assignment.round,
        actor=actor,
        now=now,
    )


def answered(assignment: Assignment, result: str, *, actor: audit.Actor, now: datetime) -> None:
    """The feedback is there; what solves or explains ends a promise too, and so does what follows the accepted one."""
    found = owed(assignment, FEEDBACK)
    if result in ENDS_A_PROMISE or (found is not None and not found.is_open):
        meet(assignment, COMMITTED, actor=actor, now=now)
    meet(assignment, FEEDBACK, actor=actor, now=now)


def feedback_due(assignment: Assignment) -> date:
    found = owed(assignment, FEEDBACK)
    assert found is not None
    return found.last_day


def earliest_feedback(cases: Iterable[Case]) -> date | None:
    """The first of the days on which a feedback is due in these cases; each keeps its own. One query."""
    owners = [subject_of(case) for case in cases]
    open_ones = Obligation.objects.open().filter(owner__in=owners, kind=FEEDBACK)
    return open_ones.aggregate(first=Min("last_day"))["first"]


def name_handler(assignment: Assignment) -> None:
    """From now on the ladder's first step reaches the handler."""
    for obligation in open_obligations(subject_of(assignment.case)).filter(department=assignment.department):
        obligation.handler = assignment.handler
        obligation.save(update_fields=["handler"])


def promise(assignment: Assignment, *, actor: audit.Actor, now: datetime) -> None:
    """A day beyond the feedback's is owed by itself; moved, it keeps its first day and how late it was. [3.7]"""
    assert assignment.planned_on is not None
    due, before = next_working_day(assignment.planned_on, including=True), owed(assignment, COMMITTED)
    beyond = assignment.planned_on > feedback_due(assignment)
    if before is None or not before.is_open:
        if beyond:
            _owe(assignment, COMMITTED, 0, _("按承诺完成：%s"), actor, now, due=due)
    elif not beyond and now <= before.due_at:
        void_obligations(owner=before.owner, kinds=[COMMITTED], department=assignment.department, actor=actor, now=now)
    elif due != before.last_day:
        reason = assignment.why_later or _("调整办理方案。")
        revise_obligation(
            obligation_id=before.pk,
            cause=Cause.EXTENDED,
            due=due,
            reason=reason,
            late_at=now,
            told=True,
            actor=actor,
            now=now,
        )


def promised(case: Case) -> list[date]:
    """The days that were promised and are still open."""
    return [row.last_day for row in open_obligations(subject_of(case)).filter(kind=COMMITTED)]


def let_go(assignment: Assignment, *, actor: audit.Actor, now: datetime) -> None:
    void_obligations(owner=subject_of(assignment.case), department=assignment.department, actor=actor, now=now)


def stop(case: Case, *, actor: audit.Actor, now: datetime) -> None:
    void_obligations(owner=subject_of(case), actor=actor, now=now)


def count_anew(case: Case, cause: Cause, *, reason: str, actor: audit.Actor, now: datetime) -> None:
    """Another length for every open feedback: a joint case, another law. The start stays. [3.7]

    A day that was granted, or left after a return, and lies later than a joint case's is not taken away by it.
    """
    counted = due_date(case.start, feedback_length(case)).due
    for row in open_obligations(subject_of(case)).filter(kind=FEEDBACK, round=case.round).order_by("pk"):
        if cause == Cause.JOINT and row.due_is_set and row.due >= counted:
            continue
        row.legal_basis = case.legal_basis
        row.save(update_fields=["legal_basis"])
        revise_obligation(
            obligation_id=row.pk,
            cause=cause,
            working_days=feedback_length(case),
            reason=reason,
            actor=actor,
            now=now,
        )


def extend(extension: Extension, day: date, *, actor: audit.Actor, now: datetime) -> None:
    """Asked for too late it counts as late, whatever is granted. [3.7]"""
    found = owed(extension.assignment, FEEDBACK)
    assert found is not None
    revise_obligation(
        obligation_id=found.pk,
        cause=Cause.EXTENDED,
        due=day,
        reason=extension.reason,
        late_at=extension.asked_at if extension.was_late else None,
        told=True,
        actor=actor,
        now=now,
    )


def return_to(assignment: Assignment, feedback: Feedback, *, reason: str, actor: audit.Actor, now: datetime) -> date:
    """Done again within the original limit, to which the days that it lay with the bureau are added; never less than
    two working days are left (ours). Returns the last day. [3.7]

    Where a feedback was accepted before, what was promised is what is done again.
    """
    today = timezone.localdate(now)
    lay = working_days_between(timezone.localdate(feedback.sent_at), today)
    least = due_date(today, ours(policy.RETURN_LEAVES_WORKING_DAYS)).due
    accepted = assignment.feedbacks.filter(status=Verdict.ACCEPTED).exists()
    days = []
    for kind in [COMMITTED] if accepted else [FEEDBACK, COMMITTED]:
        met = owed(assignment, kind)
        if met is None or met.is_open:
            continue
        original = due_date(met.last_day, lay).due if lay else met.last_day
        due = max(original, least)
        days.append(_reopen(assignment, kind, due, reason=reason, actor=actor, now=now, checked=lay))
    return days[0]


def start_ruling(row: Objection | Extension | Feedback, *, actor: audit.Actor, now: datetime) -> None:
    """The bureau's own wait: an objection the same day, an extension within one, a check within two (ours). [3.7]

    Of what the bureau handles itself the inspection office owes it.
    """
    kind, working_days, title = _ruling_of(row)
    today = timezone.localdate(now)
    assignment = row.assignment
    open_obligation(
        owner=subject_of(row),
        belongs_to=subject_of(assignment.case),
        url=page_of(assignment.case),
        kind=kind,
        start=today,
        working_days=working_days,
        no_later_than=next_working_day(today, including=True) if kind == OBJECTION else None,
        department=decides_on(assignment.department),
        clause="[3.7]",
        title=title % assignment.case.reference,
        round=assignment.round,
        actor=actor,
        now=now,
    )


def _ruling_of(row: Objection | Extension | Feedback) -> tuple[str, int, str]:
    if isinstance(row, Objection):
        return OBJECTION, 1, _("裁定交办异议：%s")
    if isinstance(row, Extension):
        return EXTENSION, ours(policy.EXTENSION_RULING_WORKING_DAYS), _("审批延期申请：%s")
    return CHECK, ours(policy.CHECK_WORKING_DAYS), _("审核办理反馈：%s")


def end_ruling(row: Objection | Extension | Feedback, *, actor: audit.Actor, now: datetime) -> None:
    kind, _days, _title = _ruling_of(row)
    meet_obligation(
        owner=subject_of(row),
        kind=kind,
        department=decides_on(row.assignment.department),
        round=row.assignment.round,
        actor=actor,
        now=now,
    )
