"""What the relay makes of each answer of a channel, and of none. [3.5]"""

from datetime import timedelta

import pytest
from django.db import connection, transaction

from core.models import AuditEntry
from notifications import services
from notifications.enums import Channel, MessageStatus
from notifications.models import Message
from notifications.services import relay
from tests.notifications.conftest import NOW, SUBJECT, make_message, told
from tests.notifications.servers.mail import SILENT, MailServer

pytestmark = [pytest.mark.clause("[3.5]"), pytest.mark.django_db]
S = MessageStatus


def after(message: Message) -> Message:
    message.refresh_from_db()
    return message


def test_enqueue_outside_a_transaction_is_a_mistake(transactional_db: None) -> None:
    assert not connection.in_atomic_block
    with pytest.raises(RuntimeError):
        services.enqueue(
            kind="x", channel=Channel.SMS, recipient="1", subject="x:1", heading="x", text="x", dedup_key="x"
        )


def test_enqueue_twice_with_one_key_is_one_message() -> None:
    told(dedup_key="same")
    told(dedup_key="same", text="另一个")
    assert Message.objects.get().text == "您已预约。"


def test_send_due_accepted_is_sent_once(mail_server: MailServer) -> None:
    message = told()
    assert services.send_due(NOW) == 1
    assert services.send_due(NOW + timedelta(hours=1)) == 0
    assert len(mail_server.accepted) == 1
    sent = after(message)
    assert (sent.status, sent.provider, sent.leased_until) == (S.SENT, "email", None)
    assert sent.receipt_id == mail_server.accepted[0]["Message-ID"]
    assert sent.ask_receipt_at is None


def test_send_due_before_its_time_waits(mail_server: MailServer) -> None:
    told(not_before=NOW + timedelta(hours=1))
    assert services.send_due(NOW) == 0
    assert services.send_due(NOW + timedelta(hours=1)) == 1


def test_send_due_refused_fails_at_once_and_becomes_a_call(mail_server: MailServer) -> None:
    mail_server.answers = {"RCPT": "550 no such user"}
    message = told(phone_fallback="13800000001")
    services.send_due(NOW)
    failed = after(message)
    assert (failed.status, failed.attempts) == (S.FAILED, 1)
    assert "550" in failed.last_error
    assert Message.objects.get(channel=Channel.PHONE).status == S.TO_CALL


def test_send_due_put_off_comes_back_with_growing_pauses(mail_server: MailServer) -> None:
    mail_server.answers = {"RCPT": "450 later"}
    message = told(phone_fallback="13800000001")
    now, pauses = NOW, []
    while after(message).status == S.QUEUED:
        services.send_due(now)
        pauses.append(after(message).not_before - now)
        now = message.not_before
    assert [round(pause.total_seconds() / 60) for pause in pauses[:7]] == [2, 4, 8, 16, 32, 64, 128]
    assert (message.status, message.attempts) == (S.FAILED, 8)
    assert Message.objects.filter(channel=Channel.PHONE).count() == 1


def test_send_due_unconfirmed_is_unknown_and_never_sent_again(mail_server: MailServer) -> None:
    mail_server.mode = SILENT
    message = told(phone_fallback="13800000001")
    services.send_due(NOW)
    mail_server.mode = "ok"
    for hours in range(1, 200, 20):
        services.send_due(NOW + timedelta(hours=hours))
    assert after(message).status == S.UNKNOWN
    assert len(mail_server.accepted) == 1
    assert Message.objects.get(channel=Channel.PHONE).dedup_key == f"{message.dedup_key}:phone"


def test_send_due_after_a_death_before_handing_over_sends(mail_server: MailServer) -> None:
    message = make_message(S.SENDING, channel=Channel.EMAIL, recipient="zhang@example.cn", attempts=1)
    assert services.send_due(NOW) == 1
    assert (after(message).status, message.attempts) == (S.SENT, 2)


def test_send_due_after_a_death_after_handing_over_is_unknown(mail_server: MailServer) -> None:
    message = make_message(
        S.SENDING,
        channel=Channel.EMAIL,
        recipient="zhang@example.cn",
        handed_over_at=NOW,
        phone_fallback="13800000001",
    )
    assert services.send_due(NOW) == 0
    assert after(message).status == S.UNKNOWN
    assert mail_server.accepted == []
    assert Message.objects.filter(channel=Channel.PHONE).count() == 1


def test_send_due_leaves_what_another_worker_holds(mail_server: MailServer) -> None:
    message = make_message(S.SENDING, channel=Channel.EMAIL, leased_until=NOW + timedelta(minutes=1))
    assert services.send_due(NOW) == 0
    assert after(message).status == S.SENDING


def test_send_due_one_that_cannot_be_made_stops_no_other(mail_server: MailServer) -> None:
    broken = make_message(channel=Channel.EMAIL, variables=[["too", "many", "parts"]])
    message = told()
    assert services.send_due(NOW) == 1
    assert (after(broken).status, after(message).status) == (S.QUEUED, S.SENT)


def test_send_due_console_message_needs_no_provider() -> None:
    message = told(channel=Channel.CONSOLE, recipient="bureau")
    assert services.send_due(NOW) == 1
    assert after(message).status == S.SENT


def test_send_due_on_the_embedded_profile_prints_with_the_link(settings, capfd) -> None:
    settings.MESSAGES_TO_TERMINAL = True
    told(channel=Channel.SMS, text="查看 {{ticket}}", link_seed="seed")
    services.send_due(NOW)
    assert f"{settings.PUBLIC_BASE_URL}/b/" in capfd.readouterr().out


def test_withhold_stops_what_became_untrue_and_nothing_else(mail_server: MailServer) -> None:
    untrue = [told(kind="call_notice"), told(kind="call_notice", channel=Channel.PHONE)]
    others = [told(), told(kind="call_notice", subject="appointments.booking:1")]
    with transaction.atomic():
        assert services.withhold(subject=SUBJECT, kinds=["call_notice"], reason="预约已取消") == 2
    services.send_due(NOW)
    assert [after(message).status for message in untrue] == [S.WITHHELD, S.WITHHELD]
    assert [after(message).status for message in others] == [S.SENT, S.SENT]
    assert AuditEntry.objects.filter(action="withhold_message", reason="预约已取消").count() == 2


def test_send_again_of_a_failed_one_is_sent(cast, mail_server: MailServer) -> None:
    message = make_message(S.FAILED, channel=Channel.EMAIL, recipient="zhang@example.cn", attempts=8, sent_at=NOW)
    services.send_again(message_id=message.pk, actor=cast.bureau_staff, now=NOW)
    assert services.send_due(NOW) == 1
    assert (after(message).status, message.attempts) == (S.SENT, 1)


def test_answer_after_the_lease_ran_out_is_sent_and_nobody_phones() -> None:
    message = make_message(S.UNKNOWN)
    call = make_message(S.TO_CALL, dedup_key=f"{message.dedup_key}:phone")
    relay._mark_sent(message.pk, "biz-1", NOW)
    assert (after(message).status, message.receipt_id) == (S.SENT, "biz-1")
    assert after(call).status == S.WITHHELD


def test_lost_lease_hands_nothing_over() -> None:
    """Whoever slept past the lease finds that the row is another's."""
    message = make_message(S.SENDING, leased_until=NOW + timedelta(minutes=2))
    stale = Message(pk=message.pk, leased_until=NOW)
    assert not relay._hand_over(stale, "email", NOW)
    assert relay._hand_over(message, "email", NOW)
