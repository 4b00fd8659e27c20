"""What a visitor says about the site itself."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Feedback(models.Model):
    content = models.TextField(_("意见内容"), max_length=1000)
    contact = models.CharField(_("联系方式"), max_length=100, blank=True)
    sent_at = models.DateTimeField(_("提交时间"), default=timezone.now)
    handled_note = models.CharField(_("处理情况"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("意见反馈")
        verbose_name_plural = _("意见反馈")
        ordering = ["-sent_at"]

    def __str__(self) -> str:
        return self.content[:30]
