"""Cost follows what is due: the outbox's sweeps among 100,000 messages, on PostgreSQL. [3.5]"""

from datetime import timedelta

import pytest
from django.db import connection

from notifications import selectors
from notifications.models import Message
from notifications.services.relay import _due
from tests.notifications.conftest import NOW
from tests.prove.test_plans import plan_of, rows_read

pytestmark = [pytest.mark.prove, pytest.mark.race, pytest.mark.clause("[3.5]")]
MESSAGES, DUE = 100_000, 50
TABLE = "notifications_message"
ROWS = """
INSERT INTO notifications_message (kind, channel, recipient, subject, audience, heading, text, template_code,
  signature, variables, link_seed, phone_fallback, dedup_key, status, created_at, not_before, handed_over_at, attempts,
  last_error, provider, receipt_id, sent_at, ask_receipt_at)
SELECT 'k', 'sms', '1', 'appointments.booking:' || n / 5, '', 'h', 't', '', '', '[]', '', '', 'plan:' || n,
  CASE WHEN n <= %(due)s THEN 'queued' WHEN n <= 2 * %(due)s THEN 'to_call' ELSE 'sent' END, %(now)s, %(now)s, NULL, 0,
  '', '', '',
  CASE WHEN n > 2 * %(due)s THEN %(now)s::timestamptz END,
  CASE WHEN n > %(count)s - %(due)s THEN %(now)s::timestamptz END
FROM generate_series(1, %(count)s) n
"""


@pytest.fixture
def crowded(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(ROWS, {"due": DUE, "now": NOW, "count": MESSAGES})
        cursor.execute("ANALYZE")


@pytest.mark.usefixtures("crowded")
def test_the_relay_reads_what_is_due() -> None:
    due = Message.objects.filter(_due(NOW + timedelta(minutes=1))).order_by("not_before", "pk")
    assert rows_read(plan_of(due.values_list("pk", flat=True)[:200]), TABLE) == DUE


@pytest.mark.usefixtures("crowded")
def test_the_list_of_calls_reads_what_waits() -> None:
    due = selectors.calls_due(Message.objects.all(), NOW + timedelta(minutes=1)).order_by("not_before")
    assert rows_read(plan_of(due[:50]), TABLE) == DUE


@pytest.mark.usefixtures("crowded")
def test_the_sweep_of_receipts_reads_what_is_to_be_asked() -> None:
    due = Message.objects.filter(ask_receipt_at__lte=NOW + timedelta(minutes=1)).order_by("ask_receipt_at", "pk")
    assert rows_read(plan_of(due.values_list("pk", flat=True)[:200]), TABLE) == DUE


@pytest.mark.usefixtures("crowded")
def test_what_was_said_about_one_booking_reads_its_own() -> None:
    said = Message.objects.filter(subject="appointments.booking:17").order_by("-pk")[:100]
    assert rows_read(plan_of(said), TABLE) == 5
