"""SMS by Tencent Cloud, against a server that speaks its protocol. [3.5]"""

from dataclasses import replace
from datetime import timedelta

import pytest

from notifications.channels import sms_tencent as adapter
from notifications.channels.base import Fate, Inquiry, OutcomeUnknown, Refused, TryLater
from tests.factories import moment
from tests.notifications.channels.outgoing import OUTGOING
from tests.notifications.servers.provider import BROKEN, SILENT
from tests.notifications.servers.tencent import APP_ID, Tencent

pytestmark = pytest.mark.clause("[3.5]")
INQUIRY = Inquiry(OUTGOING.key, OUTGOING.recipient, "serial-1", moment("2026-11-20 09:00"))


def test_send_accepted_returns_the_providers_number(tencent_server: Tencent) -> None:
    assert adapter.send(OUTGOING) == "serial-1"
    sent = tencent_server.accepted[0]
    assert sent["PhoneNumberSet"] == ["+8613800000001"]
    assert (sent["SmsSdkAppId"], sent["SignName"], sent["TemplateId"]) == (APP_ID, "安宁政务", "SMS_1")
    assert sent["TemplateParamSet"] == ["3", "第23期"]
    assert sent["SessionContext"] == OUTGOING.key


@pytest.mark.parametrize(
    "code",
    [
        "FailedOperation.TemplateIncorrectOrUnapproved",
        "FailedOperation.SignatureIncorrectOrUnapproved",
        "UnauthorizedOperation.SmsSdkAppIdVerifyFail",
    ],
)
def test_send_refused_is_for_good(tencent_server: Tencent, code: str) -> None:
    tencent_server.mode = code
    with pytest.raises(Refused, match=code):
        adapter.send(OUTGOING)


def test_send_to_a_bad_number_is_refused(tencent_server: Tencent) -> None:
    with pytest.raises(Refused, match="IncorrectPhoneNumber"):
        adapter.send(replace(OUTGOING, recipient="12"))


def test_send_without_an_approved_template_asks_nobody(tencent_server: Tencent) -> None:
    with pytest.raises(Refused):
        adapter.send(replace(OUTGOING, template_code=""))
    assert tencent_server.accepted == []


def test_send_with_a_wrong_signature_is_refused(tencent_server: Tencent, settings) -> None:
    settings.TENCENT_SECRET_KEY = "another"
    with pytest.raises(Refused, match="SignatureFailure"):
        adapter.send(OUTGOING)
    assert tencent_server.accepted == []


@pytest.mark.parametrize(
    ("code", "pause"),
    [
        ("LimitExceeded.PhoneNumberOneHourLimit", timedelta(hours=1)),
        ("RequestLimitExceeded", timedelta(minutes=1)),
    ],
)
def test_send_too_often_waits(tencent_server: Tencent, code: str, pause: timedelta) -> None:
    tencent_server.mode = code
    with pytest.raises(TryLater) as later:
        adapter.send(OUTGOING)
    assert later.value.pause == pause


@pytest.mark.parametrize("mode", [SILENT, BROKEN, "InternalError.Timeout"])
def test_send_without_an_answer_is_unknown(tencent_server: Tencent, mode: str) -> None:
    tencent_server.mode = mode
    with pytest.raises(OutcomeUnknown):
        adapter.send(OUTGOING)


def test_send_accepted_and_silent_was_taken_once(tencent_server: Tencent) -> None:
    tencent_server.mode = SILENT
    with pytest.raises(OutcomeUnknown):
        adapter.send(OUTGOING)
    assert len(tencent_server.accepted) == 1


def test_send_without_a_connection_is_tried_later(tencent_server: Tencent, settings) -> None:
    settings.TENCENT_SMS_ENDPOINT = "http://127.0.0.1:9"
    with pytest.raises(TryLater):
        adapter.send(OUTGOING)


@pytest.mark.parametrize("fate", ["delivered", "not_delivered", "under_way"])
def test_state_of_says_what_became_of_it(tencent_server: Tencent, fate: str) -> None:
    tencent_server.fates = {OUTGOING.key: fate}
    assert adapter.state_of(INQUIRY).fate == Fate(fate)


def test_state_of_one_without_a_number_is_found_by_its_key(tencent_server: Tencent) -> None:
    tencent_server.fates = {OUTGOING.key: "delivered"}
    report = adapter.state_of(replace(INQUIRY, receipt_id=""))
    assert (report.fate, report.receipt_id) == (Fate.DELIVERED, "serial-1")


def test_state_of_a_message_the_provider_never_had(tencent_server: Tencent) -> None:
    assert adapter.state_of(replace(INQUIRY, receipt_id="")).fate == Fate.NOT_KNOWN
