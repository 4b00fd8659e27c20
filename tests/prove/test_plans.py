"""Cost follows what is due or shown: the plans of the hot reads among 100,000 bookings, on PostgreSQL. [3.3]"""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet

from appointments.enums import TIMED, BookingStatus
from appointments.models import Booking
from appointments.selectors import sitting_for_booking
from appointments.selectors_day import due_absences, due_not_seen
from appointments.selectors_handling import sittings_with_unplaced, to_be_told, to_triage
from core import secrets
from sessions_app.models import Sitting
from tests.appointments.conftest import DAY, NOW, OPENS, consent
from tests.factories import make_sitting

pytestmark = [pytest.mark.prove, pytest.mark.race, pytest.mark.clause("[3.3]")]
BOOKINGS, DUE, WAITING = 100_000, 50, 50

ENTERPRISES = """
INSERT INTO appointments_enterprise (identity, name, credit_code)
SELECT 'code:' || n, 'E' || n, '' FROM generate_series(1, %s) n
"""
SLOTS = """
INSERT INTO sessions_app_slot (sitting_id, number, session_id, taken)
SELECT %s, 5 + n, %s, true FROM generate_series(1, %s) n
"""
ROWS = """
INSERT INTO appointments_booking (sitting_id, enterprise_id, slot_id, reference, status, origin, link_seed,
  ticket_digest, checkin_digest, submission_digest, queued_at, held_until, enterprise_kind, company_name,
  credit_code, mobile, email,
  representative_name, representative_role, channels, demand_kind, title, facts, request, elsewhere,
  elsewhere_reference, explanation, told_place, solution)
SELECT %(sitting)s, e.id, s.id, 'R' || n,
  CASE WHEN n <= %(due)s THEN 'held' WHEN n <= %(due)s + %(waiting)s THEN 'waiting' ELSE 'cancelled' END,
  'web', gen_random_uuid(), md5('t' || n), md5('c' || n), md5('s' || n), %(now)s,
  CASE WHEN n <= %(due)s THEN %(now)s::timestamptz END, 'operating', 'E', '', '13800000000', '', '', '', '[]', '', '',
  '', '', '', '', '', '', ''
FROM generate_series(1, %(count)s) n
JOIN appointments_enterprise e ON e.identity = 'code:' || n
LEFT JOIN sessions_app_slot s ON s.sitting_id = %(sitting)s AND s.number = 5 + n AND n <= %(due)s
"""


@pytest.fixture
def crowded(db: None) -> Sitting:
    sitting = make_sitting(DAY, published=True, opens_at=OPENS)
    session = sitting.sessions.get()
    values = {"sitting": sitting.pk, "due": DUE, "waiting": WAITING, "now": NOW, "count": BOOKINGS}
    with connection.cursor() as cursor:
        cursor.execute(ENTERPRISES, [BOOKINGS])
        cursor.execute(SLOTS, [sitting.pk, session.pk, DUE])
        cursor.execute(ROWS, values)
        cursor.execute("ANALYZE")
    return sitting


def plan_of(query: QuerySet[Any]) -> list[dict[str, Any]]:
    """Every node of the executed plan."""
    found: list[dict[str, Any]] = []

    def walk(node: dict[str, Any]) -> None:
        found.append(node)
        for child in node.get("Plans", []):
            walk(child)

    walk(json.loads(query.explain(format="json", analyze=True))[0]["Plan"])
    return found


