"""What is owed in a case, by whom and until when. All of it counts from the day of the consultation. [3.7]"""

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Min
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

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

PLAN, DIVISION, FEEDBACK, COMMITTED = "plan", "division", "feedback", "committed"
OBJECTION, EXTENSION, CHECK = "objection", "extension", "check"
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
) -> Obligation:
    case = assignment.case
    return open_obligation(
        owner=subject_of(case),
        kind=kind,
        department=assignment.department,
        handler=assignment.handler,
        start=case.start,
        working_days=working_days,
        clause="[3.7]",
        legal_basis=legal_basis,
        title=title % case.reference,
        url=page_of(case),
        round=assignment.round,
        actor=actor,
        now=now,
    )


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
    """A day beyond the feedback's is an obligation of its own. [3.7]"""
    case, day = assignment.case, assignment.planned_on
    void_obligations(owner=subject_of(case), kinds=[COMMITTED], department=assignment.department, actor=actor, now=now)
    if day is None or day <= feedback_due(assignment):
        return
    committed = _owe(assignment, COMMITTED, 1, _("按承诺完成：%s"), actor, now)
    revise_obligation(
        obligation_id=committed.pk,
        cause=Cause.EXTENDED,
        due=next_working_day(day, including=True),
        reason=assignment.why_later,
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
    """Another length for every open feedback: a joint case, another law. The start stays. [3.7]"""
    for row in open_obligations(subject_of(case)).filter(kind=FEEDBACK, round=case.round).order_by("pk"):
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
    found = owed(extension.assignment, FEEDBACK)
    assert found is not None
    revise_obligation(
        obligation_id=found.pk, cause=Cause.EXTENDED, due=day, reason=extension.reason, actor=actor, now=now
    )


def return_to(assignment: Assignment, feedback: Feedback, *, reason: str, actor: audit.Actor, now: datetime) -> date:
    """Done again within the original limit, to which the days that it lay with the bureau are added; never less than
    two working days are left (ours). Returns the last day. [3.7]
    """
    today = timezone.localdate(now)
    lay = working_days_between(timezone.localdate(feedback.sent_at), today)
    due = feedback_due(assignment)
    least = due_date(today, ours(policy.RETURN_LEAVES_WORKING_DAYS)).due
    original = due_date(due, lay).due if lay else due
    reopened = reopen_obligation(
        owner=subject_of(assignment.case),
        kind=FEEDBACK,
        department=assignment.department,
        round=assignment.round,
        due=max(original, least),
        reason=reason,
        actor=actor,
        now=now,
    )
    return reopened.last_day


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
        owner=subject_of(row), kind=kind, department=decides_on(row.assignment.department), actor=actor, now=now
    )


def last_day_to_object(assignment: Assignment) -> date:
    day = timezone.localdate(assignment.assigned_at)
    return due_date(day, ours(policy.OBJECTION_WORKING_DAYS)).due
