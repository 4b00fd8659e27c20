"""The group robots of WeCom, DingTalk and Feishu, as their documentation describes them."""

import base64
import hashlib
import hmac
import time
from typing import Any

from tests.notifications.servers.provider import BROKEN, OK, SILENT, Provider, Request

SECRET = "SECtest"
PATHS = {
    "wecom": "/cgi-bin/webhook/send?key=test",
    "dingtalk": "/robot/send?access_token=test",
    "feishu": "/open-apis/bot/v2/hook/test",
}
TOO_OFTEN = {"wecom": 45009, "dingtalk": 130101, "feishu": 11232}


def _mac(key: str, text: str) -> str:
    return base64.b64encode(hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()).decode()


class Robots(Provider):
    def answer(self, request: Request) -> tuple[int, Any]:
        if self.mode == BROKEN:
            return 502, {}
        kind = next(kind for kind, path in PATHS.items() if request.path == path.partition("?")[0])
        return 200, getattr(self, kind)(request)

    def wecom(self, request: Request) -> dict[str, Any]:
        if request.query.get("key") != "test":
            return {"errcode": 93000, "errmsg": "invalid webhook url"}
        return self._judged("wecom", request.json["text"]["content"])

    def dingtalk(self, request: Request) -> dict[str, Any]:
        milliseconds = request.query.get("timestamp", "0")
        fresh = abs(time.time() * 1000 - int(milliseconds)) < 3600 * 1000
        if not fresh or request.query.get("sign") != _mac(SECRET, f"{milliseconds}\n{SECRET}"):
            return {"errcode": 310000, "errmsg": "sign not match"}
        return self._judged("dingtalk", request.json["text"]["content"])

    def feishu(self, request: Request) -> dict[str, Any]:
        body = request.json
        seconds = body.get("timestamp", "0")
        fresh = abs(time.time() - int(seconds)) < 3600
        if not fresh or body.get("sign") != _mac(f"{seconds}\n{SECRET}", ""):
            return {"code": 19021, "msg": "sign match fail or timestamp is not within one hour from current time"}
        answer = self._judged("feishu", body["content"]["text"])
        return {"code": answer["errcode"], "msg": answer["errmsg"], "data": {}}

    def _judged(self, kind: str, text: str) -> dict[str, Any]:
        if self.mode not in (OK, SILENT):
            return {"errcode": TOO_OFTEN[kind], "errmsg": "too often"}
        self.accept({"kind": kind, "text": text})
        return {"errcode": 0, "errmsg": "ok"}