def rows_read(nodes: list[dict[str, Any]], table: str) -> int:
    """Rows that the scans of a table touched, also those they threw away."""
    scans = [node for node in nodes if node.get("Relation Name") == table]
    assert scans, f"no scan of {table}"
    return sum(
        (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node.get("Actual Loops", 1) for node in scans
    )


def test_the_sweep_of_holds_reads_what_is_due(crowded: Sitting) -> None:
    due = Booking.objects.filter(status__in=TIMED, held_until__lt=NOW + timedelta(seconds=1)).order_by("held_until")
    nodes = plan_of(due.values_list("pk", flat=True)[:200])
    assert any(node.get("Index Name") == "booking_hold_due" for node in nodes)
    assert rows_read(nodes, "appointments_booking") == DUE


def test_the_line_reads_who_waits(crowded: Sitting) -> None:
    line = Booking.objects.filter(sitting=crowded).in_line().values_list("pk", flat=True)[:20]
    assert rows_read(plan_of(line), "appointments_booking") <= WAITING


def test_who_waits_is_counted_without_the_rest(crowded: Sitting) -> None:
    waiting = Booking.objects.filter(sitting=crowded, status=BookingStatus.WAITING).values("pk")
    assert rows_read(plan_of(waiting), "appointments_booking") <= WAITING


def test_a_ticket_is_found_by_its_hash(crowded: Sitting) -> None:
    nodes = plan_of(Booking.objects.filter(ticket_digest="0" * 64))
    assert all(node["Node Type"] != "Seq Scan" for node in nodes)


def test_the_answer_in_a_rush_is_one_read_without_a_scan_of_bookings(
    crowded: Sitting, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(1):
        assert sitting_for_booking(crowded.pk, "token") is not None
    nodes = plan_of(Booking.objects.filter(submission_digest=secrets.digest("token")))
    assert all(node["Node Type"] != "Seq Scan" for node in nodes)


HANDLED = """
INSERT INTO appointments_booking (sitting_id, enterprise_id, slot_id, reference, status, origin, link_seed,
  ticket_digest, checkin_digest, submission_digest, queued_at, confirmed_at, decided_at, consent_id, session_id,
  meet_at, enterprise_kind, company_name, credit_code, mobile, email, representative_name, representative_role,
  channels, demand_kind, title, facts, request, elsewhere, elsewhere_reference, explanation, told_place, solution)
SELECT s.sitting_id, e.id, s.id, 'R' || s.id,
  CASE WHEN s.sitting_id != %(sitting)s THEN 'attended' WHEN placed THEN 'accepted' ELSE 'confirmed' END,
  'web', gen_random_uuid(), md5('t' || s.id), md5('c' || s.id), md5('s' || s.id), %(now)s, %(now)s, %(now)s,
  %(consent)s, CASE WHEN placed THEN s.session_id END,
  CASE WHEN placed THEN %(now)s::timestamptz + s.number * interval '1 second' END,
  'operating', 'E', '', '13800000000', '', '', '', '[]', '', '', '', '', '', '', '', '', ''
FROM sessions_app_slot s
JOIN appointments_enterprise e ON e.identity = 'code:' || s.number
CROSS JOIN LATERAL (SELECT s.sitting_id != %(sitting)s OR s.number <= 5 + %(due)s / 2 AS placed) p
WHERE s.session_id IS NOT NULL
"""


@pytest.fixture
def handled(db: None) -> Sitting:
    """100,000 bookings that were seen, and 50 of a sitting ahead: half of them placed, half undecided."""
    sittings = [make_sitting(DAY - timedelta(days=14 * n), published=True) for n in range(5)]
    with connection.cursor() as cursor:
        cursor.execute(ENTERPRISES, [BOOKINGS])
        for sitting in sittings:
            count = DUE if sitting is sittings[0] else BOOKINGS // 4
            cursor.execute(SLOTS, [sitting.pk, sitting.sessions.get().pk, count])
        cursor.execute(HANDLED, {"sitting": sittings[0].pk, "due": DUE, "now": NOW, "consent": consent().pk})
        cursor.execute("ANALYZE")
    assert Booking.objects.count() == BOOKINGS + DUE
    return sittings[0]


@pytest.mark.clause("[3.5]")
def test_the_sweep_of_call_notices_reads_who_is_still_expected(handled: Sitting) -> None:
    session = handled.sessions.get()
    placed = Booking.objects.filter(status=BookingStatus.ACCEPTED, session__in=[session.pk])
    assert len(to_be_told([session.pk])) == placed.count() == DUE / 2
    assert rows_read(plan_of(placed), "appointments_booking") <= DUE
    unplaced = Booking.objects.filter(sitting__in=[handled.pk], status=BookingStatus.ACCEPTED, session__isnull=True)
    assert sittings_with_unplaced([handled.pk]) == []
    assert rows_read(plan_of(unplaced.values("sitting")), "appointments_booking") <= DUE


def test_the_sweep_of_who_did_not_come_reads_who_is_still_expected(handled: Sitting) -> None:
    over = NOW + timedelta(days=30)
    assert rows_read(plan_of(due_absences(over).values_list("pk", flat=True)[:200]), "appointments_booking") <= DUE


def test_the_sweep_of_who_was_not_seen_reads_who_is_still_expected(handled: Sitting) -> None:
    due = due_not_seen(NOW + timedelta(days=30))
    assert due.count() == DUE / 2
    assert rows_read(plan_of(due.values_list("pk", flat=True)[:200]), "appointments_booking") <= DUE


@pytest.mark.clause("[3.4]")
def test_the_triage_desk_reads_what_is_undecided(handled: Sitting) -> None:
    assert rows_read(plan_of(to_triage()[:50]), "appointments_booking") == DUE / 2
