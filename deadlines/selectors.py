"""Named reads: what is owed, how it stands today, why this day, and who is told. [3.7]"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from core import policy
from core.models import CalendarDay, User
from core.selectors import ours
from core.workdays import ExplainedDay, working_days_around, working_days_between
from deadlines.enums import Light, ObligationStatus, TimerKind, TimerStatus
from deadlines.models import STANDING, Obligation, ObligationQuerySet, Revision, Timer
from departments.enums import DepartmentKind, Role
from departments.models import Department
from departments.selectors import users_with_role

# The owning apps sweep every minute: three turns missed.
UNFIRED_MAX = timedelta(minutes=3)
BUREAU = (Role.BUREAU_STAFF, Role.BUREAU_SUPERVISOR)
INSPECTION = (Role.INSPECTOR, Role.INSPECTION_APPROVER)
STAFF_OF = {
    DepartmentKind.BUREAU: Role.BUREAU_STAFF,
    DepartmentKind.INSPECTION: Role.INSPECTOR,
    DepartmentKind.MEMBER: Role.DEPARTMENT_STAFF,
}
HEAD_OF = {
    DepartmentKind.BUREAU: Role.BUREAU_SUPERVISOR,
    DepartmentKind.INSPECTION: Role.INSPECTION_APPROVER,
    DepartmentKind.MEMBER: Role.DEPARTMENT_HEAD,
}


@dataclass(frozen=True)
class Why:
    """Why this date: sentences, and each day after the start, counted or skipped."""

    sentences: tuple[str, ...]
    days: tuple[ExplainedDay, ...]


def open_obligations(owner: str) -> QuerySet[Obligation]:
    return Obligation.objects.open().filter(owner=owner).select_related("department", "handler")


def obligations_within(whole: str) -> ObligationQuerySet:
    """All that is or was owed in something: its own, and what belongs to a part of it."""
    return Obligation.objects.filter(belongs_to=whole).select_related("department", "handler")


def obligation_of(owner: str, kind: str, department: Department | None = None, round: int = 1) -> Obligation | None:
    """The open or met one; there is at most one. A void one is none."""
    same = Obligation.objects.filter(owner=owner, kind=kind, department=department, round=round)
    return same.filter(status__in=STANDING).first()


def met_rounds(owner: str, kind: str, department: Department | None = None) -> int:
    """How often this was owed and done."""
    met = Obligation.objects.filter(owner=owner, kind=kind, department=department, status=ObligationStatus.MET)
    return met.count()


def with_lights(obligations: ObligationQuerySet, today: date) -> ObligationQuerySet:
    """Adds what `light_of` and `words_of` need, so that a list costs one query."""
    numbers = CalendarDay.objects.values("working_days_to_date")
    last, now = numbers.filter(date=OuterRef("last_day")), numbers.filter(date=today)
    return obligations.alias(today_number=Subquery(now)).annotate(days_left=Subquery(last) - F("today_number"))


def days_left(obligation: Obligation, today: date) -> int:
    """Working days after today up to and including the last day; negative when it is over."""
    kept = obligation.__dict__.get("days_left")
    return working_days_between(today, obligation.last_day) if kept is None else kept


def light_of(obligation: Obligation, today: date) -> Light:
    """Yellow from two working days before (ours), red past the last day. [3.7]"""
    if obligation.status == ObligationStatus.MET:
        return Light.MET
    if obligation.status == ObligationStatus.VOID:
        return Light.NONE
    if obligation.last_day < today:
        return Light.LATE
    near = days_left(obligation, today) <= ours(policy.NEAR_WORKING_DAYS)
    return Light.NEAR if near else Light.ON_TRACK


def in_light(obligations: ObligationQuerySet, light: Light, today: date) -> ObligationQuerySet:
    """Those in that light, by columns that are indexed."""
    if light in (Light.MET, Light.NONE):
        status = ObligationStatus.MET if light == Light.MET else ObligationStatus.VOID
        return obligations.filter(status=status)
    if light == Light.LATE:
        return obligations.open().filter(last_day__lt=today)
    first_on_track = first_day_on_track(today)
    if light == Light.NEAR:
        return obligations.open().filter(last_day__gte=today, last_day__lt=first_on_track)
    return obligations.open().filter(last_day__gte=first_on_track)


def first_day_on_track(today: date) -> date:
    """What ends on this working day or later is neither late nor near."""
    beyond = ours(policy.NEAR_WORKING_DAYS) + 1
    return working_days_around(today, [beyond])[beyond]


def counted_by_light(obligations: ObligationQuerySet, today: date, *columns: str) -> QuerySet[Any, dict[str, Any]]:
    """How many open ones are late, near and on track for each value of these columns. One query of a list's rows."""
    ahead = first_day_on_track(today)
    return (
        obligations.open()
        .order_by(*columns)
        .values(*columns)
        .annotate(
            late=Count("pk", filter=Q(last_day__lt=today)),
            near=Count("pk", filter=Q(last_day__gte=today, last_day__lt=ahead)),
            on_track=Count("pk", filter=Q(last_day__gte=ahead)),
        )
    )


