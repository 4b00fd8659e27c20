from django.db import models
from django.utils.translation import gettext_lazy as _


class SittingStatus(models.TextChoices):
    PLANNED = "planned", _("已列入日程")
    PUBLISHED = "published", _("已发布")
    CANCELLED = "cancelled", _("已取消")


class SessionKind(models.TextChoices):
    MAIN = "main", _("主场")
    SPECIAL = "special", _("专场")
    EXTRA = "extra", _("加诊")


class SittingPhase(models.TextChoices):
    """Where a sitting stands for the public at a moment; derived, never stored."""

    PLANNED = "planned", _("待发布")
    UPCOMING = "upcoming", _("即将开放预约")
    OPEN = "open", _("预约中")
    FULL = "full", _("已约满")
    CLOSED = "closed", _("预约已截止")
    OVER = "over", _("已结束")
    CANCELLED = "cancelled", _("已取消")
