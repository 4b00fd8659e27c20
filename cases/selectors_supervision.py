"""Named reads of the supervision page: how many stand in which light, what is late, what was urged. [3.7]"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.enums import NEXT_STEPS, OF_A_PART
from cases.models import Case, Urging
from cases.selectors_work import Text, cases_by_key, owed_in_cases
from core.models import User
from deadlines.enums import Light
from deadlines.models import Escalation, Obligation, ObligationQuerySet
from deadlines.selectors import counted_by_light, in_light, with_lights
from departments.enums import DepartmentKind

BUREAU = "bureau"
SENT_SHOWN = 20


@dataclass(frozen=True)
class Line:
    """A department or a kind, and how many of what it stands for are in which light."""

    key: str
    label: Text
    late: int = 0
    near: int = 0
    on_track: int = 0

    @property
    def total(self) -> int:
        return self.late + self.near + self.on_track


@dataclass(frozen=True)
class Standing:
    by_debtor: list[Line]
    by_kind: list[Line]

    @property
    def whole(self) -> Line:
        return _sum("", "", self.by_kind)


@dataclass(frozen=True)
class Owed:
    """Something owed in a case, with the newest reminder, what was said to it, and the last urging."""

    obligation: Obligation
    case: Case
    step: Text
    reminder: Escalation | None
    days_silent: int
    urged: Urging | None

    @property
    def can_be_urged(self) -> bool:
        return self.obligation.kind in OF_A_PART


@dataclass(frozen=True)
class Sent:
    urging: Urging
    names: str


def standing_of(user: User, today: date) -> Standing:
    """Lights by department and by kind. One query."""
    columns = ("department", "department__name", "department__kind", "department__position", "kind")
    rows = counted_by_light(owed_in_cases().visible_to(user), today, *columns)
    debtors: dict[str, list[Line]] = {}
    kinds: dict[str, list[Line]] = {}
    for row in sorted(rows, key=lambda row: (row["department__position"] or 0, row["department"] or 0)):
        counts = (row["late"], row["near"], row["on_track"])
        own = row["department__kind"] in (None, DepartmentKind.BUREAU)
        key, name = (BUREAU, _("市政务服务局")) if own else (str(row["department"]), row["department__name"])
        debtors.setdefault(key, []).append(Line(key, name, *counts))
        kinds.setdefault(row["kind"], []).append(Line(row["kind"], NEXT_STEPS[row["kind"]], *counts))
    return Standing(
        by_debtor=[_sum(key, lines[0].label, lines) for key, lines in debtors.items()],
        by_kind=[_sum(key, kinds[key][0].label, kinds[key]) for key in NEXT_STEPS if key in kinds],
    )


def _sum(key: str, label: Text, lines: Iterable[Line]) -> Line:
    lines = list(lines)
    return Line(
        key,
        label,
        sum(line.late for line in lines),
        sum(line.near for line in lines),
        sum(line.on_track for line in lines),
    )


def owed_where(user: User, today: date, *, debtor: str = "", kind: str = "", light: str = "") -> ObligationQuerySet:
    """What is owed by a department, of a kind, in a light; "" asks for all. What ends first stands first."""
    owed = owed_in_cases().visible_to(user)
    if debtor == BUREAU:
        owed = owed.filter(Q(department__isnull=True) | Q(department__kind=DepartmentKind.BUREAU))
    elif debtor:
        owed = owed.filter(department=int(debtor))
    if kind:
        owed = owed.filter(kind=kind)
    if light:
        owed = in_light(owed, Light(light), today)
    return with_lights(owed, today).select_related("department", "handler").order_by("last_day", "pk")


def rows_of(obligations: Sequence[Obligation], today: date) -> list[Owed]:
    """With case, newest reminder and last urging: three queries, however many."""
    cases = cases_by_key(obligations)
    reminders = Escalation.objects.filter(obligation__in=[row.pk for row in obligations])
    newest = {row.obligation_id: row for row in reminders.select_related("acknowledged_by").order_by("at", "pk")}
    urgings = Urging.objects.filter(assignment__case__in=[case.pk for case in cases.values()])
    urged = {
        (row.assignment.case_id, row.assignment.department_id, row.assignment.round): row
        for row in urgings.select_related("assignment", "by").order_by("at", "pk")
    }
    return [
        _owed(row, cases[row.belongs_to], newest.get(row.pk), urged, today)
        for row in obligations
        if row.belongs_to in cases
    ]


def _owed(
    row: Obligation,
    case: Case,
    reminder: Escalation | None,
    urged: dict[tuple[int, int, int], Urging],
    today: date,
) -> Owed:
    silent = reminder is not None and reminder.acknowledged_at is None
    return Owed(
        obligation=row,
        case=case,
        step=NEXT_STEPS[row.kind],
        reminder=reminder,
        days_silent=(today - timezone.localdate(reminder.at)).days if silent and reminder else 0,
        urged=urged.get((case.pk, row.department_id or 0, row.round)),
    )


def last_sent() -> list[Sent]:
    """What was sent last, when, by whom and to whom. Two queries."""
    urgings = Urging.objects.select_related("assignment__department", "assignment__case__booking", "by")
    rows = list(urgings.order_by("-at", "-pk")[:SENT_SHOWN])
    told = {pk for row in rows for pk in row.recipients}
    names = dict(User.objects.filter(pk__in=told).values_list("pk", "full_name"))
    return [Sent(row, "、".join(names[pk] for pk in row.recipients if pk in names)) for row in rows]
