"""The keys to what devices keep of drafts while the line is down. [3.6]"""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultations.models.record import Consultation
from core import secrets


class DraftKey(models.Model):
    """One person's key to one record's draft on whatever device they type on. With the row the draft there is gone.

    No history: a key that could be found again would not be dropped.
    """

    consultation = models.ForeignKey(
        Consultation, on_delete=models.RESTRICT, related_name="draft_keys", verbose_name=_("坐诊记录")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("填写人")
    )
    seed = models.CharField(max_length=43, default=secrets.new_seed, editable=False)
    made_at = models.DateTimeField(_("生成时间"), default=timezone.now, db_index=True)

    class Meta:
        verbose_name = _("草稿密钥")
        verbose_name_plural = _("草稿密钥")
        ordering = ["consultation", "person"]
        constraints = [
            models.UniqueConstraint(fields=["consultation", "person"], name="one_draft_key_for_each_person"),
        ]

    def __str__(self) -> str:
        return f"{self.consultation_id} {self.person_id}"

    @property
    def key(self) -> str:
        return secrets.draft_key(self.seed)
