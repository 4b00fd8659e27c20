"""The outbox in the console: recipients masked, links left out, failed messages sent again by a button."""

from uuid import uuid4

import pytest
from django.test import Client

from core.models import User
from notifications.channels import fill
from notifications.enums import Channel, MessageStatus
from notifications.models import Message

pytestmark = pytest.mark.django_db
LIST = "/console/notifications/message/"


@pytest.fixture
def failed(db) -> Message:
    return Message.objects.create(
        kind="ticket", channel=Channel.SMS, recipient="13888888000", subject="appointments.booking:1",
        heading="预约成功通知", text="请查看 {{ticket}} 。", dedup_key="t:1", link_seed=str(uuid4()),
        status=MessageStatus.FAILED, attempts=8, last_error="网关超时",
    )  # fmt: skip


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="departments.backends.RoleBackend")
    return client


def test_pages_mask_the_recipient_and_leave_out_the_link(cast, failed):
    client = signed_in(cast.bureau_staff)
    for path in (LIST, f"{LIST}{failed.pk}/change/"):
        html = client.get(path).content.decode()
        assert "138****8000" in html
        assert "13888888000" not in html
        assert "{{" not in html
    assert "请查看 〔链接〕 。" in html
    assert "发送失败" in html


def test_empty_outbox_says_what_will_appear_there(cast):
    client = signed_in(cast.bureau_staff)
    assert "消息显示在这里" in client.get(LIST).content.decode()
    assert "没有符合条件的记录" in client.get(f"{LIST}?status__exact=sent").content.decode()


def test_button_sends_a_failed_message_again(cast, failed):
    client = signed_in(cast.window_clerk)
    answer = client.post(f"{LIST}{failed.pk}/do/send-again/", follow=True)
    assert "已重新排队发送" in answer.content.decode()
    failed.refresh_from_db()
    assert (failed.status, failed.attempts) == (MessageStatus.QUEUED, 0)


def test_second_press_is_told_that_it_was_done(cast, failed):
    client = signed_in(cast.window_clerk)
    client.post(f"{LIST}{failed.pk}/do/send-again/")
    answer = client.post(f"{LIST}{failed.pk}/do/send-again/", follow=True)
    assert "此前已完成“重新发送”" in answer.content.decode()


def test_inspector_sees_the_outbox_and_sends_nothing(cast, failed):
    client = signed_in(cast.inspector)
    assert "重新发送" not in client.get(f"{LIST}{failed.pk}/change/").content.decode()
    assert client.post(f"{LIST}{failed.pk}/do/send-again/").status_code == 403


@pytest.mark.parametrize("name", ["leader", "system_administrator", "auditor"])
def test_outbox_is_closed_to_others(cast, failed, name):
    assert signed_in(cast[name]).get(LIST).status_code == 403


@pytest.mark.clause("[5.2]")
def test_what_is_told_to_one_member_of_staff_is_for_that_one_alone(cast):
    Message.objects.create(
        kind="pressure_reported", channel=Channel.CONSOLE, recipient=cast.inspector.username,
        subject="appointments.pressurereport:1", heading="收到企业的反映", text="请查看。", dedup_key="p:1",
    )  # fmt: skip
    people = ("inspector", "bureau_staff", "window_clerk")
    seen = {name: "收到企业的反映" in signed_in(cast[name]).get(LIST).content.decode() for name in people}
    assert seen == {"inspector": True, "bureau_staff": False, "window_clerk": False}


def test_what_somebody_typed_never_becomes_another_ones_link(failed, settings):
    failed.text = f"{{{{ticket:{uuid4()}}}}} {{{{ticket}}}}"
    sent = fill(failed)
    assert sent.startswith("{{ticket:")
    assert sent.count("/b/") == 1
