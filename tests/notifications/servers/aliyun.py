"""Aliyun's SMS service as its documentation describes it: SendSms and QuerySendDetails, signed ACS3-HMAC-SHA256."""

import hashlib
import hmac
import json
import re
from typing import Any
from urllib.parse import quote

from tests.notifications.servers.provider import BROKEN, OK, SILENT, Provider, Request

KEY_ID, KEY_SECRET = "test-key-id", "test-key-secret"
AUTHORIZATION = re.compile(r"ACS3-HMAC-SHA256 Credential=([^,]+),SignedHeaders=([^,]+),Signature=([0-9a-f]{64})")
STATES = {"under_way": 1, "not_delivered": 2, "delivered": 3}


def signature(request: Request, signed: str) -> str:
    """Over method, path, sorted query, signed headers and the body's hash."""
    query = "&".join(f"{quote(k, safe='~')}={quote(v, safe='~')}" for k, v in sorted(request.query.items()))
    headers = "".join(f"{name}:{request.headers[name].strip()}\n" for name in signed.split(";"))
    body = hashlib.sha256(request.body).hexdigest()
    canonical = "\n".join([request.method, request.path or "/", query, headers, signed, body])
    to_sign = f"ACS3-HMAC-SHA256\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    return hmac.new(KEY_SECRET.encode(), to_sign.encode(), hashlib.sha256).hexdigest()


class Aliyun(Provider):
    def answer(self, request: Request) -> tuple[int, Any]:
        found = AUTHORIZATION.fullmatch(request.headers.get("authorization", ""))
        if found is None or found[1] != KEY_ID:
            return 404, {"Code": "InvalidAccessKeyId.NotFound", "Message": "Specified access key is not found."}
        if found[3] != signature(request, found[2]):
            return 400, {"Code": "SignatureDoesNotMatch", "Message": "Specified signature does not match."}
        if self.mode == BROKEN:
            return 500, {"Code": "InternalError", "Message": "The request processing has failed."}
        if self.mode == "Throttling.User":
            return 429, {"Code": "Throttling.User", "Message": "Request was denied due to user flow control."}
        if self.mode not in (OK, SILENT):
            return 200, {"Code": self.mode, "Message": "as it was told to answer", "RequestId": "R"}
        return getattr(self, request.headers["x-acs-action"])(request.query)

    def SendSms(self, query: dict[str, str]) -> tuple[int, Any]:
        if not re.fullmatch(r"1\d{10}", query["PhoneNumbers"]):
            return 200, {"Code": "isv.MOBILE_NUMBER_ILLEGAL", "Message": "number", "RequestId": "R"}
        self.accept({**query, "TemplateParam": json.loads(query["TemplateParam"])})
        return 200, {"Code": "OK", "Message": "OK", "RequestId": "R", "BizId": f"biz-{len(self.accepted)}"}

    def QuerySendDetails(self, query: dict[str, str]) -> tuple[int, Any]:
        details = [
            {"OutId": key, "PhoneNum": query["PhoneNumber"], "SendStatus": STATES[fate], "ErrCode": fate.upper()}
            | ({"ReceiveDate": "2026-11-20 09:00:30"} if fate == "delivered" else {})
            for key, fate in self.fates.items()
        ]
        content = {"TotalCount": len(details), "SmsSendDetailDTOs": {"SmsSendDetailDTO": details}}
        return 200, {"Code": "OK", "Message": "OK", "RequestId": "R"} | content
