"""E-mail, against a server that speaks SMTP. [3.5]"""

from dataclasses import replace

import pytest

from notifications.channels import email as adapter
from notifications.channels.base import OutcomeUnknown, Refused, TryLater
from tests.notifications.channels.outgoing import OUTGOING
from tests.notifications.servers.mail import DROPS, SILENT, MailServer

pytestmark = pytest.mark.clause("[3.5]")
MAIL = replace(OUTGOING, recipient="zhang@example.cn")


def test_send_accepted_carries_words_and_sender(mail_server: MailServer) -> None:
    adapter.send(MAIL)
    mail = mail_server.accepted[0]
    assert (mail["To"], mail["Subject"]) == ("zhang@example.cn", "预约成功")
    assert "clinic@anning.example.cn" in mail["From"]
    assert mail.get_content().strip() == "您已预约3号。"


def test_send_again_has_the_same_message_id(mail_server: MailServer) -> None:
    first, second = adapter.send(MAIL), adapter.send(MAIL)
    assert first == second
    assert {mail["Message-ID"] for mail in mail_server.accepted} == {first}
    assert adapter.send(replace(MAIL, key="another")) != first


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "text"])
@pytest.mark.parametrize(("reply", "error"), [("550 no", Refused), ("450 later", TryLater)])
def test_send_answered_otherwise(mail_server: MailServer, command: str, reply: str, error: type) -> None:
    mail_server.answers = {command: reply}
    with pytest.raises(error, match=reply[:3]):
        adapter.send(MAIL)
    assert mail_server.accepted == []


def test_send_to_a_busy_server_is_tried_later(mail_server: MailServer) -> None:
    mail_server.answers = {"greeting": "421 busy"}
    with pytest.raises(TryLater, match="421"):
        adapter.send(MAIL)


def test_send_dropped_before_the_text_is_tried_later(mail_server: MailServer) -> None:
    mail_server.mode = DROPS
    with pytest.raises(TryLater):
        adapter.send(MAIL)


def test_send_unconfirmed_after_the_text_is_unknown(mail_server: MailServer) -> None:
    mail_server.mode = SILENT
    with pytest.raises(OutcomeUnknown):
        adapter.send(MAIL)
    assert len(mail_server.accepted) == 1


def test_send_without_a_connection_is_tried_later(mail_server: MailServer, settings) -> None:
    settings.EMAIL_PORT = 9
    with pytest.raises(TryLater):
        adapter.send(MAIL)


def test_send_with_a_line_break_in_the_heading_stays_one_header(mail_server: MailServer) -> None:
    adapter.send(replace(MAIL, heading="预约\r\nBcc: x@example.cn"))
    assert mail_server.accepted[0]["Bcc"] is None
    assert mail_server.accepted[0]["Subject"] == "预约 Bcc: x@example.cn"
