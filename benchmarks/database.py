"""A fresh sitting for every round, and what the database says when the round is over."""

from dataclasses import dataclass
from datetime import date, time, timedelta

from django.db import connection
from django.urls import reverse
from django.utils import timezone

from appointments.enums import HOLDING
from appointments.models import Booking
from benchmarks.floors import CREATE_TABLE, NUMBERS
from benchmarks.server import PARENT, stat_of
from core.models import User
from core.workdays import next_working_day
from departments.enums import Role
from departments.models import Department, Membership
from sessions_app.enums import SessionKind
from sessions_app.models import Slot
from sessions_app.services import ChairPlan, SessionPlan, local_moment, plan_sitting, publish_sitting

CHAIRS = [("市税务局", "张三", "局长"), ("市统计局", "李四", "局长")]
DAYS_AHEAD = 9


def postmaster() -> int | None:
    """The database server's first process, when it runs on this machine."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = cursor.fetchone()[0]
    try:
        return int(stat_of(backend)[PARENT])
    except OSError:
        return None


def make_planner() -> User:
    user = User.objects.create_user("rush", password=None, full_name="王负责", is_staff=True)
    bureau = Department.objects.get(name="市政务服务局")
    Membership.objects.create(user=user, role=Role.BUREAU_SUPERVISOR, department=bureau)
    return user


def plan_of(day: date, kind: SessionKind, hour: int) -> SessionPlan:
    chairs = [
        ChairPlan(Department.objects.get(name=name).pk, is_lead=not place, leader_name=leader, leader_title=title)
        for place, (name, leader, title) in enumerate(CHAIRS)
    ]
    starts = local_moment(day, time(hour))
    return SessionPlan(
        kind=kind, starts_at=starts, ends_at=starts + timedelta(hours=3), theme="惠企政策兑现", chairs=tuple(chairs)
    )


class Seeds:
    """Fresh sittings through the verbs, each on a day of its own, open for booking at once."""

    def __init__(self) -> None:
        self.planner = make_planner()
        self.day = timezone.localdate() + timedelta(days=DAYS_AHEAD)
        with connection.cursor() as cursor:
            cursor.execute(CREATE_TABLE)

    def sitting(self) -> int:
        """A main session and two special ones, as the notice asks for; announced now."""
        self.day = next_working_day(self.day)
        plans = [plan_of(self.day, SessionKind.MAIN, 9)]
        plans += [plan_of(self.day, SessionKind.SPECIAL, hour) for hour in (13, 16)]
        made = plan_sitting(day=self.day, sessions=plans, actor=self.planner)
        now = timezone.now()
        # Sittings closer to each other than 14 days need a reason.
        publish_sitting(sitting_id=made.pk, actor=self.planner, now=now, opens_at=now, override_reason="压力测试")
        return made.pk

    def first_step(self, sitting_id: int) -> str:
        """Where a holder of this sitting fills in the form."""
        booking = Booking.objects.filter(sitting_id=sitting_id, status__in=HOLDING).earliest("pk")
        return reverse("appointments:step", args=[booking.ticket_secret, "grounds"])

    def floor_run(self, run: int) -> int:
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO floor_number (run, number) VALUES (%s, %s)", [(run, n) for n in range(1, NUMBERS + 1)]
            )
        return run


@dataclass(frozen=True)
class Held:
    """What the database says after a round: the numbers in order, and who holds them."""

    numbers: list[int]
    holders: int
    taken: int

    @property
    def once_each(self) -> bool:
        return self.numbers == list(range(1, NUMBERS + 1)) and self.holders == self.taken == NUMBERS


def held_in_sitting(sitting_id: int) -> Held:
    holding = Booking.objects.filter(sitting_id=sitting_id, status__in=HOLDING)
    numbers = list(holding.order_by("slot__number").values_list("slot__number", flat=True))
    taken = Slot.objects.filter(sitting_id=sitting_id, taken=True).count()
    return Held(numbers, holding.values("enterprise_id").distinct().count(), taken)


def held_on_floor(run: int) -> Held:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT number, holder FROM floor_number WHERE run = %s AND holder IS NOT NULL ORDER BY number", [run]
        )
        rows = cursor.fetchall()
    return Held([number for number, _holder in rows], len({holder for _number, holder in rows}), len(rows))
