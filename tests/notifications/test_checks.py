"""A half-configured provider stops the start, and the check says how to mend it."""

from typing import Any

import pytest
from django.core.checks import run_checks

OF_ALIYUN = {"SMS_PROVIDER": "aliyun", "ALIYUN_ACCESS_KEY_ID": "k", "ALIYUN_ACCESS_KEY_SECRET": "s"}


def found() -> dict[str, str]:
    return {message.id: str(message.hint) for message in run_checks() if str(message.id).startswith("messages.")}


@pytest.mark.parametrize(
    ("values", "code", "remedy"),
    [
        ({"SMS_PROVIDER": "pigeon"}, "messages.E001", "SMS_PROVIDER to one of aliyun, tencent"),
        ({"SMS_PROVIDER": "aliyun", "ALIYUN_ACCESS_KEY_ID": "k"}, "messages.E002", "ALIYUN_ACCESS_KEY_SECRET"),
        ({"SMS_PROVIDER": "tencent"}, "messages.E002", "TENCENT_SMS_APP_ID"),
        ({"EMAIL_URL": "imap://x", "EMAIL_FROM": "a@example.cn"}, "messages.E004", "smtp+tls://"),
        ({"EMAIL_URL": "smtp://x"}, "messages.E005", "EMAIL_FROM"),
        ({"STAFF_ROBOT": "parrot", "STAFF_ROBOT_URL": "https://x/y"}, "messages.E006", "wecom, dingtalk, feishu"),
        ({"STAFF_ROBOT": "wecom"}, "messages.E007", "STAFF_ROBOT_URL"),
    ],
)
def test_half_configured_stops_the_start_with_a_remedy(
    settings, values: dict[str, Any], code: str, remedy: str
) -> None:
    for name, value in values.items():
        setattr(settings, name, value)
    assert list(found()) == [code]
    assert remedy in found()[code]


def test_missing_package_names_the_file_that_installs_it(settings, monkeypatch) -> None:
    for name, value in OF_ALIYUN.items():
        setattr(settings, name, value)
    monkeypatch.setattr("notifications.checks.find_spec", lambda name: None)
    assert found() == {"messages.E003": "Install it: pip install -c constraints.txt -r requirements-aliyun.txt"}


@pytest.mark.parametrize("provider", ["", "none", "terminal"])
def test_no_provider_is_fine(settings, provider: str) -> None:
    settings.SMS_PROVIDER = provider
    assert found() == {}


def test_whole_configuration_is_fine(settings) -> None:
    values = OF_ALIYUN | {"EMAIL_URL": "smtp://x", "EMAIL_FROM": "a@example.cn"}
    values |= {"STAFF_ROBOT": "feishu", "STAFF_ROBOT_URL": "https://open.feishu.cn/open-apis/bot/v2/hook/x"}
    for name, value in values.items():
        setattr(settings, name, value)
    assert found() == {}
