"""Messages as tests need them, and each provider on this machine with the settings that lead to it."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from django.db import transaction

from notifications.enums import OUT, Channel, MessageStatus
from notifications.models import Message
from notifications.services import enqueue
from tests.factories import moment
from tests.notifications.servers import aliyun, mail, robots, tencent
from tests.notifications.servers.provider import running

NOW = moment("2026-11-20 09:00")
SUBJECT = "appointments.booking:412"
_serial = count(1)


def make_message(status: str = MessageStatus.QUEUED, **columns: Any) -> Message:
    """A row of any status, past the verbs."""
    channel = Channel.PHONE if status == MessageStatus.TO_CALL else Channel.SMS
    defaults: dict[str, Any] = {
        "kind": "booking_confirmed",
        "channel": channel,
        "recipient": "13800000001",
        "subject": SUBJECT,
        "heading": "预约成功",
        "text": "您已预约。",
        "dedup_key": f"test:{next(_serial)}",
        "not_before": NOW,
        "created_at": NOW,
    }
    if status in OUT:
        defaults["sent_at"] = NOW
    if status == MessageStatus.DELIVERED:
        defaults["delivered_at"] = NOW
    if status == MessageStatus.SENDING:
        defaults["leased_until"] = NOW - timedelta(seconds=1)
    return Message.objects.create(status=status, **(defaults | columns))


def told(**options: Any) -> Message:
    """A message that came into the outbox by the verb."""
    key = f"test:{next(_serial)}"
    values: dict[str, Any] = {
        "kind": "booking_confirmed",
        "channel": Channel.EMAIL,
        "recipient": "zhang@example.cn",
        "subject": SUBJECT,
        "heading": "预约成功",
        "text": "您已预约。",
        "dedup_key": key,
        "not_before": NOW,
    } | options
    with transaction.atomic():
        enqueue(**values)
    return Message.objects.get(dedup_key=values["dedup_key"])


@pytest.fixture(autouse=True)
def impatient(settings) -> None:
    settings.CHANNEL_TIMEOUT = 0.5


@pytest.fixture
def aliyun_server(settings) -> Iterator[aliyun.Aliyun]:
    with running(aliyun.Aliyun()) as server:
        settings.SMS_PROVIDER = "aliyun"
        settings.ALIYUN_SMS_ENDPOINT = server.address
        settings.ALIYUN_ACCESS_KEY_ID, settings.ALIYUN_ACCESS_KEY_SECRET = aliyun.KEY_ID, aliyun.KEY_SECRET
        yield server


@pytest.fixture
def tencent_server(settings) -> Iterator[tencent.Tencent]:
    with running(tencent.Tencent()) as server:
        settings.SMS_PROVIDER = "tencent"
        settings.TENCENT_SMS_ENDPOINT = server.address
        settings.TENCENT_SECRET_ID, settings.TENCENT_SECRET_KEY = tencent.SECRET_ID, tencent.SECRET_KEY
        settings.TENCENT_SMS_APP_ID = tencent.APP_ID
        yield server


@pytest.fixture
def robot_server(settings) -> Iterator[robots.Robots]:
    with running(robots.Robots()) as server:
        settings.STAFF_ROBOT_SECRET = robots.SECRET
        yield server


@pytest.fixture
def mail_server(settings) -> Iterator[mail.MailServer]:
    with mail.running() as server:
        settings.EMAIL_URL, settings.EMAIL_FROM = "smtp://local", "局长坐诊接诉 <clinic@anning.example.cn>"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        yield server
