"""200,000 cases in seconds, past the verbs: what a town of a million would have after a century. [3.7]"""

from datetime import date, timedelta
from typing import Any

from django.db import connection

from cases.models import Case
from core.models import CalendarYear
from departments.enums import DepartmentKind
from departments.models import Department
from tests.appointments.conftest import DAY
from tests.cases.conftest import SEEN
from tests.factories import make_sitting
from tests.prove.test_plans import ENTERPRISES

CASES, HANDLING, UNITS = 200_000, 2_000, 20
BOOKINGS = """
INSERT INTO appointments_booking (sitting_id, enterprise_id, reference, status, origin, link_seed,
  ticket_digest, checkin_digest, submission_digest, queued_at, enterprise_kind, company_name,
  credit_code, mobile, email,
  representative_name, representative_role, channels, demand_kind, title, facts, request, elsewhere,
  elsewhere_reference, explanation, told_place, solution)
SELECT %(sitting)s, e.id, 'R' || n, 'cancelled', 'web', gen_random_uuid(), md5('t' || n), md5('c' || n),
  md5('s' || n), %(now)s, 'operating', '企业' || n, '', '13800000000', '', '', '', '[]', 'service', '诉求' || n,
  '', '', '', '', '', '', ''
FROM generate_series(1, %(count)s) n JOIN appointments_enterprise e ON e.identity = 'code:' || n
"""
ROWS = """
INSERT INTO cases_case (booking_id, status, outcome, round, is_joint, start, points, legal_basis, result, answer,
  closed_at, opened_at)
SELECT b.id, CASE WHEN n <= %(handling)s THEN 'handling' ELSE 'closed' END, 'handed_over', 1, false,
  (%(day)s::date - n / 40), 'x', '', CASE WHEN n <= %(handling)s THEN '' ELSE 'solved' END,
  CASE WHEN n <= %(handling)s THEN '' ELSE 'x' END, CASE WHEN n > %(handling)s THEN %(now)s::timestamptz END,
  %(now)s::timestamptz - n * interval '1 minute'
FROM generate_series(1, %(count)s) n JOIN appointments_booking b ON b.reference = 'R' || n
"""
PARTS = """
INSERT INTO cases_assignment (case_id, round, department_id, is_lead, status, assigned_at, assigned_by_id, share,
  measures, why_later, handler_id, planned_on, planned_at)
SELECT c.id, 1, (%(units)s::bigint[])[1 + c.id %% %(unit_count)s], true,
  CASE WHEN c.status = 'closed' THEN 'done' WHEN c.id %% 4 = 0 THEN %(quarter)s ELSE 'handling' END,
  c.opened_at, %(by)s, '', 'x', '', %(by)s, c.start + 14, c.opened_at
FROM cases_case c
"""
OWED = """
INSERT INTO deadlines_obligation (owner, belongs_to, kind, round, department_id, handler_id, title, url, clause,
  legal_basis, start, working_days, due, due_is_set, last_day, due_at, original_day, provisional, revision,
  calendar_id, status, opened_at, met_at, checked_working_days, late_working_days, late_working_days_original)
SELECT 'cases.case:' || a.case_id, 'cases.case:' || a.case_id, %(kind)s, 1, a.department_id, %(by)s, 'x', '', '[3.7]',
  '', c.start, 15, c.start + 21, false, c.start + 21, (c.start + 21) + time '17:30', c.start + 21, false, 1,
  %(calendar)s, o.status, c.opened_at, CASE WHEN o.status = 'met' THEN c.opened_at END, 0,
  CASE WHEN o.status = 'met' THEN 0 END, CASE WHEN o.status = 'met' THEN 0 END
FROM cases_assignment a JOIN cases_case c ON c.id = a.case_id
CROSS JOIN LATERAL (SELECT CASE WHEN c.status = 'closed' THEN 'met' ELSE 'open' END AS status) o
"""


def units() -> list[int]:
    for number in range(UNITS):
        Department.objects.get_or_create(name=f"第{number}局", defaults={"kind": DepartmentKind.MEMBER})
    return list(Department.objects.filter(kind=DepartmentKind.MEMBER).order_by("pk").values_list("pk", flat=True))[:20]


def fill_cases(
    by: int,
    *,
    count: int = CASES,
    handling: int = HANDLING,
    day: date = DAY,
    kind: str = "feedback",
    quarter: str = "checking",
) -> list[int]:
    """So many cases of one department each, the newest still handled; every one owes something or has met it.

    `quarter`: the status of every fourth part of those. Returns the departments.
    """
    departments = units()
    values: dict[str, Any] = {
        "sitting": make_sitting(day + timedelta(days=700), published=False).pk,
        "count": count,
        "handling": handling,
        "day": day,
        "now": SEEN,
        "by": by,
        "kind": kind,
        "quarter": quarter,
        "units": departments,
        "unit_count": len(departments),
        "calendar": CalendarYear.objects.filter(in_force=True).latest("pk").pk,
    }
    with connection.cursor() as cursor:
        cursor.execute(ENTERPRISES, [count])
        for statement in (BOOKINGS, ROWS, PARTS, OWED):
            cursor.execute(statement, values)
        cursor.execute("ANALYZE")
    assert Case.objects.count() == count
    return departments
