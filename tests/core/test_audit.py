"""The audit trail: what is written, that nobody can change it, and that its seals notice who did."""

from datetime import timedelta
from importlib import import_module
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from core import audit
from core.models import AuditEntry, AuditSeal
from tests.conftest import CAST_PASSWORD

pytestmark = pytest.mark.django_db
LOGIN = "/console/login/"


def lift_triggers() -> None:
    """As one would who owns the database."""
    drop = import_module("core.migrations.0003_audit_append_only").STATEMENTS[connection.vendor][1]
    with connection.cursor() as cursor:
        for statement in drop:
            cursor.execute(statement)


def record_old(count: int) -> list[AuditEntry]:
    rows = [audit.record("test", f"test:{number}", actor=audit.SYSTEM) for number in range(count)]
    return rows


def test_record_keeps_actor_address_and_key(cast):
    with audit.from_address("10.1.2.3"):
        row = audit.record("look", cast.auditor, actor=cast.inspector, before=1, after=2, reason="why", clause="[3.9]")
    row.refresh_from_db()
    told = (row.by, row.user, row.subject, row.before, row.after, row.reason, row.clause, row.address)
    assert told == ("staff", cast.inspector, f"core.user:{cast.auditor.pk}", "1", "2", "why", "[3.9]", "10.1.2.3")


def test_record_outside_the_address_has_none():
    with audit.from_address("10.1.2.3"):
        pass
    assert audit.record("look", "test:1", actor=audit.ANYONE).address is None


def test_update_of_an_entry_is_refused_by_the_database():
    row = audit.record("look", "test:1", actor=audit.SYSTEM)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        AuditEntry.objects.filter(pk=row.pk).update(action="other")
    assert AuditEntry.objects.get(pk=row.pk).action == "look"


def test_deletion_of_an_entry_is_refused_by_the_database():
    row = audit.record("look", "test:1", actor=audit.SYSTEM)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        AuditEntry.objects.filter(pk=row.pk).delete()
    assert AuditEntry.objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("change", [lambda seals: seals.update(digest="0"), lambda seals: seals.delete()])
def test_change_of_a_seal_is_refused_by_the_database(change):
    record_old(1)
    audit.seal(timezone.now() + timedelta(hours=1))
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        change(AuditSeal.objects.all())


def test_seal_covers_old_rows_only_and_once():
    record_old(3)
    assert audit.seal(timezone.now()) == 0
    assert audit.seal(timezone.now() + timedelta(hours=1)) == 3
    assert audit.seal(timezone.now() + timedelta(hours=2)) == 0


def test_broken_seals_of_an_untouched_trail_are_none():
    for _round in range(2):
        record_old(2)
        audit.seal(timezone.now() + timedelta(hours=1))
    assert AuditSeal.objects.count() == 2
    assert audit.broken_seals() == []


def test_broken_seals_names_the_stretch_with_a_changed_row():
    first, *_rest = record_old(2)
    audit.seal(timezone.now() + timedelta(hours=1))
    record_old(2)
    audit.seal(timezone.now() + timedelta(hours=1))
    lift_triggers()
    AuditEntry.objects.filter(pk=first.pk).update(reason="nothing happened")
    assert [seal.first for seal in audit.broken_seals()] == [first.pk]


def test_broken_seals_notices_a_missing_row():
    first, *_rest = record_old(3)
    audit.seal(timezone.now() + timedelta(hours=1))
    lift_triggers()
    AuditEntry.objects.filter(pk=first.pk + 1).delete()
    assert len(audit.broken_seals()) == 1


def test_verify_audit_command_says_whether_seals_hold():
    row = record_old(2)[0]
    audit.seal(timezone.now() + timedelta(hours=1))
    record_old(1)
    out = StringIO()
    call_command("verify_audit", stdout=out)
    assert "1 seals hold; 1 rows are not sealed yet." in out.getvalue()
    lift_triggers()
    AuditEntry.objects.filter(pk=row.pk).update(action="other")
    with pytest.raises(CommandError, match="1 of 1 seals"):
        call_command("verify_audit", stderr=StringIO())


def test_sign_in_failure_and_sign_out_are_recorded_without_the_password(cast):
    client = Client()
    client.post(LOGIN, {"username": "auditor", "password": "Wrong-Secret-1"})
    client.post(LOGIN, {"username": "nobody", "password": "Wrong-Secret-1"})
    client.post(LOGIN, {"username": "auditor", "password": CAST_PASSWORD})
    client.post("/console/logout/")
    rows = AuditEntry.objects.order_by("id").values_list("action", "by", "subject", "address")
    key = f"core.user:{cast.auditor.pk}"
    assert list(rows) == [
        ("sign_in_failed", "anyone", key, "127.0.0.1"),
        ("sign_in_failed", "anyone", "username:no***", "127.0.0.1"),
        ("sign_in", "staff", key, "127.0.0.1"),
        ("sign_out", "staff", key, "127.0.0.1"),
    ]
    everything = str(list(AuditEntry.objects.values()))
    assert "Secret" not in everything
    assert CAST_PASSWORD not in everything


def test_sign_in_is_no_change_of_the_account(cast):
    before = cast.auditor.history.count()
    Client().post(LOGIN, {"username": "auditor", "password": CAST_PASSWORD})
    cast.auditor.refresh_from_db()
    assert cast.auditor.last_login is not None
    assert cast.auditor.history.count() == before
