"""Fill an empty database with a small city to try things on; never touches one that holds anything."""

import secrets
import stat
import string
from argparse import ArgumentParser
from dataclasses import replace
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from core import audit
from core.models import User
from core.workdays import next_working_day, working_days_around
from departments.enums import Role
from departments.models import Department, Membership
from portal.demo import book_samples
from portal.demo_bulletins import write_bulletins
from portal.demo_cases import make_case_samples
from portal.demo_clock import past
from portal.demo_day import day_of_today, hold_today
from portal.demo_handling import People
from portal.demo_results import publish_results
from portal.demo_typical import write_stories
from portal.demo_window import make_window_samples
from portal.demo_year import make_year
from reports.services import run_findings
from sessions_app.enums import SessionKind
from sessions_app.models import Sitting
from sessions_app.services import ChairPlan, SessionPlan, fortnightly_days, local_moment, plan_sitting, publish_sitting

# In working days: before the samples of demo_cases.
STILL_HANDLED = 40
ACCOUNTS_FILE = "demo-accounts.txt"
PEOPLE = [
    ("clerk", "杨窗口", Role.WINDOW_CLERK, "市政务服务局"),
    ("bureau", "李经办", Role.BUREAU_STAFF, "市政务服务局"),
    ("supervisor", "王负责", Role.BUREAU_SUPERVISOR, "市政务服务局"),
    ("tax", "赵税务", Role.DEPARTMENT_STAFF, "市税务局"),
    ("taxhead", "钱局长", Role.DEPARTMENT_HEAD, "市税务局"),
    ("stats", "魏统计", Role.DEPARTMENT_STAFF, "市统计局"),
    ("market", "孙监管", Role.DEPARTMENT_STAFF, "市市场监管局"),
    ("inspector", "周督查", Role.INSPECTOR, "市政府办公室督查科"),
    ("approver", "吴审批", Role.INSPECTION_APPROVER, "市政府办公室督查科"),
    ("leader", "郑市长", Role.LEADER, None),
    ("sysadmin", "冯系统", Role.SYSTEM_ADMINISTRATOR, None),
    ("security", "陈安全", Role.SECURITY_OFFICER, None),
    ("auditor", "褚审计", Role.AUDITOR, None),
]
TEAMS = [
    [("市税务局", "钱立", "局长"), ("市统计局", "何平", "局长")],
    [("市工科信局", "沈毅", "局长"), ("市发改局", "韩松", "局长")],
    [("市市场监管局", "朱明", "局长"), ("市投促局", "秦月", "局长")],
    [("安宁产业园区管委会", "尤强", "主任"), ("市工商联", "许宁", "主席")],
]


def random_password() -> str:
    """16 characters of three classes at least, as the password rules ask."""
    while True:
        made = "".join(secrets.choice(string.ascii_letters + string.digits) for _place in range(16))
        if any(c.islower() for c in made) and any(c.isupper() for c in made) and any(c.isdigit() for c in made):
            return made


class Command(BaseCommand):
    help = "Demonstration accounts, a schedule, an open sitting with bookings; only into an empty database."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="say nothing when the database is in use already")
        parser.add_argument("--quarters", type=int, default=4, help="whole quarters of the past to make up")

    def handle(self, *args: Any, **options: Any) -> None:
        file = Path(settings.VAR_DIR) / ACCOUNTS_FILE
        if User.objects.exists() or Sitting.objects.exists():
            if not options["if_empty"]:
                self.stderr.write("The database holds data already; nothing was added.")
        else:
            self.fill(file, options["quarters"])
        if file.exists():
            self.stdout.write(file.read_text(encoding="utf8"))

    def fill(self, file: Path, quarters: int) -> None:
        lines = [self.make_account(*person) for person in PEOPLE]
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=stat.S_IRUSR | stat.S_IWUSR)
        file.write_text("\n".join(lines) + "\n", encoding="utf8")
        make_past(timezone.localdate(), quarters)
        make_case_samples(lambda day: session_plan(day, SessionKind.MAIN, 9, 0))
        make_today()
        make_schedule(timezone.localdate())
        make_window_samples()
        # As the job of every day does.
        run_findings(timezone.now())

    def make_account(self, username: str, full_name: str, role: Role, department: str | None) -> str:
        password = random_password()
        # A demonstration signs in at once; everybody else changes the first password.
        user = User.objects.create_user(
            username, password=password, full_name=full_name, is_staff=True, must_change_password=False
        )
        Membership.objects.create(
            user=user, role=role, department=Department.objects.get(name=department) if department else None
        )
        return f"{username:<11}{password}  {role.label}"


