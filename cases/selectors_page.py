"""What the page of one case shows: each department's part, every due date with its reason, and what waits. [3.7]"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F, Prefetch, QuerySet

from cases.enums import AT_WORK, TAKES_PART, AssignmentStatus, Ruling, Verdict
from cases.models import Assignment, Case, Closing, Extension, Feedback, Objection
from cases.selectors import last_day_to_object
from core.audit import subject_of
from core.workdays import close_of_business
from deadlines.models import Escalation, Obligation, Revision
from deadlines.selectors import Why, obligation_of, obligations_within, why, with_lights
from departments.models import Department


@dataclass(frozen=True)
class Due:
    """Something owed, why it is this day, and who was reminded of it and took it up."""

    obligation: Obligation
    why: Why
    reminders: list[Escalation]

    @property
    def moved(self) -> bool:
        return self.obligation.original_day != self.obligation.last_day


@dataclass(frozen=True)
class Round:
    """An earlier round: who had a part in it, and what it ended with. [3.9]"""

    number: int
    parts: list[Assignment]
    closing: Closing


def earlier_rounds(case: Case, parts: list[Assignment]) -> list[Round]:
    """The newest first; `parts` of all rounds. One query, and none for a case in its first round."""
    if case.round == 1:
        return []
    closings = case.closings.filter(round__lt=case.round).select_related("closed_by").order_by("-round")
    return [Round(row.round, [part for part in parts if part.round == row.round], row) for row in closings]


def with_all(parts: QuerySet[Assignment]) -> QuerySet[Assignment]:
    """Each part with what its department answered and asked for, and what became of it."""
    feedbacks = Feedback.objects.select_related("sent_by", "checked_by").order_by("sent_at", "pk")
    extensions = Extension.objects.select_related("asked_by", "ruled_by").order_by("asked_at", "pk")
    people = ("handler", "assigned_by", "objection__asked_by", "objection__ruled_by")
    return parts.select_related("case__booking", "department", *people).prefetch_related(
        Prefetch("feedbacks", feedbacks), Prefetch("extensions", extensions)
    )


def all_parts(case: Case) -> list[Assignment]:
    """Of every round, the newest first, the lead before the others; also those who were relieved of theirs."""
    return list(with_all(case.assignments.all()).order_by("-round", "-is_lead", "department__position", "pk"))


def objection_of(part: Assignment) -> Objection | None:
    return getattr(part, "objection", None)


def pending_objection(part: Assignment) -> Objection | None:
    objection = objection_of(part)
    return objection if objection and objection.status == Ruling.PENDING else None


def pending_extension(part: Assignment) -> Extension | None:
    return next((row for row in part.extensions.all() if row.status == Ruling.PENDING), None)


def feedback_to_check(part: Assignment) -> Feedback | None:
    return next((row for row in part.feedbacks.all() if row.status == Verdict.PENDING), None)


def last_day_of_feedback(part: Assignment) -> date | None:
    owed = obligation_of(subject_of(part.case), "feedback", part.department, part.round)
    return owed.last_day if owed else None


def may_still_object(part: Assignment, now: datetime) -> bool:
    """Until the close of business of the last day for it. [3.7]"""
    return now <= close_of_business(last_day_to_object(part))


def accepted_answers(case: Case) -> list[tuple[Department, str, str]]:
    """What each department of the current round was found to have done: unit, result, words; the lead first."""
    accepted = Feedback.objects.filter(
        assignment__case=case, assignment__round=case.round, assignment__status__in=TAKES_PART, status=Verdict.ACCEPTED
    )
    rows = accepted.select_related("assignment__department")
    rows = rows.order_by("-assignment__is_lead", "assignment__department__position", "assignment_id")
    return [(row.assignment.department, row.get_result_display(), row.text) for row in rows]


def dues_of(case: Case, today: date) -> list[Due]:
    """All that is or was owed in a case, what is open first and by its day."""
    rows = list(with_lights(obligations_within(subject_of(case)), today).order_by("last_day", "pk"))
    revisions = Revision.objects.filter(obligation__in=[row.pk for row in rows])
    current = {row.obligation_id: row for row in revisions.filter(number=F("obligation__revision"))}
    reminders: dict[int, list[Escalation]] = defaultdict(list)
    told = Escalation.objects.filter(obligation__in=[row.pk for row in rows]).select_related("acknowledged_by")
    for reminder in told.order_by("at", "pk"):
        reminders[reminder.obligation_id].append(reminder)
    dues = [Due(row, why(current[row.pk]), reminders[row.pk]) for row in rows]
    return sorted(dues, key=lambda due: not due.obligation.is_open)


@dataclass(frozen=True)
class Step:
    """One of the steps from the hand-over to the close-out: how many of the departments have taken it."""

    name: str
    done: int
    of: int

    @property
    def is_done(self) -> bool:
        return self.of > 0 and self.done >= self.of


def planned(parts: list[Assignment]) -> int:
    return sum(part.planned_at is not None for part in parts)


def answered(parts: list[Assignment]) -> int:
    return sum(part.status not in AT_WORK for part in parts)


def accepted(parts: list[Assignment]) -> int:
    return sum(part.status == AssignmentStatus.DONE for part in parts)


def units_of_subjects(case: Case, parts: list[Assignment]) -> dict[str, Department | None]:
    """The keys under which the audit trail knows the case and what hangs on it, each with whose it is.

    A feedback's own entries say once more what its part's say.
    """
    units: dict[str, Department | None] = {subject_of(case): None}
    for part in parts:
        objection = objection_of(part)
        rows = [part, *part.extensions.all(), *([objection] if objection else [])]
        units |= {subject_of(row): part.department for row in rows}
    return units
