"""SMS by Aliyun, against a server that speaks its protocol. [3.5]"""

from dataclasses import replace
from datetime import timedelta

import pytest

from notifications.channels import sms_aliyun as adapter
from notifications.channels.base import Fate, Inquiry, OutcomeUnknown, Refused, TryLater
from tests.factories import moment
from tests.notifications.channels.outgoing import OUTGOING
from tests.notifications.servers.aliyun import Aliyun
from tests.notifications.servers.provider import BROKEN, SILENT

pytestmark = pytest.mark.clause("[3.5]")
INQUIRY = Inquiry(OUTGOING.key, OUTGOING.recipient, "biz-1", moment("2026-11-20 09:00"))


def test_send_accepted_returns_the_providers_number(aliyun_server: Aliyun) -> None:
    assert adapter.send(OUTGOING) == "biz-1"
    sent = aliyun_server.accepted[0]
    assert (sent["PhoneNumbers"], sent["SignName"], sent["TemplateCode"]) == ("13800000001", "安宁政务", "SMS_1")
    assert sent["TemplateParam"] == {"number": "3", "title": "第23期"}
    assert sent["OutId"] == OUTGOING.key


@pytest.mark.parametrize(
    "code", ["isv.SMS_TEMPLATE_ILLEGAL", "isv.SMS_SIGNATURE_ILLEGAL", "isv.MOBILE_NUMBER_ILLEGAL", "isv.ANYTHING_ELSE"]
)
def test_send_refused_is_for_good(aliyun_server: Aliyun, code: str) -> None:
    aliyun_server.mode = code
    with pytest.raises(Refused, match=code):
        adapter.send(OUTGOING)


def test_send_without_an_approved_template_asks_nobody(aliyun_server: Aliyun) -> None:
    with pytest.raises(Refused):
        adapter.send(replace(OUTGOING, template_code=""))
    assert aliyun_server.accepted == []


def test_send_to_a_bad_number_is_refused(aliyun_server: Aliyun) -> None:
    with pytest.raises(Refused, match=r"isv\.MOBILE_NUMBER_ILLEGAL"):
        adapter.send(replace(OUTGOING, recipient="12"))


def test_send_with_a_wrong_signature_is_refused(aliyun_server: Aliyun, settings) -> None:
    settings.ALIYUN_ACCESS_KEY_SECRET = "another"
    with pytest.raises(Refused, match="SignatureDoesNotMatch"):
        adapter.send(OUTGOING)
    assert aliyun_server.accepted == []


def test_send_too_often_to_one_number_waits_an_hour(aliyun_server: Aliyun) -> None:
    aliyun_server.mode = "isv.BUSINESS_LIMIT_CONTROL"
    with pytest.raises(TryLater) as later:
        adapter.send(OUTGOING)
    assert later.value.pause == timedelta(hours=1)


def test_send_throttled_waits_as_long_as_the_provider_says(aliyun_server: Aliyun) -> None:
    aliyun_server.mode = "Throttling.User"
    with pytest.raises(TryLater) as later:
        adapter.send(OUTGOING)
    assert later.value.pause == timedelta(seconds=7)


@pytest.mark.parametrize("mode", [SILENT, BROKEN])
def test_send_without_an_answer_is_unknown(aliyun_server: Aliyun, mode: str) -> None:
    aliyun_server.mode = mode
    with pytest.raises(OutcomeUnknown):
        adapter.send(OUTGOING)


def test_send_accepted_and_silent_was_taken_once(aliyun_server: Aliyun) -> None:
    """The package must not try again by itself."""
    aliyun_server.mode = SILENT
    with pytest.raises(OutcomeUnknown):
        adapter.send(OUTGOING)
    assert len(aliyun_server.accepted) == 1


def test_send_without_a_connection_is_tried_later(settings, aliyun_server: Aliyun) -> None:
    settings.ALIYUN_SMS_ENDPOINT = "http://127.0.0.1:9"
    with pytest.raises(TryLater):
        adapter.send(OUTGOING)


@pytest.mark.parametrize("fate", ["delivered", "not_delivered", "under_way"])
def test_state_of_says_what_became_of_it(aliyun_server: Aliyun, fate: str) -> None:
    aliyun_server.fates = {"another": "delivered", OUTGOING.key: fate}
    report = adapter.state_of(INQUIRY)
    assert report.fate == Fate(fate)
    assert report.at == (moment("2026-11-20 09:00:30") if fate == "delivered" else None)


def test_state_of_a_message_the_provider_never_had(aliyun_server: Aliyun) -> None:
    assert adapter.state_of(replace(INQUIRY, receipt_id="")).fate == Fate.NOT_KNOWN
