"""What makes a channel unsafe to start with: a half-configured provider, a missing extra. Each says how to mend it."""

from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error

# Provider -> its settings, the package that must be there, and the file that installs it.
SMS = {
    "aliyun": (
        ("ALIYUN_ACCESS_KEY_ID", "ALIYUN_ACCESS_KEY_SECRET"),
        "alibabacloud_dysmsapi20170525",
        "requirements-aliyun.txt",
    ),
    "tencent": (
        ("TENCENT_SECRET_ID", "TENCENT_SECRET_KEY", "TENCENT_SMS_APP_ID"),
        "tencentcloud",
        "requirements-tencent.txt",
    ),
}
SMS_OTHERS = ("", "terminal", "none")
ROBOTS = ("wecom", "dingtalk", "feishu")


def check_sms(**kwargs: Any) -> Iterator[CheckMessage]:
    provider = settings.SMS_PROVIDER
    if provider in SMS_OTHERS:
        return
    if provider not in SMS:
        hint = f"Set SMS_PROVIDER to one of {', '.join([*SMS, *SMS_OTHERS[1:]])}."
        yield Error(f"SMS_PROVIDER is {provider!r}, which is no provider.", hint=hint, id="messages.E001")
        return
    names, package, file = SMS[provider]
    missing = [name for name in names if not getattr(settings, name)]
    if missing:
        hint = f"Set {', '.join(missing)} in the environment, or SMS_PROVIDER=none."
        yield Error(f"SMS_PROVIDER is {provider} without its keys.", hint=hint, id="messages.E002")
    if find_spec(package) is None:
        hint = f"Install it: pip install -c constraints.txt -r {file}"
        yield Error(f"SMS_PROVIDER is {provider}, whose package is not installed.", hint=hint, id="messages.E003")


def check_email(**kwargs: Any) -> Iterator[CheckMessage]:
    if not settings.EMAIL_URL:
        return
    if not settings.EMAIL_URL.startswith("smtp"):
        hint = "Set EMAIL_URL=smtp+tls://user:password@host:587, or smtp+ssl:// for port 465."
        yield Error("EMAIL_URL names no mail server.", hint=hint, id="messages.E004")
    if "@" not in settings.EMAIL_FROM:
        hint = "Set EMAIL_FROM to the address that enterprises see, e.g. EMAIL_FROM=clinic@example.gov.cn."
        yield Error("EMAIL_URL is set, but no sender.", hint=hint, id="messages.E005")


def check_robot(**kwargs: Any) -> Iterator[CheckMessage]:
    if not settings.STAFF_ROBOT:
        return
    if settings.STAFF_ROBOT not in ROBOTS:
        hint = f"Set STAFF_ROBOT to one of {', '.join(ROBOTS)}."
        yield Error(f"STAFF_ROBOT is {settings.STAFF_ROBOT!r}, which is no robot.", hint=hint, id="messages.E006")
    address = urlsplit(settings.STAFF_ROBOT_URL)
    if address.scheme not in ("http", "https") or not address.hostname:
        hint = "Set STAFF_ROBOT_URL to the whole address that the group's settings show for its robot."
        yield Error("STAFF_ROBOT is set without the robot's address.", hint=hint, id="messages.E007")


CHECKS = (check_sms, check_email, check_robot)
