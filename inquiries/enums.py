from django.db import models
from django.utils.translation import gettext_lazy as _


class InquiryStatus(models.TextChoices):
    OPEN = "open", _("待答复")
    ANSWERED = "answered", _("已答复")
    POINTED_ON = "pointed_on", _("已指引")
    BOOKED = "booked", _("已帮办预约")
    WITHDRAWN = "withdrawn", _("已撤回")


# The asker may come back to it, and it is open again.
CAN_REOPEN = (InquiryStatus.ANSWERED, InquiryStatus.POINTED_ON)


class Source(models.TextChoices):
    SITE = "site", _("网上提问")
    WINDOW = "window", _("窗口登记")
    PHONE = "phone", _("来电登记")


class EntryKind(models.TextChoices):
    ADDITION = "addition", _("补充")
    FOLLOW_UP = "follow_up", _("追问")
    ANSWER = "answer", _("答复")
    POINTER = "pointer", _("指引")
    CORRECTION = "correction", _("更正")


# What the window or a department said; the rest is the asker's.
REPLIES = (EntryKind.ANSWER, EntryKind.POINTER, EntryKind.CORRECTION)
