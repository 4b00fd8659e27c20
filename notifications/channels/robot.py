"""Group robots of WeCom, DingTalk and Feishu, for staff: one address that takes a text as JSON."""

import base64
import hashlib
import hmac
import http.client
import json
from datetime import timedelta
from typing import Any
from urllib.parse import SplitResult, quote_plus, urlsplit

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from notifications.channels.base import OutcomeUnknown, Outgoing, Refused, TryLater

# What each answers when it was told too much, and how long that lasts.
TOO_MUCH = {
    "wecom": ({45009, 45033}, timedelta(minutes=1)),
    "dingtalk": ({130101, 90030}, timedelta(minutes=10)),
    "feishu": ({9499, 11232}, timedelta(minutes=1)),
}
BUSY = -1  # "system busy", the same with WeCom and DingTalk


def send(outgoing: Outgoing) -> str:
    kind = settings.STAFF_ROBOT
    path, body = _REQUESTS[kind](urlsplit(settings.STAFF_ROBOT_URL), _text_of(outgoing))
    status, answer = _post(urlsplit(settings.STAFF_ROBOT_URL), path, body)
    code = answer.get("errcode", answer.get("code"))
    if status < 300 and code == 0:
        return ""
    reason = f"{status} {code}：{answer.get('errmsg', answer.get('msg', ''))}"
    codes, pause = TOO_MUCH[kind]
    if status == http.HTTPStatus.TOO_MANY_REQUESTS or code in codes or code == BUSY:
        raise TryLater(reason, pause)
    if status >= 500:
        raise OutcomeUnknown(reason)
    raise Refused(reason)


def _text_of(outgoing: Outgoing) -> str:
    return f"{outgoing.heading}\n{outgoing.text}"


def _wecom(address: SplitResult, text: str) -> tuple[str, dict[str, Any]]:
    """Its key stands in the address."""
    return _path(address), {"msgtype": "text", "text": {"content": text}}


def _dingtalk(address: SplitResult, text: str) -> tuple[str, dict[str, Any]]:
    """Signed in the address: HMAC of "milliseconds, newline, secret" under the secret."""
    body = {"msgtype": "text", "text": {"content": text}}
    if not settings.STAFF_ROBOT_SECRET:
        return _path(address), body
    milliseconds = str(int(timezone.now().timestamp() * 1000))
    sign = _mac(settings.STAFF_ROBOT_SECRET, f"{milliseconds}\n{settings.STAFF_ROBOT_SECRET}")
    return f"{_path(address)}&timestamp={milliseconds}&sign={quote_plus(sign)}", body


def _feishu(address: SplitResult, text: str) -> tuple[str, dict[str, Any]]:
    """Signed in the body: HMAC of nothing under "seconds, newline, secret"."""
    body: dict[str, Any] = {"msg_type": "text", "content": {"text": text}}
    if settings.STAFF_ROBOT_SECRET:
        seconds = str(int(timezone.now().timestamp()))
        body |= {"timestamp": seconds, "sign": _mac(f"{seconds}\n{settings.STAFF_ROBOT_SECRET}", "")}
    return _path(address), body


_REQUESTS = {"wecom": _wecom, "dingtalk": _dingtalk, "feishu": _feishu}


def _path(address: SplitResult) -> str:
    return f"{address.path}?{address.query}" if address.query else address.path


def _mac(key: str, message: str) -> str:
    return base64.b64encode(hmac.new(key.encode(), message.encode(), hashlib.sha256).digest()).decode()


def _post(address: SplitResult, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    secure = address.scheme == "https"
    kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
    line = kind(address.hostname or "", address.port, timeout=settings.CHANNEL_TIMEOUT)
    try:
        line.connect()
    except OSError as failure:
        raise TryLater(_("工作群机器人无法连接：%s") % type(failure).__name__) from None
    try:
        data = json.dumps(body, ensure_ascii=False).encode()
        line.request("POST", path, data, {"Content-Type": "application/json; charset=utf-8"})
        answer = line.getresponse()
        return answer.status, json.loads(answer.read() or b"{}")
    except (OSError, http.client.HTTPException, ValueError):
        raise OutcomeUnknown(_("工作群机器人没有答复")) from None
    finally:
        line.close()
