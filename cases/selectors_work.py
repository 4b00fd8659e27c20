"""Named reads of the working pages: what a department owes, what came back to it, whom to urge. [3.7]"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.enums import AT_WORK, NEXT_STEPS, AssignmentStatus, CaseStatus, Ruling, Verdict
from cases.models import Assignment, Case, Extension, Feedback, Objection
from core.audit import subject_of
from core.models import User
from deadlines.models import Escalation, Obligation, ObligationQuerySet
from deadlines.selectors import with_lights
from departments.enums import DepartmentKind
from departments.models import Department

Text = str | Promise
CASE_KEY = "cases.case"
# A page holds so many rows; what lies behind is one press away in the list.
SHOWN_AT_MOST = 100


@dataclass(frozen=True)
class Row:
    """A case with what is owed in it first, and what comes after. `to_acknowledge`: a reminder sent to me."""

    case: Case
    obligation: Obligation | None
    step: Text
    later: tuple[Obligation, ...] = ()
    to_acknowledge: Escalation | None = None


@dataclass(frozen=True)
class CameBack:
    """What a department sent and did not get through with, and why."""

    case: Case
    what: Text
    note: str
    at: datetime
    by: User
    step: Text


@dataclass(frozen=True)
class Inbox:
    due: list[Row]
    mine: list[Row]
    came_back: list[CameBack]


@dataclass(frozen=True)
class ToUrge:
    """A department that still owes something in a case, and who there is told."""

    part: Assignment
    people: list[User] = field(default_factory=list)


def owed_in_cases() -> ObligationQuerySet:
    return Obligation.objects.open().filter(kind__in=NEXT_STEPS)


def owed_by(department: Department) -> ObligationQuerySet:
    """What this department owes in cases; the bureau also what has no debtor, for that is its own."""
    own = Q(department=department)
    if department.kind == DepartmentKind.BUREAU:
        own |= Q(department__isnull=True)
    return owed_in_cases().filter(own)


def cases_by_key(obligations: Iterable[Obligation]) -> dict[str, Case]:
    """The cases these are owed in, by the key that obligations hold. One query."""
    prefix = f"{CASE_KEY}:"
    keys = {row.belongs_to.removeprefix(prefix) for row in obligations if row.belongs_to.startswith(prefix)}
    return {subject_of(case): case for case in Case.objects.filter(pk__in=keys).select_related("booking")}


def inbox_of(user: User, department: Department, today: date) -> Inbox:
    """What is due first, what I handle, what came back. A fixed number of queries, however much there is."""
    owed = with_lights(owed_by(department), today).select_related("department", "handler")
    listed = list(owed.order_by("last_day", "pk")[:SHOWN_AT_MOST])
    parts = list(_handled_by(user).filter(department=department)[:SHOWN_AT_MOST])
    mine = list(owed.filter(belongs_to__in=[subject_of(part.case) for part in parts]).order_by("last_day", "pk"))
    reminders = _to_acknowledge(user, listed)
    return Inbox(
        due=_rows(listed, cases_by_key(listed), reminders),
        mine=[_handled(part, mine) for part in parts],
        came_back=came_back_to(department),
    )


def _handled_by(user: User) -> QuerySet[Assignment]:
    at_work = [AssignmentStatus.HANDLING, AssignmentStatus.CHECKING]
    parts = Assignment.objects.filter(handler=user, status__in=at_work, case__status=CaseStatus.HANDLING)
    return parts.select_related("case__booking").order_by("assigned_at", "pk")


def _handled(part: Assignment, owed: Sequence[Obligation]) -> Row:
    """What is next in a part that I handle; nothing while the bureau checks it."""
    own = [row for row in owed if row.belongs_to == subject_of(part.case) and row.department_id == part.department_id]
    if not own:
        return Row(part.case, None, part.get_status_display())
    return Row(part.case, own[0], NEXT_STEPS[own[0].kind], tuple(own[1:]))


def _rows(obligations: Sequence[Obligation], cases: dict[str, Case], reminders: dict[int, Escalation]) -> list[Row]:
    """One row for each case, in the order of its first obligation."""
    grouped: dict[str, list[Obligation]] = defaultdict(list)
    for row in obligations:
        if row.belongs_to in cases:
            grouped[row.belongs_to].append(row)
    return [
        Row(
            cases[key],
            owed[0],
            NEXT_STEPS[owed[0].kind],
            tuple(owed[1:]),
            next((reminders[row.pk] for row in owed if row.pk in reminders), None),
        )
        for key, owed in grouped.items()
    ]


def _to_acknowledge(user: User, obligations: Sequence[Obligation]) -> dict[int, Escalation]:
    """The newest reminder of each that this person was sent and nobody took up."""
    waiting = Escalation.objects.filter(obligation__in=obligations, acknowledged_at__isnull=True).order_by("at", "pk")
    return {row.obligation_id: row for row in waiting if user.pk in row.recipients}


def came_back_to(department: Department) -> list[CameBack]:
    """Returned feedback, refused extensions, dismissed objections that the department has not gone on from."""
    own = {"assignment__department": department, "assignment__case__status": CaseStatus.HANDLING}
    newer = Extension.objects.filter(assignment=OuterRef("assignment"), asked_at__gt=OuterRef("asked_at"))
    returned = Feedback.objects.filter(status=Verdict.RETURNED, assignment__status=AssignmentStatus.HANDLING, **own)
    refused = Extension.objects.filter(status=Ruling.REFUSED, assignment__status__in=AT_WORK, **own)
    dismissed = Objection.objects.filter(status=Ruling.REFUSED, assignment__status=AssignmentStatus.PLANNING, **own)
    found = [
        *_back(returned, _("反馈退回"), "checked"),
        *_back(refused.exclude(Exists(newer)), _("延期未获同意"), "ruled"),
        *_back(dismissed, _("异议不成立"), "ruled"),
    ]
    newest: dict[int, CameBack] = {}
    for part, row in sorted(found, key=lambda pair: pair[1].at):
        newest[part] = row
    return sorted(newest.values(), key=lambda row: row.at, reverse=True)


def _back(
    rows: QuerySet[Feedback] | QuerySet[Extension] | QuerySet[Objection], what: Text, decided: str
) -> list[tuple[int, CameBack]]:
    """`decided`: how its columns call the decision."""
    found = rows.select_related("assignment__case__booking", f"{decided}_by").order_by("-pk")[:SHOWN_AT_MOST]
    return [
        (
            row.assignment_id,
            CameBack(
                case=row.assignment.case,
                what=what,
                note=row.note,
                at=getattr(row, f"{decided}_at"),
                by=getattr(row, f"{decided}_by"),
                step=NEXT_STEPS["plan" if row.assignment.status == AssignmentStatus.PLANNING else "feedback"],
            ),
        )
        for row in found
    ]


def to_close(office: Department) -> QuerySet[Case]:
    """Every department's feedback is accepted: the answer to the enterprise and the close-out wait for this office,
    which is the bureau, or of what the bureau leads the inspection office. [3.7]
    """
    current = Assignment.objects.taking_part().filter(case=OuterRef("pk"), round=OuterRef("round"))
    waiting = Case.objects.filter(Exists(current), status=CaseStatus.HANDLING)
    open_part = Exists(current.exclude(status=AssignmentStatus.DONE))
    bureau_leads = Exists(current.filter(is_lead=True, department__kind=DepartmentKind.BUREAU))
    theirs = bureau_leads if office.kind == DepartmentKind.INSPECTION else ~bureau_leads
    return waiting.exclude(open_part).filter(theirs).select_related("booking").order_by("start", "pk")


def to_urge(case_ids: Iterable[int]) -> list[ToUrge]:
    """Who still owes something in these cases, and the people there who would be told. Two queries."""
    parts = list(
        Assignment.objects.filter(
            case__in=list(case_ids), round=F("case__round"), case__status=CaseStatus.HANDLING, status__in=AT_WORK
        )
        .select_related("case__booking", "department")
        .order_by("case", "-is_lead", "department__position", "pk")
    )
    people: dict[int, list[User]] = defaultdict(list)
    members = User.objects.filter(is_active=True, membership__department__in={part.department_id for part in parts})
    for user in members.annotate(unit=F("membership__department")).order_by("pk"):
        people[user.unit].append(user)
    return [ToUrge(part, people[part.department_id]) for part in parts]
