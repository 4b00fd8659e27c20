"""SMS by Aliyun's own SDK (requirements-aliyun.txt). The message's key travels as OutId."""

import json
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from alibabacloud_dysmsapi20170525 import models
from alibabacloud_dysmsapi20170525.client import Client
from alibabacloud_tea_openapi.exceptions import AlibabaCloudException
from alibabacloud_tea_openapi.utils_models import Config
from darabonba.exceptions import UnretryableException
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from notifications.channels.base import Fate, Inquiry, NotTaken, OutcomeUnknown, Outgoing, Refused, Report, TryLater
from notifications.channels.http import broke_before_sending

TAKEN = "OK"
# What passes by itself, and how long it takes; everything else that is not OK is for good.
PASSES = {
    "isv.BUSINESS_LIMIT_CONTROL": timedelta(hours=1),
    "isv.DAY_LIMIT_CONTROL": timedelta(hours=6),
    "isv.MONTH_LIMIT_CONTROL": timedelta(hours=6),
    "isv.AMOUNT_NOT_ENOUGH": timedelta(hours=1),
    "isp.SYSTEM_ERROR": timedelta(minutes=5),
    "isp.GATEWAY_ERROR": timedelta(minutes=5),
}
THROTTLED = "Throttling"
# The provider's numbers for what became of it.
FATES = {1: Fate.UNDER_WAY, 2: Fate.NOT_DELIVERED, 3: Fate.DELIVERED}
# Texts to one number on one day that are looked through for one without a receipt.
PAGE_SIZE = 50


def send(outgoing: Outgoing) -> str:
    """Returns the BizId, by which the provider knows it."""
    if not outgoing.template_code:
        raise Refused(_("该类消息没有审核通过的短信模板"))
    request = models.SendSmsRequest(
        phone_numbers=outgoing.recipient,
        sign_name=outgoing.signature,
        template_code=outgoing.template_code,
        template_param=json.dumps(dict(outgoing.variables), ensure_ascii=False),
        out_id=outgoing.key,
    )
    body = _asked(lambda client: client.send_sms(request)).body
    if body.code != TAKEN:
        raise _judged(str(body.code), str(body.message))
    return str(body.biz_id)


def state_of(inquiry: Inquiry) -> Report:
    """What became of one text: by its BizId, or among the day's texts to that number by OutId."""
    request = models.QuerySendDetailsRequest(
        phone_number=inquiry.recipient,
        biz_id=inquiry.receipt_id or None,
        send_date=f"{timezone.localtime(inquiry.handed_over_at):%Y%m%d}",
        page_size=PAGE_SIZE,
        current_page=1,
    )
    body = _asked(lambda client: client.query_send_details(request)).body
    if body.code != TAKEN:
        raise _judged(str(body.code), str(body.message))
    details = (body.sms_send_detail_dtos and body.sms_send_detail_dtos.sms_send_detail_dto) or []
    found = next((detail for detail in details if detail.out_id == inquiry.key), None)
    if found is None:
        return Report(Fate.NOT_KNOWN)
    fate = FATES.get(int(found.send_status), Fate.UNDER_WAY)
    return Report(fate, inquiry.receipt_id, str(found.err_code or ""), _moment(found.receive_date))


def _asked(question: Any) -> Any:
    address = urlsplit(settings.ALIYUN_SMS_ENDPOINT)
    milliseconds = int(settings.CHANNEL_TIMEOUT * 1000)
    config = Config(
        access_key_id=settings.ALIYUN_ACCESS_KEY_ID,
        access_key_secret=settings.ALIYUN_ACCESS_KEY_SECRET,
        endpoint=address.netloc,
        protocol=address.scheme,
        connect_timeout=milliseconds,
        read_timeout=milliseconds,
    )
    try:
        return question(Client(config))
    except AlibabaCloudException as refusal:
        raise _judged_error(refusal) from None
    except UnretryableException as failure:
        cause = failure.inner_exception
        if broke_before_sending(cause):
            raise TryLater(_("阿里云短信无法连接")) from None
        raise OutcomeUnknown(_("阿里云短信没有答复")) from None


def _judged_error(refusal: AlibabaCloudException) -> NotTaken | OutcomeUnknown:
    code, reason = str(refusal.code), f"{refusal.code}：{refusal.message}"
    if code.startswith(THROTTLED):
        wait = refusal.retry_after
        return TryLater(reason, timedelta(milliseconds=wait) if wait else None)
    # An error of the server's own may come after it took the message.
    return OutcomeUnknown(reason) if refusal.status_code and refusal.status_code >= 500 else _judged(code, reason)


def _judged(code: str, reason: str) -> NotTaken:
    if code in PASSES:
        return TryLater(f"{code}：{reason}", PASSES[code])
    return Refused(f"{code}：{reason}")


def _moment(text: str | None) -> datetime | None:
    """The provider's clock is Anning's."""
    return timezone.make_aware(datetime.fromisoformat(text)) if text else None
