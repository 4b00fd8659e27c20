from django.db import models
from django.utils.translation import gettext_lazy as _


class BookingStatus(models.TextChoices):
    WAITING = "waiting", _("候补中")
    CONTESTED = "contested", _("待核实")
    OFFERED = "offered", _("递补待接受")
    HELD = "held", _("已取号，待提交")
    CONFIRMED = "confirmed", _("预约成功")
    CANCELLED = "cancelled", _("已取消")
    EXPIRED = "expired", _("超时未提交")
    LAPSED = "lapsed", _("候补已结束")
    SITTING_CANCELLED = "sitting_cancelled", _("本期坐诊已取消")


# In the sitting in any way: one for each enterprise.
LIVE = (BookingStatus.WAITING, BookingStatus.OFFERED, BookingStatus.HELD, BookingStatus.CONFIRMED)
# Has a number: one for each number.
HOLDING = (BookingStatus.OFFERED, BookingStatus.HELD, BookingStatus.CONFIRMED)
# Has a number until a moment.
TIMED = (BookingStatus.OFFERED, BookingStatus.HELD)
# The holder may still fill in the form.
FILLING = (BookingStatus.WAITING, BookingStatus.OFFERED, BookingStatus.HELD, BookingStatus.CONTESTED)
# Lost the number by time and may take another.
RAN_OUT = (BookingStatus.EXPIRED, BookingStatus.LAPSED)


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
