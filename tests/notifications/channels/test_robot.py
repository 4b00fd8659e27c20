"""Group robots for staff, against a server that speaks as the three of them do."""

import pytest

from notifications.channels import robot as adapter
from notifications.channels.base import OutcomeUnknown, Refused, TryLater
from tests.notifications.channels.outgoing import OUTGOING
from tests.notifications.servers.provider import BROKEN, SILENT
from tests.notifications.servers.robots import PATHS, Robots

KINDS = pytest.mark.parametrize("kind", PATHS)


def aim(settings, server: Robots, kind: str) -> None:
    settings.STAFF_ROBOT, settings.STAFF_ROBOT_URL = kind, f"{server.address}{PATHS[kind]}"


@KINDS
def test_send_accepted(robot_server: Robots, settings, kind: str) -> None:
    aim(settings, robot_server, kind)
    assert adapter.send(OUTGOING) == ""
    assert robot_server.accepted == [{"kind": kind, "text": "预约成功\n您已预约3号。"}]


@KINDS
def test_send_with_a_wrong_key_is_refused(robot_server: Robots, settings, kind: str) -> None:
    aim(settings, robot_server, kind)
    settings.STAFF_ROBOT_SECRET = "another"
    if kind == "wecom":
        settings.STAFF_ROBOT_URL = settings.STAFF_ROBOT_URL.replace("key=test", "key=wrong")
    with pytest.raises(Refused):
        adapter.send(OUTGOING)
    assert robot_server.accepted == []


@pytest.mark.parametrize("kind", ["dingtalk", "feishu"])
def test_send_without_the_secret_is_refused(robot_server: Robots, settings, kind: str) -> None:
    aim(settings, robot_server, kind)
    settings.STAFF_ROBOT_SECRET = ""
    with pytest.raises(Refused):
        adapter.send(OUTGOING)


@KINDS
def test_send_too_often_waits(robot_server: Robots, settings, kind: str) -> None:
    aim(settings, robot_server, kind)
    robot_server.mode = "too often"
    with pytest.raises(TryLater) as later:
        adapter.send(OUTGOING)
    assert later.value.pause == adapter.TOO_MUCH[kind][1]


@KINDS
@pytest.mark.parametrize("mode", [SILENT, BROKEN])
def test_send_without_an_answer_is_unknown(robot_server: Robots, settings, kind: str, mode: str) -> None:
    aim(settings, robot_server, kind)
    robot_server.mode = mode
    with pytest.raises(OutcomeUnknown):
        adapter.send(OUTGOING)


@KINDS
def test_send_without_a_connection_is_tried_later(settings, kind: str) -> None:
    settings.STAFF_ROBOT, settings.STAFF_ROBOT_URL = kind, f"http://127.0.0.1:9{PATHS[kind]}"
    with pytest.raises(TryLater):
        adapter.send(OUTGOING)
