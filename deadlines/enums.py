from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class ObligationStatus(models.TextChoices):
    OPEN = "open", _("办理中")
    MET = "met", _("已办结")
    VOID = "void", _("已终止")


class Light(models.TextChoices):
    """How an obligation stands today; derived, never stored."""

    ON_TRACK = "on_track", _("正常")
    NEAR = "near", _("临近到期")
    LATE = "late", _("超期")
    MET = "met", _("已办结")
    NONE = "none", _("已终止")


class TimerKind(models.TextChoices):
    """The steps of the ladder, lowest first. [3.7]"""

    TWO_BEFORE = "two_before", _("到期前 2 个工作日")
    ON_DAY = "on_day", _("到期当日")
    ONE_LATE = "one_late", _("超期 1 个工作日")
    THREE_LATE = "three_late", _("超期 3 个工作日")


class TimerStatus(models.TextChoices):
    PENDING = "pending", _("待提醒")
    FIRED = "fired", _("已提醒")
    SUPERSEDED = "superseded", _("不再提醒")


class Cause(models.TextChoices):
    """Why a date is what it is."""

    OPENED = "opened", _("开始计时")
    EXTENDED = "extended", _("延期")
    CALENDAR = "calendar", _("放假安排调整")
    OVERRIDE = "override", _("另有法定时限")
    JOINT = "joint", _("转为联办")
    MOVED = "moved", _("坐诊日期调整")
    RETURNED = "returned", _("退回补办")


# What people call the kinds that the apps above open. A kind that is not listed reads as it is written.
KIND_LABELS: dict[str, Promise] = {
    "triage": _("受理审核"),
    "facts": _("等候企业补充"),
    "verification": _("对接核实"),
    "claim": _("重复预约核实"),
    "question": _("咨询答复"),
    "record": _("签办坐诊记录"),
    "plan": _("制定办理方案"),
    "division": _("分工交办"),
    "feedback": _("反馈办理情况"),
    "committed": _("承诺完成"),
    "objection": _("异议裁定"),
    "extension": _("延期审批"),
    "check": _("反馈审核"),
    "followup": _("回访"),
}


def kind_label(kind: str) -> str:
    return str(KIND_LABELS.get(kind, kind))
