"""A case as its enterprise sees it: where it stands, which departments handle it, each day and why. [3.7]"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appointments.models import Booking
from cases.enums import AT_WORK, AssignmentStatus, CaseStatus, Outcome
from cases.models import Assignment, Case, Reopening
from cases.selectors import consulted_on, parts_of, reopening_of
from core.audit import subject_of
from core.templatetags.cn import cn_date
from deadlines.enums import Cause, Light
from deadlines.models import STANDING, Obligation, Revision
from deadlines.selectors import Why, days_left, light_of, why, with_lights, words_of

FEEDBACK, PROMISED = "feedback", "committed"
# What is owed to the enterprise, in plain words and in the order of the work; the bureau's own waits are not.
OWED_TO_IT = {
    "plan": gettext_lazy("确定办理方案"),
    "division": gettext_lazy("明确各部门分工"),
    FEEDBACK: gettext_lazy("反馈办理情况"),
    PROMISED: gettext_lazy("按承诺完成"),
}
# How a department stands, without what passes between it and the bureau.
STANDS = {
    AssignmentStatus.PLANNING: gettext_lazy("正在确定办理方案"),
    AssignmentStatus.HANDLING: gettext_lazy("正在办理"),
    AssignmentStatus.CHECKING: gettext_lazy("已反馈，正在审核"),
    AssignmentStatus.DONE: gettext_lazy("已反馈，审核通过"),
}
# Why a day is another than before. What a department is told with a return is between it and the bureau.
MOVED_BECAUSE = {
    Cause.EXTENDED: gettext_lazy("经批准延期"),
    Cause.CALENDAR: gettext_lazy("国家放假安排调整"),
    Cause.OVERRIDE: gettext_lazy("法律法规另有规定"),
    Cause.JOINT: gettext_lazy("增加协办部门，按多部门联办计算"),
    Cause.RETURNED: gettext_lazy("需进一步办理"),
}
SAYS_ITS_REASON = (Cause.EXTENDED, Cause.OVERRIDE)
# A promise is moved by who made it; nobody approves that.
PROMISED_ANEW = gettext_lazy("承办部门调整办理方案")


@dataclass(frozen=True)
class Stage:
    """One stage of the whole way: behind, now or ahead."""

    label: Any
    state: str
    on: date | None = None


@dataclass(frozen=True)
class Shift:
    """That a day moved: from, to, when that was decided, and why."""

    before: date
    after: date
    on: date | None
    because: Any
    reason: str = ""


@dataclass
class Debt:
    """How far the departments are that stand alike before one day."""

    light: Light
    words: str
    units: list[str] = field(default_factory=list)


@dataclass
class Term:
    """A day by which something is owed to the enterprise, by one department or by several for the same reasons."""

    kind: str
    label: Any
    day: date
    left: int
    provisional: bool
    why: Why
    shifts: list[Shift]
    debts: list[Debt] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        return any(debt.light != Light.MET for debt in self.debts)

    @property
    def is_late(self) -> bool:
        return any(debt.light == Light.LATE for debt in self.debts)

    @property
    def late_by(self) -> int:
        """Working days past the day."""
        return max(0, -self.left)

    def add(self, unit: str, light: Light, words: str) -> None:
        alike = next((debt for debt in self.debts if debt.words == words), None)
        if alike is None:
            alike = Debt(light, words)
            self.debts.append(alike)
        alike.units.append(unit)


@dataclass(frozen=True)
class Part:
    """A department in the present round, and how it stands."""

    name: str
    is_lead: bool
    stands: Any


@dataclass(frozen=True)
class Progress:
    """All that the enterprise's page says about a case, apart from what the enterprise added."""

    stages: list[Stage]
    parts: list[Part]
    terms: list[Term]
    at_work: list[str]
    consulted_on: date
    # Why it is handled again; None in the first round. [3.9]
    reopening: Reopening | None

    @property
    def next_term(self) -> Term | None:
        """The feedback that comes last of those still owed: then the enterprise knows."""
        open_ones = [term for term in self.terms if term.kind == FEEDBACK and term.is_open]
        return max(open_ones, key=lambda term: term.day, default=None)


def case_of(booking: Booking) -> Case | None:
    """The case that came of a booking's consultation, if it has been held."""
    found = Case.objects.filter(booking=booking).first()
    if found is not None:
        found.booking = booking
    return found


