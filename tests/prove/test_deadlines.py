"""20,000 reminders under 8 sweepers that are killed at random while cases close; the sweep's plan among 200,000. [3.7]

After an outage every second obligation has all four steps due: they are told in one message.
"""

import os
import random
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from cases.models import Assignment, Case
from core.models import AuditEntry, CalendarYear
from deadlines.enums import TimerStatus
from deadlines.models import Escalation, Obligation, Timer
from notifications.models import Message
from tests.conftest import Cast
from tests.factories import moment
from tests.prove.many_cases import fill_cases
from tests.prove.test_plans import plan_of, rows_read

pytestmark = [pytest.mark.prove, pytest.mark.race, pytest.mark.clause("[3.7]")]
ROOT = Path(__file__).resolve().parents[2]
NOW = moment("2026-03-12 09:00")
LATER = moment("2026-06-12 09:00")
OWED, CASES, DUE = 7_400, 600, 20_000
SWEEPERS, MET, SECONDS_MAX = 8, 900, 600

OBLIGATIONS = """
INSERT INTO deadlines_obligation (owner, belongs_to, kind, round, title, url, clause, legal_basis, start,
  working_days, due, due_is_set, last_day, due_at, original_day, provisional, revision, calendar_id, status,
  opened_at, checked_working_days)
SELECT 'b:' || n, 'b:' || n, 'verification', 1, 'x', '', '[3.4]', '', '2026-03-03', 7, '2026-03-12', false,
  '2026-03-12', '2026-03-12 17:30+08', '2026-03-12', false, 1, %(calendar)s, 'open', '2026-03-03 12:00+08', 0
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
# The other steps of every second one, as they stand after a week without a sweep.
MORE_TIMERS = """
INSERT INTO deadlines_timer (obligation_id, revision_id, kind, fire_at, status)
SELECT t.obligation_id, t.revision_id, step, t.fire_at, 'pending'
FROM deadlines_timer t CROSS JOIN unnest(ARRAY['two_before', 'one_late', 'three_late']) step
WHERE t.obligation_id % 2 = 0
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
    meeters = [start("meet", first, first + MET // 2) for first in (OWED - MET // 2, OWED // 2)]
    meeters.append(start("close"))
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
            assert process.wait(timeout=240) == 0
    finally:
        for process in (*sweepers, *meeters):
            process.kill()
            process.wait()
    return kills


@pytest.mark.django_db(transaction=True)
def test_every_reminder_is_told_once_and_none_after_completion(cast: Cast) -> None:
    fill_cases(cast.bureau_staff.pk, count=CASES, handling=CASES, day=date(2026, 2, 10), kind="division")
    Assignment.objects.update(status="done")
    fill(OWED, OWED + CASES)
    with connection.cursor() as cursor:
        cursor.execute(MORE_TIMERS)
    assert due_timers().count() == DUE
    assert sweep_and_kill() > 3
    assert Obligation.objects.filter(status="met").count() == MET
    assert Case.objects.filter(status="closed").count() == CASES
    escalated = AuditEntry.objects.filter(action="escalate")
    told = dict(escalated.values_list("subject", "id"))
    met = AuditEntry.objects.filter(action__in=["meet_obligation", "void_obligation"])
    # None twice: the trail has a row for each time, whatever a unique key would hide.
    messages = Message.objects.filter(kind="deadline")
    assert escalated.count() == len(told) == Escalation.objects.count() == messages.count()
    # Steps that were due together are one message.
    levels = Escalation.objects.values_list("levels", flat=True)
    assert Timer.objects.filter(status=TimerStatus.FIRED).count() == sum(map(len, levels))
    # None after completion.
    ended = dict(met.values_list("subject", "id"))
    assert not [subject for subject in ended if told.get(subject, 0) > ended[subject]]
    # None missing: what was not told was met, or its case closed, before its turn.
    superseded = Timer.objects.filter(status=TimerStatus.SUPERSEDED).exclude(obligation__status="open").count()
    assert sum(map(len, levels)) + superseded == DUE
    assert superseded > 0
    assert len(told) + len({*ended} - {*told}) == OWED + CASES


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
