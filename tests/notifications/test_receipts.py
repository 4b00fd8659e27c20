"""What providers say about SMS they took, or may have taken. [3.5]"""

from datetime import timedelta
from itertools import pairwise

import pytest

from notifications import services
from notifications.enums import Channel, MessageStatus
from notifications.models import Message, SmsTemplate
from tests.notifications.conftest import NOW, make_message, told
from tests.notifications.servers.aliyun import Aliyun
from tests.notifications.servers.provider import BROKEN, SILENT
from tests.notifications.servers.tencent import Tencent

pytestmark = [pytest.mark.clause("[3.5]"), pytest.mark.django_db]
S = MessageStatus


def sms(provider: str = "aliyun") -> Message:
    SmsTemplate.objects.create(
        kind="booking_confirmed", provider=provider, text="{{company}}", signature="政务", code="SMS_1", approved=True
    )
    message = told(
        channel=Channel.SMS, recipient="13800000001", variables={"company": "甲"}, phone_fallback="13800000001"
    )
    services.send_due(NOW)
    message.refresh_from_db()
    return message


def asked(message: Message, **later: float) -> Message:
    services.ask_receipts(NOW + timedelta(**later))
    message.refresh_from_db()
    return message


def test_sent_sms_is_asked_for_after_a_minute(aliyun_server: Aliyun) -> None:
    message = sms()
    assert (message.status, message.receipt_id) == (S.SENT, "biz-1")
    aliyun_server.fates[message.dedup_key] = "delivered"
    assert asked(message, seconds=59).status == S.SENT
    assert asked(message, minutes=2).status == S.DELIVERED
    assert message.delivered_at is not None
    assert message.ask_receipt_at is None


def test_tencents_receipt_delivers_too(tencent_server: Tencent) -> None:
    message = sms("tencent")
    tencent_server.fates[message.dedup_key] = "delivered"
    assert asked(message, minutes=2).status == S.DELIVERED


def test_not_delivered_fails_and_becomes_a_call(aliyun_server: Aliyun) -> None:
    message = sms()
    aliyun_server.fates[message.dedup_key] = "not_delivered"
    assert asked(message, minutes=2).status == S.FAILED
    assert message.last_error == "NOT_DELIVERED"
    assert Message.objects.get(channel=Channel.PHONE).status == S.TO_CALL


def test_under_way_is_asked_again_ever_later_and_not_after_three_days(aliyun_server: Aliyun) -> None:
    message = sms()
    aliyun_server.fates[message.dedup_key] = "under_way"
    moments = []
    while message.ask_receipt_at:
        moments.append(message.ask_receipt_at)
        services.ask_receipts(message.ask_receipt_at)
        message.refresh_from_db()
    pauses = [later - earlier for earlier, later in pairwise(moments)]
    assert pauses == sorted(pauses)
    assert 10 <= len(moments) <= 15
    assert moments[-1] <= NOW + timedelta(hours=72, minutes=5)
    assert message.status == S.SENT


@pytest.mark.parametrize("mode", [SILENT, BROKEN, "isv.AMOUNT_NOT_ENOUGH"])
def test_provider_without_an_answer_is_asked_again(aliyun_server: Aliyun, mode: str) -> None:
    message = sms()
    aliyun_server.mode = mode
    assert asked(message, minutes=2).status == S.SENT
    aliyun_server.mode = "ok"
    aliyun_server.fates[message.dedup_key] = "delivered"
    assert asked(message, minutes=10).status == S.DELIVERED


def lost(aliyun: Aliyun) -> Message:
    """Accepted, but the answer never came."""
    aliyun.mode = SILENT
    message = sms()
    aliyun.mode = "ok"
    assert (message.status, message.receipt_id) == (S.UNKNOWN, "")
    assert Message.objects.filter(channel=Channel.PHONE, status=S.TO_CALL).count() == 1
    return message


def test_unknown_that_arrived_is_found_by_its_key_and_nobody_phones(aliyun_server: Aliyun) -> None:
    message = lost(aliyun_server)
    aliyun_server.fates[message.dedup_key] = "delivered"
    assert asked(message, minutes=2).status == S.DELIVERED
    assert Message.objects.get(channel=Channel.PHONE).status == S.WITHHELD
    assert len(aliyun_server.accepted) == 1


def test_unknown_that_is_under_way_is_sent(aliyun_server: Aliyun) -> None:
    message = lost(aliyun_server)
    aliyun_server.fates[message.dedup_key] = "under_way"
    assert asked(message, minutes=2).status == S.SENT
    aliyun_server.fates[message.dedup_key] = "delivered"
    assert asked(message, minutes=10).status == S.DELIVERED


def test_unknown_that_the_provider_never_had_fails_after_an_hour_and_is_not_sent_by_itself(
    aliyun_server: Aliyun,
) -> None:
    message = lost(aliyun_server)
    assert asked(message, minutes=2).status == S.UNKNOWN
    assert asked(message, minutes=61).status == S.FAILED
    services.send_due(NOW + timedelta(days=1))
    assert len(aliyun_server.accepted) == 1


def test_receipt_of_what_a_person_settled_changes_nothing(aliyun_server: Aliyun, cast) -> None:
    message = lost(aliyun_server)
    services.settle_unknown(message_id=message.pk, arrived=False, note="未收到", actor=cast.bureau_staff, now=NOW)
    aliyun_server.fates[message.dedup_key] = "delivered"
    assert asked(message, minutes=2).status == S.FAILED


def test_sweep_reads_what_is_due(django_assert_num_queries) -> None:
    for _row in range(3):
        make_message(S.SENT, provider="aliyun", ask_receipt_at=NOW + timedelta(hours=1))
    with django_assert_num_queries(1):
        assert services.ask_receipts(NOW) == 0
