"""Who received the enterprise, department by department, and the hands that signed. [3.6]"""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultations.enums import Side
from consultations.models.record import Consultation
from core.history import HistoricalRecords
from departments.models import Department


class Attendance(models.Model):
    """A sitting department's people at one consultation: 主要负责人, 分管负责人, 科室长. [3.6]"""

    consultation = models.ForeignKey(
        Consultation, on_delete=models.RESTRICT, related_name="attendances", verbose_name=_("坐诊记录")
    )
    department = models.ForeignKey(Department, on_delete=models.RESTRICT, related_name="+", verbose_name=_("坐诊部门"))
    is_lead = models.BooleanField(_("牵头"), default=False)
    # Name and title together, as the announcement prints them.
    principal = models.CharField(_("主要负责人"), max_length=100, blank=True)
    principal_came = models.BooleanField(_("主要负责人到场"), default=False)
    absence = models.CharField(_("缺席说明"), max_length=200, blank=True)
    deputies = models.CharField(_("分管负责人"), max_length=200, blank=True)
    sections = models.CharField(_("科室长"), max_length=200, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("坐诊部门到场")
        verbose_name_plural = _("坐诊部门到场")
        ordering = ["consultation", "-is_lead", "department__position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["consultation", "department"], name="a_department_once_in_a_record"),
        ]

    def __str__(self) -> str:
        return f"{self.consultation_id} {self.department}"


def signature_path(signature: "Signature", filename: str) -> str:
    return f"signatures/{uuid.uuid4().hex}"


class Signature(models.Model):
    """A hand on the tablet, optional: a picture known by its content. Signed anew, it is another picture. [3.6]"""

    consultation = models.ForeignKey(
        Consultation, on_delete=models.RESTRICT, related_name="signatures", verbose_name=_("坐诊记录")
    )
    side = models.CharField(_("签字方"), max_length=10, choices=Side)
    image = models.FileField(_("签名"), upload_to=signature_path)
    # What the versions name it by: a picture that was swapped on the disk shows.
    digest = models.CharField(max_length=64, editable=False)
    made_at = models.DateTimeField(_("签名时间"), default=timezone.now)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name=_("经办人")
    )

    history = HistoricalRecords(excluded_fields=["image"])

    class Meta:
        verbose_name = _("手写签名")
        verbose_name_plural = _("手写签名")
        ordering = ["consultation", "side"]
        constraints = [
            models.UniqueConstraint(fields=["consultation", "side"], name="each_side_signs_a_record_once"),
        ]

    def __str__(self) -> str:
        return f"{self.consultation_id} {self.get_side_display()}"
