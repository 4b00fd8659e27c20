"""Workers and brokers are killed; nothing is lost, nothing is sent twice, everything is caught up. [3.5]"""

import os
import shutil
import signal
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from notifications.enums import Channel, MessageStatus
from notifications.models import Message, SmsTemplate
from tests.notifications.servers.aliyun import Aliyun
from tests.notifications.servers.provider import OK, SILENT, running
from tests.prove.workers import RECEIPTS, Broker, FolderBroker, RedisBroker, wait_for, worker

pytestmark = [pytest.mark.prove, pytest.mark.django_db(transaction=True), pytest.mark.clause("[3.5]")]
S = MessageStatus


@pytest.fixture
def provider(transactional_db: None) -> Iterator[Aliyun]:
    with running(Aliyun()) as server:
        yield server


@pytest.fixture(params=["redis", "folder"])
def broker(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Broker]:
    if request.param == "redis" and shutil.which("redis-server") is None:
        pytest.skip("no redis-server on this machine")
    made: Broker = RedisBroker(tmp_path) if request.param == "redis" else FolderBroker(tmp_path)
    made.restart()
    yield made
    made.kill()


@pytest.fixture
def marker(tmp_path: Path) -> Path:
    return tmp_path / "die-once"


def queue(count: int, *, days_ago: int = 0) -> None:
    template = SmsTemplate.objects.get_or_create(
        kind="booking_confirmed", provider="aliyun", code="SMS_1", defaults={"text": "{{title}}", "approved": True}
    )[0]
    Message.objects.bulk_create(
        Message(
            kind=template.kind,
            channel=Channel.SMS,
            recipient=f"1380000{serial:04d}",
            subject=f"appointments.booking:{serial}",
            heading="预约成功",
            text="预约成功",
            template_code=template.code,
            signature="安宁政务",
            variables=[["title", "第23期"]],
            phone_fallback=f"1380000{serial:04d}",
            dedup_key=f"prove:{days_ago}:{serial}",
            not_before=timezone.now() - timedelta(days=days_ago, seconds=1),
        )
        for serial in range(count)
    )


def statuses() -> dict[str, int]:
    return dict(Counter(Message.objects.filter(channel=Channel.SMS).values_list("status", flat=True)))


def taken(provider: Aliyun) -> Counter[str]:
    """How often the provider took each message, by its key."""
    return Counter(sent["OutId"] for sent in provider.accepted)


def later() -> None:
    """The lease of who died has run out: two minutes have passed."""
    Message.objects.filter(status=S.SENDING).update(leased_until=timezone.now() - timedelta(seconds=1))


def test_worker_killed_between_claim_and_send_loses_nothing(broker: Broker, provider: Aliyun, marker: Path) -> None:
    queue(3)
    marker.touch()
    with worker(broker, provider.address, marker) as dying:
        broker.hint()
        assert dying.wait(30) == -signal.SIGKILL
    assert statuses() == {S.SENDING: 1, S.QUEUED: 2}
    assert not provider.accepted
    with worker(broker, provider.address, marker):
        broker.hint()
        wait_for(lambda: statuses() == {S.SENDING: 1, S.SENT: 2})
        later()
        broker.hint()
        wait_for(lambda: statuses() == {S.SENT: 3})
    assert set(taken(provider).values()) == {1}
    assert len(taken(provider)) == 3


def test_worker_killed_between_send_and_mark_sends_nothing_twice(
    broker: Broker, provider: Aliyun, marker: Path
) -> None:
    queue(3)
    provider.mode = SILENT
    with worker(broker, provider.address, marker) as dying:
        broker.hint()
        wait_for(lambda: len(provider.accepted) == 1)
        os.kill(dying.pid, signal.SIGKILL)
        dying.wait()
    provider.mode = OK
    with worker(broker, provider.address, marker):
        later()
        broker.hint()
        wait_for(lambda: statuses() == {S.UNKNOWN: 1, S.SENT: 2})
        broker.hint()
        # A person is to phone, until the provider says that it arrived.
        unknown = Message.objects.get(status=S.UNKNOWN)
        assert Message.objects.get(channel=Channel.PHONE).dedup_key == f"{unknown.dedup_key}:phone"
        provider.fates = {unknown.dedup_key: "delivered"}
        Message.objects.filter(pk=unknown.pk).update(ask_receipt_at=timezone.now())
        broker.hint(RECEIPTS)
        wait_for(lambda: statuses() == {S.DELIVERED: 1, S.SENT: 2})
    assert Message.objects.get(channel=Channel.PHONE).status == S.WITHHELD
    assert set(taken(provider).values()) == {1}
    assert len(taken(provider)) == 3


def test_broker_killed_with_its_hints_is_caught_up_by_the_next_one(
    broker: Broker, provider: Aliyun, marker: Path
) -> None:
    queue(3)
    broker.hint()
    broker.kill()
    broker.restart()
    with worker(broker, provider.address, marker):
        broker.hint()
        wait_for(lambda: statuses() == {S.SENT: 3})
        queue(2, days_ago=1)
        broker.kill()
        broker.restart()
        # Whoever asks again finds the worker back on its feet; how long that takes is the worker's affair.
        wait_for(lambda: bool(broker.hint()) or statuses() == {S.SENT: 5}, seconds=60)
    assert set(taken(provider).values()) == {1}
    assert len(taken(provider)) == 5


def test_job_run_twice_at_once_sends_once(broker: Broker, provider: Aliyun, marker: Path) -> None:
    queue(30)
    with worker(broker, provider.address, marker), worker(broker, provider.address, marker):
        for _time in range(6):
            broker.hint()
        wait_for(lambda: statuses() == {S.SENT: 30}, seconds=60)
    assert set(taken(provider).values()) == {1}
    assert len(taken(provider)) == 30


def test_a_week_without_jobs_is_caught_up_by_beat_alone(broker: Broker, provider: Aliyun, marker: Path) -> None:
    """A week's messages, no worker, no hint. Then everything starts as it does every day."""
    for days_ago in range(7, -1, -1):
        queue(4, days_ago=days_ago)
    with worker(broker, provider.address, marker, beat=True):
        wait_for(lambda: statuses() == {S.SENT: 32}, seconds=60)
    assert set(taken(provider).values()) == {1}
    first = [int(sent["OutId"].split(":")[1]) for sent in provider.accepted]
    assert first == sorted(first, reverse=True), "the oldest first"