def words_of(obligation: Obligation, today: date) -> str:
    """剩 2 个工作日；今日到期；超期 3 个工作日。"""
    if obligation.status == ObligationStatus.MET:
        late = obligation.late_working_days
        return _("超期 %s 个工作日办结") % late if late else _("按期办结")
    if obligation.status == ObligationStatus.VOID:
        return _("已终止")
    if obligation.last_day == today:
        return _("今日到期")
    left = days_left(obligation, today)
    if obligation.last_day < today:
        return _("超期 %s 个工作日") % -left if left else _("已超期")
    return _("剩 %s 个工作日") % left if left else _("即将到期")


def explanation_of(obligation: Obligation) -> Why:
    """Why this date, as it was told when the date was set."""
    return why(Revision.objects.get(obligation=obligation, number=obligation.revision))


def why(revision: Revision) -> Why:
    days = (
        ExplainedDay(date.fromisoformat(day), number, reason, provisional)
        for day, number, reason, provisional in revision.explanation["days"]
    )
    return Why(tuple(revision.explanation["sentences"]), tuple(days))


def oldest_unfired(obligations: Iterable[str] | None = None) -> Timer | None:
    """The pending timer that has waited longest, of some kinds of obligation or of all."""
    pending = Timer.objects.filter(status=TimerStatus.PENDING)
    if obligations is not None:
        pending = pending.filter(obligation__kind__in=obligations)
    return pending.order_by("fire_at", "id").first()


def waits_too_long(timer: Timer | None, now: datetime) -> bool:
    """Its moment was fixed: when it lies back so far, the sweep stands still."""
    return timer is not None and timer.fire_at < now - UNFIRED_MAX


def recipients_of(obligation: Obligation, timer_kind: TimerKind) -> list[User]:
    """Who is told at a step: whom the lower ones told, too; where it reaches nobody, the next one's people. [3.7]

    Two before: the handler, or until one is named the department's staff; on the day: its head too; one late: the
    bureau too; three late: the inspection office too.
    """
    ladder: list[Callable[[], list[User]]] = [
        lambda: _handlers(obligation),
        lambda: _of_debtor(obligation, HEAD_OF),
        lambda: users_with_role(*BUREAU),
        lambda: users_with_role(*INSPECTION),
    ]
    reaches = list(TimerKind).index(timer_kind)
    found: dict[int, User] = {}
    for step, people in enumerate(ladder):
        if step <= reaches or not found:
            found |= {user.pk: user for user in people()}
    return [found[pk] for pk in sorted(found)]


def _handlers(obligation: Obligation) -> list[User]:
    handler = obligation.handler
    return [handler] if handler and handler.is_active else _of_debtor(obligation, STAFF_OF)


def _of_debtor(obligation: Obligation, roles: dict[DepartmentKind, Role]) -> list[User]:
    department = obligation.department
    kind = DepartmentKind(department.kind) if department else DepartmentKind.BUREAU
    people = User.objects.filter(is_active=True, membership__role=roles[kind])
    if department:
        people = people.filter(membership__department=department)
    return list(people)