def progress_of(case: Case, now: datetime) -> Progress:
    """In a fixed number of reads, however many departments and days there are."""
    parts, consulted = parts_of(case), consulted_on(case)
    return Progress(
        stages=stages_of(case, parts, consulted),
        parts=[Part(part.department.name, part.is_lead, STANDS[AssignmentStatus(part.status)]) for part in parts],
        terms=terms_of(case, parts, timezone.localdate(now)),
        at_work=[part.department.name for part in parts if part.status in AT_WORK],
        consulted_on=consulted,
        reopening=reopening_of(case),
    )


def stages_of(case: Case, parts: Iterable[Assignment], consulted: date) -> list[Stage]:
    """挂号 → 受理 → 坐诊 → 交办 → 办理 → 答复 → 销号; what was closed on the spot was handed to nobody. A later round
    begins with its own hand-over. [3.9]
    """
    booking, closed = case.booking, _day(case.closed_at)
    way = [
        (_("挂号"), _day(booking.confirmed_at)),
        (_("受理"), _day(booking.decided_at)),
        (_("坐诊"), consulted),
    ]
    if case.round > 1:
        way += [(_("重新交办"), case.start), (_("办理"), None)]
    elif case.outcome == Outcome.HANDED_OVER:
        way += [(_("交办"), _day(case.opened_at)), (_("办理"), None)]
    way += [(_("答复"), closed), (_("销号"), closed)]
    reached = len(way)
    if case.status != CaseStatus.CLOSED:
        works = any(part.status in AT_WORK for part in parts)
        reached = len(way) - (3 if works else 2)
    return [
        Stage(label, "done" if place < reached else "now" if place == reached else "todo", on)
        for place, (label, on) in enumerate(way)
    ]


def terms_of(case: Case, parts: Iterable[Assignment], today: date) -> list[Term]:
    """Each day that concerns the enterprise, the same day of several departments as one."""
    owed = Obligation.objects.filter(
        owner=subject_of(case), round=case.round, kind__in=OWED_TO_IT, status__in=STANDING
    ).select_related("department")
    revisions = Prefetch("revisions", Revision.objects.order_by("number"), to_attr="dates")
    why_later: dict[int | None, str] = {part.department_id: part.why_later for part in parts}
    terms: dict[Any, Term] = {}
    for row in with_lights(owed, today).prefetch_related(revisions):
        term = _term(row, today, why_later.get(row.department_id, ""))
        term = terms.setdefault((row.kind, row.last_day, term.why.sentences, tuple(term.shifts)), term)
        term.add(row.department.name if row.department else "", light_of(row, today), words_of(row, today))
    order = list(OWED_TO_IT)
    return sorted(terms.values(), key=lambda term: (term.day, order.index(term.kind)))


def _term(row: Any, today: date, why_later: str) -> Term:
    return Term(
        kind=row.kind,
        label=OWED_TO_IT[row.kind],
        day=row.last_day,
        left=days_left(row, today),
        provisional=row.provisional,
        why=_promise(row, why_later) if row.kind == PROMISED else why(row.dates[-1]),
        shifts=[_shift(revision, row.kind) for revision in row.dates if _moved(revision)],
    )


def _promise(row: Any, why_later: str) -> Why:
    """A day that the department set itself, beyond the feedback's: nothing was counted. [3.7]"""
    said = [_("由承办部门在办理方案中承诺，%s完成。") % cn_date(row.last_day)]
    if why_later:
        said.append(_("晚于反馈期限的原因：%s") % why_later)
    return Why(tuple(said), ())


def _moved(revision: Revision) -> bool:
    return revision.before is not None and revision.before != revision.after


def _shift(revision: Revision, kind: str) -> Shift:
    assert revision.before is not None
    cause = Cause(revision.cause)
    anew = kind == PROMISED and cause == Cause.EXTENDED
    because = PROMISED_ANEW if anew else MOVED_BECAUSE.get(cause, revision.get_cause_display())
    reason = revision.reason if cause in SAYS_ITS_REASON and not anew else ""
    return Shift(revision.before, revision.after, timezone.localdate(revision.at), because, reason)


def _day(moment: datetime | None) -> date | None:
    return timezone.localdate(moment) if moment else None
