"""Half a million cases over twenty years, with all that is owed, closed, rated and followed up. [3.10]"""

from datetime import date, timedelta
from typing import Any

from django.db import connection

from appointments.models import Choice
from cases.models import Case
from core.models import CalendarYear
from sessions_app.models import Sitting
from tests.prove.many_cases import units
from tests.prove.test_plans import ENTERPRISES

CASES, SITTINGS, DAYS_APART = 500_000, 520, 14
BOOKINGS = """
INSERT INTO appointments_booking (sitting_id, enterprise_id, reference, status, origin, link_seed,
  ticket_digest, checkin_digest, submission_digest, queued_at, confirmed_at, decided_at, consent_id, enterprise_kind,
  company_name, credit_code, mobile, email, demand_area_id, district_id,
  representative_name, representative_role, channels, demand_kind, title, facts, request, elsewhere,
  elsewhere_reference, explanation, told_place, solution)
SELECT (%(sittings)s::bigint[])[1 + (n - 1) / (%(count)s / %(sitting_count)s + 1)], %(enterprise)s,
  'R' || n, 'not_seen', 'web',
  gen_random_uuid(), md5('t' || n), md5('c' || n), md5('s' || n), now(), now(), now(), %(consent)s, 'operating',
  '企业', '', '13800000000', '',
  (%(areas)s::bigint[])[1 + n %% 7], (%(districts)s::bigint[])[1 + n %% 9], '', '', '[]',
  'service', '诉求' || n, '', '', '', '', '', '', ''
FROM generate_series(1, %(count)s) n
"""
VERIFIED = """
INSERT INTO appointments_verification (booking_id, department_id, is_lead, status, passed_at, way, spoke_with, finding)
SELECT b.id, (%(units)s::bigint[])[1 + b.id %% 20], true, 'void', now(), '', '', '' FROM appointments_booking b
"""
ROWS = """
INSERT INTO cases_case (booking_id, status, outcome, round, is_joint, start, points, legal_basis, result, answer,
  closed_at, opened_at)
SELECT b.id, 'closed', 'handed_over', 1, false, s.day, 'x', '', 'solved', 'x', s.day + interval '20 days', s.day
FROM appointments_booking b JOIN sessions_app_sitting s ON s.id = b.sitting_id
"""
PARTS = """
INSERT INTO cases_assignment (case_id, round, department_id, is_lead, status, assigned_at, assigned_by_id, share,
  measures, why_later, handler_id, planned_on, planned_at)
SELECT c.id, 1, (%(units)s::bigint[])[1 + c.id %% 20], true, 'done', c.opened_at, %(by)s, '', 'x', '', %(by)s,
  c.start + 14, c.opened_at
FROM cases_case c
"""
OWED = """
INSERT INTO deadlines_obligation (owner, belongs_to, kind, round, department_id, title, url, clause,
  legal_basis, start, working_days, due, due_is_set, last_day, due_at, original_day, provisional, revision,
  calendar_id, status, opened_at, met_at, checked_working_days, late_working_days, late_working_days_original)
SELECT 'cases.case:' || a.case_id, 'cases.case:' || a.case_id, k.kind, 1, a.department_id, 'x', '', '[3.7]',
  '', c.start, 15, c.start + 21, false, c.start + 21, (c.start + 21) + time '17:30', c.start + 21, false, 1,
  %(calendar)s, 'met', c.opened_at, c.opened_at, 0, 0, 0
FROM cases_assignment a JOIN cases_case c ON c.id = a.case_id
CROSS JOIN (VALUES ('plan'), ('feedback')) k(kind)
"""
CLOSED = """
INSERT INTO cases_closing (case_id, round, start, result, answer, closed_at)
SELECT id, 1, start, 'solved', 'x', closed_at FROM cases_case
"""
ASKED = """
INSERT INTO evaluations_invitation (case_id, round, closed_at, silent_on, unit_id, link_seed, digest, reminded, drawn)
SELECT id, 1, closed_at, (closed_at + interval '15 days')::date, (%(units)s::bigint[])[1 + id %% 20],
  gen_random_uuid(), md5('i' || id), 0, false FROM cases_case
"""
RATED = """
INSERT INTO evaluations_rating (case_id, round, consultation, handling, reasons, comment, call_back, rated_at, is_late)
SELECT id, 1, true, id %% 10 > 0, '[]', '', false, closed_at, false FROM cases_case WHERE id %% 2 = 0
"""
FOLLOWED = """
INSERT INTO evaluations_followup (case_id, round, origin, status, office, opened_at, finding)
SELECT id, 1, 'sample', 'open', 'bureau', closed_at, '' FROM cases_case WHERE id %% 10 = 0
"""
STATEMENTS = (BOOKINGS, VERIFIED, ROWS, PARTS, OWED, CLOSED, ASKED, RATED, FOLLOWED)


def fill_quarters(by: int, consent: int, last: date) -> None:
    """The sittings end with `last`, written down in the order of time, as they come; every department, area and
    district has its share of each."""
    days = [last - timedelta(days=DAYS_APART * back) for back in reversed(range(SITTINGS))]
    made = Sitting.objects.bulk_create(Sitting(year=day.year, number=day.timetuple().tm_yday, day=day) for day in days)
    with connection.cursor() as cursor:
        cursor.execute(ENTERPRISES, [1])
        cursor.execute("SELECT id FROM appointments_enterprise WHERE identity = 'code:1'")
        values: dict[str, Any] = {
            "enterprise": cursor.fetchone()[0],
            "count": CASES,
            "sittings": [row.pk for row in made],
            "sitting_count": SITTINGS,
            "consent": consent,
            "areas": _choices("area", 7),
            "districts": _choices("district", 9),
            "units": units(),
            "by": by,
            "calendar": CalendarYear.objects.filter(in_force=True).latest("pk").pk,
        }
        for statement in STATEMENTS:
            cursor.execute(statement, values)
            # The next one reads what this one wrote: by the figures of a test before, it would join row by row.
            cursor.execute("ANALYZE")
    assert Case.objects.count() == CASES


def _choices(kind: str, count: int) -> list[int]:
    for number in range(count):
        Choice.objects.get_or_create(kind=kind, name=f"第{number}项")
    return list(Choice.objects.filter(kind=kind).order_by("pk").values_list("pk", flat=True))[:count]
