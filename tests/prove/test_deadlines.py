"""20,000 reminders under sweepers that are killed at random, and the sweep's plan among 200,000. [3.7]"""

import os
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from core.models import AuditEntry, CalendarYear
from deadlines.enums import TimerStatus
from deadlines.models import Escalation, Obligation, Timer
from notifications.models import Message
from tests.factories import moment
from tests.prove.test_plans import plan_of, rows_read

pytestmark = [pytest.mark.prove, pytest.mark.race, pytest.mark.clause("[3.7]")]
ROOT = Path(__file__).resolve().parents[2]
NOW = moment("2026-03-12 09:00")
LATER = moment("2026-06-12 09:00")
DUE, SWEEPERS, MET, SECONDS_MAX = 6_000, 4, 900, 600

OBLIGATIONS = """
INSERT INTO deadlines_obligation (owner, kind, round, title, url, clause, legal_basis, start, working_days, due,
  due_is_set, last_day, due_at, original_day, provisional, revision, calendar_id, status, opened_at)
SELECT 'b:' || n, 'verification', 1, 'x', '', '[3.4]', '', '2026-03-03', 7, '2026-03-12', false, '2026-03-12',
  '2026-03-12 17:30+08', '2026-03-12', false, 1, %(calendar)s, 'open', '2026-03-03 12:00+08'
FROM generate_series(0, %(count)s - 1) n
"""
REVISIONS = """
INSERT INTO deadlines_revision (obligation_id, number, cause, after, due, reason, explanation, calendar_id, at)
SELECT id, 1, 'opened', last_day, due, '', '{"sentences": [], "days": []}', calendar_id, opened_at
FROM deadlines_obligation
"""
TIMERS = """
INSERT INTO deadlines_timer (obligation_id, revision_id, kind, fire_at, status)
SELECT r.obligation_id, r.id, 'on_day', CASE WHEN row_number() OVER (ORDER BY r.id) <= %(due)s
  THEN %(now)s::timestamptz ELSE %(later)s::timestamptz END, 'pending'
FROM deadlines_revision r
"""


def fill(count: int, due: int) -> None:
    """So many obligations with a pending timer each, of which the first `due` are due now."""
    calendar = CalendarYear.objects.filter(in_force=True).latest("pk").pk
    values = {"calendar": calendar, "count": count, "due": due, "now": NOW, "later": LATER}
    with connection.cursor() as cursor:
        cursor.execute(OBLIGATIONS, values)
        cursor.execute(REVISIONS)
        cursor.execute(TIMERS, values)
        cursor.execute("ANALYZE")


def start(*arguments: object) -> subprocess.Popen[bytes]:
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.prove.served_settings",
        "SERVED_DATABASE": str(connection.settings_dict["NAME"]),
        "SERVED_SECRET_KEY": settings.SECRET_KEY,
        "SERVED_LINK_KEY": settings.LINK_KEY,
        "SWEPT_AT": NOW.isoformat(),
    }
    command = [sys.executable, "-m", "tests.prove.sweeper", *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, env=environment)


def due_timers() -> Any:
    return Timer.objects.filter(status=TimerStatus.PENDING, fire_at__lte=NOW)


def sweep_and_kill() -> int:
    """Sweepers at work, one killed every few seconds and replaced, until nothing is due; returns the kills."""
    dice, kills, began = random.Random(7), 0, time.monotonic()
    sweepers = [start("sweep") for _number in range(SWEEPERS)]
    meeters = [start("meet", first, first + MET // 2) for first in (DUE - MET // 2, DUE // 2)]
    try:
        while due_timers().exists():
            assert time.monotonic() - began < SECONDS_MAX, f"{due_timers().count()} timers are left"
            time.sleep(dice.uniform(3, 9))
            place = dice.randrange(SWEEPERS)
            if sweepers[place].poll() is None:
                sweepers[place].kill()
                kills += 1
            sweepers[place].wait()
            sweepers[place] = start("sweep")
        for process in meeters:
            assert process.wait(timeout=120) == 0
    finally:
        for process in (*sweepers, *meeters):
            process.kill()
            process.wait()
    return kills


@pytest.mark.django_db(transaction=True)
def test_every_reminder_is_told_once_and_none_after_completion(refilled_calendar: None) -> None:
    fill(DUE, DUE)
    assert sweep_and_kill() > 3
    assert Obligation.objects.filter(status="met").count() == MET
    escalated = AuditEntry.objects.filter(action="escalate")
    told, met = dict(escalated.values_list("subject", "id")), AuditEntry.objects.filter(action="meet_obligation")
    # None twice: the trail has a row for each time, whatever a unique key would hide.
    assert escalated.count() == len(told) == Escalation.objects.count() == Message.objects.count()
    assert Timer.objects.filter(status=TimerStatus.FIRED).count() == len(told)
    # None after completion.
    ended = dict(met.values_list("subject", "id"))
    assert not [subject for subject in ended if told.get(subject, 0) > ended[subject]]
    # None missing: what was not told was met before its turn.
    superseded = Timer.objects.filter(status=TimerStatus.SUPERSEDED, obligation__status="met").count()
    assert len(told) + superseded == DUE
    assert superseded > 0


@pytest.mark.django_db
def test_the_sweep_reads_what_is_due() -> None:
    fill(200_000, 50)
    due = Timer.objects.filter(status=TimerStatus.PENDING, fire_at__lte=NOW, obligation__kind__in=["verification"])
    nodes = plan_of(due.order_by("fire_at", "id").values_list("obligation_id", flat=True)[:200])
    assert any(node.get("Index Name") == "timer_pending_by_time" for node in nodes)
    assert rows_read(nodes, "deadlines_timer") == 50
    assert rows_read(nodes, "deadlines_obligation") == 50


@pytest.mark.django_db
def test_the_claim_of_one_reads_its_own_timers() -> None:
    fill(200_000, 50)
    key = Obligation.objects.earliest("pk").pk
    nodes = plan_of(Timer.objects.filter(obligation_id=key, status=TimerStatus.PENDING, fire_at__lte=NOW))
    assert rows_read(nodes, "deadlines_timer") <= 4


@pytest.mark.django_db
def test_the_oldest_unfired_is_one_read() -> None:
    fill(200_000, 50)
    nodes = plan_of(Timer.objects.filter(status=TimerStatus.PENDING).order_by("fire_at", "id")[:1])
    assert rows_read(nodes, "deadlines_timer") == 1
