from django.db import models
from django.utils.translation import gettext_lazy as _


class BookingStatus(models.TextChoices):
    WAITING = "waiting", _("候补中")
    CONTESTED = "contested", _("待核实")
    OFFERED = "offered", _("递补待接受")
    HELD = "held", _("已取号，待提交")
    CONFIRMED = "confirmed", _("预约成功")
    RETURNED = "returned", _("待补充")
    ACCEPTED = "accepted", _("已受理")
    REFUSED = "refused", _("不予受理")
    SOLVED = "solved", _("对接中已解决")
    ATTENDED = "attended", _("已接诊")
    ABSENT = "absent", _("未到场")
    NOT_SEEN = "not_seen", _("本期未接诊")
    CANCELLED = "cancelled", _("已取消")
    EXPIRED = "expired", _("超时未提交")
    LAPSED = "lapsed", _("候补已结束")
    SITTING_CANCELLED = "sitting_cancelled", _("本期坐诊已取消")


# Submitted, and the bureau has still to decide.
UNDECIDED = (BookingStatus.CONFIRMED, BookingStatus.RETURNED)
# Submitted, and still expected at the sitting.
EXPECTED = (*UNDECIDED, BookingStatus.ACCEPTED)
# The number was used, or kept free in vain.
SPENT = (BookingStatus.ATTENDED, BookingStatus.ABSENT)
# The bureau has decided about it.
DECIDED = (BookingStatus.ACCEPTED, BookingStatus.REFUSED, BookingStatus.SOLVED, *SPENT)
# Has a number until a moment.
TIMED = (BookingStatus.OFFERED, BookingStatus.HELD)
# Has a number: one for each number.
HOLDING = (*TIMED, *EXPECTED, *SPENT)
# In the sitting in any way: one for each enterprise.
LIVE = (BookingStatus.WAITING, *HOLDING)
# Still ahead of its consultation: hears of every change of the sitting.
COMING = (BookingStatus.WAITING, *TIMED, *EXPECTED)
# The holder may still fill in the form.
FILLING = (BookingStatus.WAITING, BookingStatus.OFFERED, BookingStatus.HELD, BookingStatus.CONTESTED)
# Lost its consultation for no fault of its own: may come first in the next sitting.
LOST = (BookingStatus.SITTING_CANCELLED, BookingStatus.NOT_SEEN)
# Lost the number by time and may take another.
RAN_OUT = (BookingStatus.EXPIRED, BookingStatus.LAPSED)
# Submitted at some time: what the lists and the departments see of it.
SUBMITTED = (*EXPECTED, *SPENT, BookingStatus.SOLVED, BookingStatus.NOT_SEEN)


class VerificationStatus(models.TextChoices):
    OPEN = "open", _("待核实")
    DONE = "done", _("已核实")
    LEFT_OUT = "left_out", _("已调出")
    VOID = "void", _("不再需要")


# Has to do with the booking, or had when it ended.
INVOLVED = (VerificationStatus.OPEN, VerificationStatus.DONE, VerificationStatus.VOID)


class ContactWay(models.TextChoices):
    PHONE = "phone", _("电话")
    VISIT = "visit", _("上门")
    MEETING = "meeting", _("来访")
    ONLINE = "online", _("线上")


class QueueStatus(models.TextChoices):
    """Where who has come stands on the day. [3.6]"""

    WAITING = "waiting", _("候诊中")
    CALLED = "called", _("已叫号")
    CONSULTING = "consulting", _("接诊中")
    DONE = "done", _("已接诊")
    ABSENT = "absent", _("未到")


# Called at least once.
ONCE_CALLED = (QueueStatus.CALLED, QueueStatus.CONSULTING, QueueStatus.DONE)
# Has sat down with the directors.
ONCE_STARTED = (QueueStatus.CONSULTING, QueueStatus.DONE)


class EnterpriseKind(models.TextChoices):
    OPERATING = "operating", _("在安宁生产经营的企业")
    INVESTING = "investing", _("拟在安宁投资的企业")


class RepresentativeRole(models.TextChoices):
    LEGAL = "legal", _("法定代表人")
    CONTROLLER = "controller", _("实际控制人")
    DELEGATE = "delegate", _("委托指定代表人")


class DemandKind(models.TextChoices):
    POLICY = "policy", _("政策咨询")
    SERVICE = "service", _("服务需求")
    SUGGESTION = "suggestion", _("意见建议")
    COMPLAINT = "complaint", _("投诉")


class Elsewhere(models.TextChoices):
    NO = "no", _("没有")
    HOTLINE = "12345", _("12345 热线")
    PETITION = "petition", _("信访")
    PLATFORM = "platform", _("政府其他投诉平台")
    COURT = "court", _("诉讼、仲裁")
    REVIEW = "review", _("行政复议")
    POLICE = "police", _("公安机关")
    SUPERVISION = "supervision", _("监察机关")


class NoticeChannel(models.TextChoices):
    SMS = "sms", _("短信")
    EMAIL = "email", _("邮件")
    PHONE = "phone", _("电话")


class Origin(models.TextChoices):
    WEB = "web", _("扫码预约")
    DESK = "desk", _("窗口帮办")
    CARRIED = "carried", _("上期取消顺延")


class ChoiceKind(models.TextChoices):
    AREA = "area", _("诉求领域")
    DISTRICT = "district", _("街道/园区")
    INDUSTRY = "industry", _("行业")


# The kinds of the call notice: the first, and one for another place than was told. [3.5]
CALL_NOTICES = ("call_notice", "call_notice_again")


class Reach(models.TextChoices):
    """Whether the enterprise knows when and where to come. [3.5]"""

    NOT_TOLD = "not_told", _("待告知")
    ON_ITS_WAY = "on_its_way", _("发送中")
    REACHED = "reached", _("已告知")
    TO_CALL = "to_call", _("待电话告知")
    NOT_REACHED = "not_reached", _("未送达")


class SearchPart(models.TextChoices):
    """What is searched of a booking, by who may read it: the demand, and whose it is."""

    DEMAND = "demand", _("诉求")
    COMPANY = "company", _("企业")