def session_plan(day: date, kind: SessionKind, begins: int, team: int) -> SessionPlan:
    chairs = [
        ChairPlan(Department.objects.get(name=name).pk, is_lead=place == 0, leader_name=leader, leader_title=title)
        for place, (name, leader, title) in enumerate(TEAMS[team % len(TEAMS)])
    ]
    theme = "惠企政策兑现、生产要素保障" if kind == SessionKind.MAIN else "专项问题集中答复"
    return SessionPlan(
        kind=kind,
        starts_at=local_moment(day, time(begins, 0)),
        ends_at=local_moment(day, time(begins + 3, 0)),
        theme=theme,
        liaison="李经办",
        liaison_phone="0871-68690000",
        chairs=tuple(chairs),
    )


def make_past(today: date, quarters: int) -> None:
    """A sitting each fortnight of the last whole quarters and of this one, but for those still being handled."""
    months = 12 * today.year + 3 * ((today.month - 1) // 3) - 3 * quarters
    quarter = date(months // 12, months % 12 + 1, 1)
    until = working_days_around(today, [-STILL_HANDLED])[-STILL_HANDLED]
    days = fortnightly_days(next_working_day(quarter + timedelta(days=7), including=True), until)
    with past() as clock:
        make_year(days, lambda day, place: session_plan(day, SessionKind.MAIN, 9, place), clock)
        if days:
            write_bulletins(days[0], today, People(), clock)
            write_stories(days[0], today, People(), User.objects.get(username="inspector"), clock)
            publish_results(days[0], today, People(), clock)


def make_today() -> None:
    """One sitting that is held now, so that check-in, calls and the hall's screen can be tried."""
    now = timezone.now()
    day, starts = day_of_today(now)
    plan = replace(session_plan(day, SessionKind.MAIN, 9, 0), starts_at=starts, ends_at=starts + timedelta(hours=3))
    bureau, supervisor = (User.objects.get(username=name) for name in ("bureau", "supervisor"))
    hold_today(plan, bureau=bureau, supervisor=supervisor, now=now)


def make_schedule(today: date) -> None:
    """Fortnights from a sitting open for booking now, one announced and not yet open, and the rest planned."""
    bureau = User.objects.get(username="bureau")
    supervisor = User.objects.get(username="supervisor")
    first = next_working_day(today + timedelta(days=9), including=True)
    for place, day in enumerate(fortnightly_days(first, first + timedelta(days=26 * 7))):
        plans = [session_plan(day, SessionKind.MAIN, 9, place)]
        plans += [session_plan(day, SessionKind.SPECIAL, 14, place + shift) for shift in (1, 2)]
        sitting = plan_sitting(day=day, sessions=plans, actor=bureau)
        if place < 2:
            announce(sitting, supervisor, opens_now=place == 0)
        if place == 0:
            book_samples(sitting, actor=audit.ANYONE)


def announce(sitting: Sitting, actor: User, *, opens_now: bool) -> None:
    now = timezone.now()
    opens_at = now if opens_now else now + timedelta(days=3)
    publish_sitting(sitting_id=sitting.pk, actor=actor, now=now, opens_at=opens_at)
