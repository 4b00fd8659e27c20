"""One message as a channel gets it."""

from notifications.channels.base import Outgoing

OUTGOING = Outgoing(
    key="booking:412:booking_confirmed:1:sms",
    recipient="13800000001",
    heading="预约成功",
    text="您已预约3号。",
    template_code="SMS_1",
    signature="安宁政务",
    variables=(("number", "3"), ("title", "第23期")),
)
