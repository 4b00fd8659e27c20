"""Tencent Cloud's SMS service as its documentation describes it, signed TC3-HMAC-SHA256."""

import hashlib
import hmac
import re
import time
from typing import Any

from tests.notifications.servers.provider import BROKEN, OK, SILENT, Provider, Request

SECRET_ID, SECRET_KEY, APP_ID = "test-secret-id", "test-secret-key", "1400000000"
AUTHORIZATION = re.compile(
    r"TC3-HMAC-SHA256 Credential=([^/]+)/([\d-]+)/sms/tc3_request, SignedHeaders=([\w;-]+), Signature=([0-9a-f]{64})"
)
STATES = {"not_delivered": "FAIL", "delivered": "SUCCESS"}
# Refusals of the whole request; every other code stands beside the number in an answer of its own.
OF_THE_REQUEST = ("RequestLimitExceeded", "AuthFailure", "InternalError", "UnauthorizedOperation")


def _mac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def signature(request: Request, date: str, signed: str) -> str:
    headers = "".join(f"{name}:{request.headers[name].strip().lower()}\n" for name in signed.split(";"))
    canonical = "\n".join(["POST", "/", "", headers, signed, hashlib.sha256(request.body).hexdigest()])
    scope = f"{date}/sms/tc3_request"
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    to_sign = f"TC3-HMAC-SHA256\n{request.headers['x-tc-timestamp']}\n{scope}\n{digest}"
    key = _mac(_mac(_mac(f"TC3{SECRET_KEY}".encode(), date), "sms"), "tc3_request")
    return hmac.new(key, to_sign.encode(), hashlib.sha256).hexdigest()


def _error(code: str) -> tuple[int, Any]:
    return 200, {"Response": {"Error": {"Code": code, "Message": "as it was told to answer"}, "RequestId": "R"}}


class Tencent(Provider):
    def answer(self, request: Request) -> tuple[int, Any]:
        found = AUTHORIZATION.fullmatch(request.headers.get("authorization", ""))
        if found is None or found[1] != SECRET_ID:
            return _error("AuthFailure.SecretIdNotFound")
        if found[4] != signature(request, found[2], found[3]):
            return _error("AuthFailure.SignatureFailure")
        if abs(time.time() - int(request.headers["x-tc-timestamp"])) > 300:
            return _error("AuthFailure.SignatureExpire")
        if self.mode == BROKEN:
            return 500, {}
        if self.mode.startswith(OF_THE_REQUEST):
            return _error(self.mode)
        return getattr(self, request.headers["x-tc-action"])(request.json)

    def SendSms(self, asked: dict[str, Any]) -> tuple[int, Any]:
        number = asked["PhoneNumberSet"][0]
        code = "Ok" if self.mode in (OK, SILENT) else self.mode
        if not re.fullmatch(r"\+861\d{10}", number):
            code = "InvalidParameterValue.IncorrectPhoneNumber"
        if code == "Ok":
            self.accept(asked)
        serial = f"serial-{len(self.accepted)}" if code == "Ok" else ""
        status = {"SerialNo": serial, "PhoneNumber": number, "Fee": 1, "Code": code, "Message": code}
        status |= {"SessionContext": asked["SessionContext"], "IsoCode": "CN"}
        return 200, {"Response": {"SendStatusSet": [status], "RequestId": "R"}}

    def PullSmsSendStatusByPhoneNumber(self, asked: dict[str, Any]) -> tuple[int, Any]:
        reports = [
            {
                "SerialNo": "serial-1",
                "SessionContext": key,
                "PhoneNumber": asked["PhoneNumber"],
                "ReportStatus": STATES[fate],
                "Description": fate.upper(),
                "UserReceiveTime": 1795136430,
                "CountryCode": "86",
                "SubscriberNumber": asked["PhoneNumber"][3:],
            }
            for key, fate in self.fates.items()
            if fate in STATES
        ]
        return 200, {"Response": {"PullSmsSendStatusSet": reports, "RequestId": "R"}}
