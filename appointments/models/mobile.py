"""Codes that prove a mobile is in the hand of who books. [3.3]"""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class MobileCode(models.Model):
    """One code sent to one mobile. The code itself stands nowhere: it is derived from the seed when it is needed."""

    mobile = models.CharField(_("手机"), max_length=11)
    seed = models.UUIDField(default=uuid.uuid4, editable=False)
    asked_at = models.DateTimeField(_("发送时间"), default=timezone.now)
    expires_at = models.DateTimeField(_("失效时间"))
    tries = models.PositiveSmallIntegerField(_("输错次数"), default=0)
    used_at = models.DateTimeField(_("使用时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("手机验证码")
        verbose_name_plural = _("手机验证码")
        ordering = ["-pk"]
        indexes = [
            # Read when a code is asked for or typed: the latest ones of a mobile.
            models.Index(fields=["mobile", "asked_at"], name="mobile_code_latest"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"
