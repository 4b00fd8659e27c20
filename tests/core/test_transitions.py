"""The one place where a status moves, tried on the simplest object that has one: a message of the outbox."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import audit
from core.errors import AlreadyDone, Refused
from core.models import AuditEntry, User
from core.transitions import Move, lock, move_all, moving, start
from notifications.enums import Channel, MessageStatus
from notifications.models import Message

pytestmark = pytest.mark.django_db

S = MessageStatus
SEND = Move("test_send", "发送", (S.QUEUED, S.FAILED), S.SENT, "[3.5]")
NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)


def message(status: str = S.QUEUED) -> Message:
    return Message.objects.create(
        kind="test", channel=Channel.SMS, recipient="13888888000", subject="test:1", heading="标题", text="内容",
        dedup_key=f"test:{Message.objects.count()}", status=status, sent_at=NOON if status == S.SENT else None,
    )  # fmt: skip


def move(row: Message, **kwargs):
    with moving(Message, row.pk, SEND, actor=audit.SYSTEM, **kwargs) as locked:
        locked.sent_at = NOON
    return locked


@pytest.mark.parametrize("source", [S.QUEUED, S.FAILED])
def test_moving_from_a_source_reaches_the_target(source):
    row = message(source)
    move(row)
    row.refresh_from_db()
    assert (row.status, row.sent_at) == (S.SENT, NOON)


def test_moving_writes_its_audit_row():
    row = message(S.FAILED)
    move(row, reason="again")
    entry = AuditEntry.objects.get()
    told = (entry.action, entry.subject, entry.before, entry.after, entry.reason, entry.clause)
    assert told == ("test_send", f"notifications.message:{row.pk}", "failed", "sent", "again", "[3.5]")


def test_moving_what_stands_at_the_target_is_already_done():
    with pytest.raises(AlreadyDone) as refused:
        move(message(S.SENT))
    assert refused.value.code == "already_done"
    assert "此前已完成“发送”" in str(refused.value.message)
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("source", [S.SENDING, S.WITHHELD])
def test_moving_from_elsewhere_is_refused_with_the_statuss_name(source):
    row = message(source)
    with pytest.raises(Refused) as refused:
        move(row)
    assert refused.value.code == "wrong_status"
    assert not isinstance(refused.value, AlreadyDone)
    assert row.get_status_display() in str(refused.value.message)
    row.refresh_from_db()
    assert row.status == source


def test_moving_what_does_not_exist_is_gone():
    with pytest.raises(Refused) as refused, moving(Message, 0, SEND, actor=audit.SYSTEM):
        pass
    assert refused.value.code == "gone"


def test_moving_writes_only_the_columns_that_changed():
    row = message()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        move(row)
    updates = [query["sql"] for query in queries if query["sql"].startswith("UPDATE")]
    assert len(updates) == 1
    columns = {part.split('"')[1] for part in updates[0].split(" SET ")[1].split(" WHERE ")[0].split(", ")}
    assert columns == {"status", "sent_at"}


def fail_inside(row: Message) -> None:
    with moving(Message, row.pk, SEND, actor=audit.SYSTEM) as locked:
        locked.sent_at = NOON
        raise RuntimeError


def test_moving_that_fails_inside_leaves_neither_status_nor_audit_row():
    row = message()
    with pytest.raises(RuntimeError):
        fail_inside(row)
    row.refresh_from_db()
    assert (row.status, row.sent_at) == (S.QUEUED, None)
    assert not AuditEntry.objects.exists()


def test_status_is_rolled_back_when_the_audit_row_cannot_be_written(monkeypatch):
    def broken(*_args, **_kwargs):
        raise RuntimeError

    row = message()
    monkeypatch.setattr(audit, "record", broken)
    with pytest.raises(RuntimeError):
        move(row)
    row.refresh_from_db()
    assert row.status == S.QUEUED


def test_moving_reads_the_row_afresh():
    stale = message()
    Message.objects.filter(pk=stale.pk).update(status=S.WITHHELD)
    with pytest.raises(Refused):
        move(stale)


def test_start_inserts_with_its_audit_row(cast):
    row = Message(
        kind="test", channel=Channel.SMS, subject="test:1", heading="标题", text="内容", dedup_key="test:start"
    )
    start(row, S.QUEUED, actor=cast.bureau_staff, action="write_message", clause="[3.5]")
    entry = AuditEntry.objects.get()
    assert Message.objects.get().status == S.QUEUED
    assert (entry.action, entry.user, entry.before, entry.after) == ("write_message", cast.bureau_staff, "", "queued")


def test_lock_returns_the_row():
    row = message()
    assert lock(Message, row.pk) == row


def test_move_all_moves_those_that_may_start_where_they_stand():
    queued, failed, sending = message(), message(S.FAILED), message(S.SENDING)
    aside = Move("test_aside", "搁置", (S.QUEUED, S.FAILED), S.WITHHELD, "[3.5]")
    assert move_all(Message.objects.all(), aside) == 2
    statuses = dict(Message.objects.values_list("pk", "status"))
    assert [statuses[row.pk] for row in (queued, failed, sending)] == [S.WITHHELD, S.WITHHELD, S.SENDING]


def test_move_all_refuses_what_has_a_history():
    with pytest.raises(TypeError, match="history"):
        move_all(User.objects.all(), SEND)
