"""SMS by Tencent Cloud's own SDK (requirements-tencent.txt). The message's key travels as SessionContext."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from tencentcloud.common.credential import Credential
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.sms.v20210111 import models
from tencentcloud.sms.v20210111.sms_client import SmsClient

from notifications.channels.base import Fate, Inquiry, NotTaken, OutcomeUnknown, Outgoing, Refused, Report, TryLater
from notifications.channels.http import broke_before_sending

TAKEN = "Ok"
CHINA = "+86"
# What passes by itself, by the beginning of the code, and how long it takes; everything else is for good.
PASSES = {
    "LimitExceeded.": timedelta(hours=1),
    "RequestLimitExceeded": timedelta(minutes=1),
    "FailedOperation.InsufficientBalanceInSmsPackage": timedelta(hours=1),
    "InternalError.": timedelta(minutes=5),
    "ResourceUnavailable": timedelta(minutes=5),
}
# Nobody knows whether it was taken.
NO_ANSWER = {"ClientNetworkError", "ServerNetworkError", "InternalError.Timeout"}
FATES = {"SUCCESS": Fate.DELIVERED, "FAIL": Fate.NOT_DELIVERED}
LOOK_AHEAD = timedelta(days=3)
PAGE_SIZE = 100


def send(outgoing: Outgoing) -> str:
    """Returns the SerialNo, by which the provider knows it."""
    if not outgoing.template_code:
        raise Refused(_("该类消息没有审核通过的短信模板"))
    request = models.SendSmsRequest()
    request.SmsSdkAppId = settings.TENCENT_SMS_APP_ID
    request.SignName = outgoing.signature
    request.TemplateId = outgoing.template_code
    request.TemplateParamSet = [value for _name, value in outgoing.variables]
    request.PhoneNumberSet = [CHINA + outgoing.recipient]
    request.SessionContext = outgoing.key
    status = _asked(lambda client: client.SendSms(request)).SendStatusSet[0]
    if status.Code != TAKEN:
        raise _judged(str(status.Code), str(status.Message))
    return str(status.SerialNo)


def state_of(inquiry: Inquiry) -> Report:
    """What became of one text, among the reports on that number: by SerialNo, or by SessionContext."""
    request = models.PullSmsSendStatusByPhoneNumberRequest()
    request.SmsSdkAppId = settings.TENCENT_SMS_APP_ID
    request.PhoneNumber = CHINA + inquiry.recipient
    request.BeginTime = int(inquiry.handed_over_at.timestamp())
    request.EndTime = int((inquiry.handed_over_at + LOOK_AHEAD).timestamp())
    request.Offset, request.Limit = 0, PAGE_SIZE
    reports = _asked(lambda client: client.PullSmsSendStatusByPhoneNumber(request)).PullSmsSendStatusSet or []
    for report in reports:
        if report.SerialNo == inquiry.receipt_id or (report.SessionContext or "") == inquiry.key:
            fate = FATES.get(report.ReportStatus, Fate.UNDER_WAY)
            at = datetime.fromtimestamp(report.UserReceiveTime, UTC) if report.UserReceiveTime else None
            return Report(fate, str(report.SerialNo), str(report.Description or ""), at)
    # It reports only what it already knows the fate of: with a number of its own it is under way.
    return Report(Fate.UNDER_WAY if inquiry.receipt_id else Fate.NOT_KNOWN)


def _asked(question: Any) -> Any:
    address = urlsplit(settings.TENCENT_SMS_ENDPOINT)
    http = HttpProfile(protocol=address.scheme, endpoint=address.netloc, reqTimeout=settings.CHANNEL_TIMEOUT)
    profile = ClientProfile(signMethod="TC3-HMAC-SHA256", httpProfile=http)
    # Trying elsewhere after a silence could send a message twice.
    profile.disable_region_breaker = True
    keys = Credential(settings.TENCENT_SECRET_ID, settings.TENCENT_SECRET_KEY)
    try:
        return question(SmsClient(keys, settings.TENCENT_SMS_REGION, profile))
    except TencentCloudSDKException as failure:
        raise _judged_error(failure) from None


def _judged_error(failure: TencentCloudSDKException) -> NotTaken | OutcomeUnknown:
    if failure.code in NO_ANSWER:
        if broke_before_sending(failure):
            return TryLater(_("腾讯云短信无法连接"))
        return OutcomeUnknown(_("腾讯云短信没有答复"))
    return _judged(str(failure.code), str(failure.message))


def _judged(code: str, reason: str) -> NotTaken:
    pause = next((pause for begins, pause in PASSES.items() if code.startswith(begins)), None)
    return TryLater(f"{code}：{reason}", pause) if pause else Refused(f"{code}：{reason}")
